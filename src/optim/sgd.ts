import type { UpdateKernel } from "./engine.js";
import { Optimizer, type GroupOptions, type OptimizedParameters, type ParameterGroup } from "./optimizer.js";
import type { FloatArray, ParameterState } from "./parameter-state.js";

/** What {@link SGD} can be told, for all parameters or a group of them. */
export interface SGDOptions extends GroupOptions {
  /** Part of the last step that the next one keeps, μ; 0 by default. */
  momentum: number;
  /** Part of the gradient that momentum leaves out, τ; 0 by default. */
  dampening: number;
  /** Looks ahead along the momentum; false by default. */
  nesterov: boolean;
}

/**
 * Stochastic gradient descent, with momentum if wanted. For a parameter θ with gradient ∇:
 *
 *     g = ∇ + weightDecay · θ
 *     v ← g in the first step, then v ← μ v + (1 − τ) g
 *     θ ← θ − lr · (g if μ = 0;  v with momentum;  g + μ v with nesterov)
 *
 * Defaults: momentum 0, dampening 0, weightDecay 0, nesterov false. `lr` has none.
 *
 * @throws RangeError if an option is negative, or nesterov goes without momentum or with dampening.
 * @see Robbins & Monro (1951), A stochastic approximation method; Polyak (1964), Some methods of speeding up the
 * convergence of iteration methods; Sutskever, Martens, Dahl & Hinton (2013), On the importance of initialization and
 * momentum in deep learning.
 * @example
 * const x = tensor(3, { requiresGrad: true });
 * const optimizer = new SGD([x], { lr: 0.25 });
 * x.mul(x).backward();
 * optimizer.step();
 * x.item() // 1.5
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(
    params: OptimizedParameters<SGDOptions>,
    options: Partial<SGDOptions> & Pick<SGDOptions, "lr">,
  ) {
    super(params, { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, ...options });
  }

  protected override checkOptions(options: SGDOptions): void {
    super.checkOptions(options);
    const { momentum, dampening, nesterov } = options;
    this.requireFromZero({ momentum });
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(
        `SGD: nesterov with momentum ${momentum} and dampening ${dampening}. ` +
          `Nesterov's step needs a momentum above 0 and no dampening.`,
      );
    }
  }

  /** @internal Its step as a kernel of the engine, and what that is told. */
  /** @internal Its step as a kernel of the engine, and what that is told. */
  protected override kernel(
    state: ParameterState,
    { lr, momentum, dampening, nesterov, weightDecay }: ParameterGroup<SGDOptions>,
  ): UpdateKernel {
    if (momentum === 0) return { name: "sgd", values: [lr, weightDecay] };
    const first = state.has("momentum") ? 0 : 1;
    const velocity = state.storage("momentum");
    const values = [velocity, lr, momentum, dampening, nesterov ? 1 : 0, first, weightDecay];
    return { name: "sgdMomentum", values };
  }

  protected override update(
    param: FloatArray,
    gradient: FloatArray,
    state: ParameterState,
    { lr, momentum, dampening, nesterov, weightDecay }: ParameterGroup<SGDOptions>,
  ): void {
    if (momentum === 0) {
      for (let i = 0; i < param.length; i++) param[i] -= lr * (gradient[i] + weightDecay * param[i]);
      return;
    }
    const first = !state.has("momentum");
    const velocity = state.buffer("momentum");
    for (let i = 0; i < param.length; i++) {
      const g = gradient[i] + weightDecay * param[i];
      velocity[i] = first ? g : momentum * velocity[i] + (1 - dampening) * g;
      param[i] -= lr * (nesterov ? g + momentum * velocity[i] : velocity[i]);
    }
  }
}

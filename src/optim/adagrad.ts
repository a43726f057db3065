import type { UpdateKernel } from "./engine.js";
import { Optimizer, type GroupOptions, type OptimizedParameters, type ParameterGroup } from "./optimizer.js";
import type { FloatArray, ParameterState } from "./parameter-state.js";

/** What {@link Adagrad} can be told, for all parameters or a group of them. */
export interface AdagradOptions extends GroupOptions {
  /** How fast the learning rate falls with the number of steps; 0 by default. */
  lrDecay: number;
  /** What the sum of squares starts from; 0 by default. */
  initialAccumulatorValue: number;
  /** Keeps the denominator from 0; 1e-10 by default. */
  eps: number;
}

/**
 * Adagrad: each element's step shrinks with the squares of all its gradients so far. For a parameter θ with
 * gradient ∇, in its step t = 1, 2, …:
 *
 *     g = ∇ + weightDecay · θ
 *     s ← s + g²
 *     θ ← θ − lr / (1 + (t − 1) lrDecay) · g / (√s + eps)
 *
 * Defaults: lr 0.01, lrDecay 0, weightDecay 0, initialAccumulatorValue 0, eps 1e-10.
 *
 * @throws RangeError if an option is negative.
 * @see Duchi, Hazan & Singer (2011), Adaptive subgradient methods for online learning and stochastic optimization.
 * @example
 * const x = tensor([3, -300], { requiresGrad: true });
 * const optimizer = new Adagrad([x], { lr: 0.5 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * x.toArray() // [2.5, -299.5]
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(params: OptimizedParameters<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(params, {
      lr: 0.01,
      lrDecay: 0,
      weightDecay: 0,
      initialAccumulatorValue: 0,
      eps: 1e-10,
      ...options,
    });
  }

  protected override checkOptions(options: AdagradOptions): void {
    super.checkOptions(options);
    const { lrDecay, initialAccumulatorValue, eps } = options;
    this.requireFromZero({ lrDecay, initialAccumulatorValue, eps });
  }

  /** @internal Its step as a kernel of the engine, and what that is told. */
  /** @internal Its step as a kernel of the engine, and what that is told. */
  protected override kernel(
    state: ParameterState,
    { lr, lrDecay, initialAccumulatorValue, eps, weightDecay }: ParameterGroup<AdagradOptions>,
  ): UpdateKernel {
    const sum = state.storage("sum", initialAccumulatorValue);
    const rate = lr / (1 + (state.step - 1) * lrDecay);
    return { name: "adagrad", values: [sum, rate, eps, weightDecay] };
  }

  protected override update(
    param: FloatArray,
    gradient: FloatArray,
    state: ParameterState,
    { lr, lrDecay, initialAccumulatorValue, eps, weightDecay }: ParameterGroup<AdagradOptions>,
  ): void {
    const sum = state.buffer("sum", initialAccumulatorValue);
    const rate = lr / (1 + (state.step - 1) * lrDecay);
    for (let i = 0; i < param.length; i++) {
      const g = gradient[i] + weightDecay * param[i];
      sum[i] += g * g;
      param[i] -= (rate * g) / (Math.sqrt(sum[i]) + eps);
    }
  }
}

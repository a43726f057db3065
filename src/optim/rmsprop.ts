import type { UpdateKernel } from "./engine.js";
import { Optimizer, type GroupOptions, type OptimizedParameters, type ParameterGroup } from "./optimizer.js";
import type { FloatArray, ParameterState } from "./parameter-state.js";

/** What {@link RMSProp} can be told, for all parameters or a group of them. */
export interface RMSPropOptions extends GroupOptions {
  /** How much of its past the running mean of squares keeps, α; 0.99 by default. */
  alpha: number;
  /** Keeps the denominator from 0; 1e-8 by default. */
  eps: number;
  /** Part of the last step that the next one keeps, μ; 0 by default. */
  momentum: number;
  /** Divides by the standard deviation instead of the root mean square; false by default. */
  centered: boolean;
}

/**
 * RMSProp: steps are divided by a running root mean square of the gradients. For a parameter θ with gradient ∇:
 *
 *     g = ∇ + weightDecay · θ
 *     s ← α s + (1 − α) g²
 *     m ← α m + (1 − α) g         (centered only)
 *     d = g / (√s + eps), or g / (√(s − m²) + eps) if centered
 *     θ ← θ − lr · d;  with momentum: v ← μ v + d, θ ← θ − lr · v
 *
 * Defaults: lr 0.01, alpha 0.99, eps 1e-8, weightDecay 0, momentum 0, centered false.
 *
 * @throws RangeError if an option is negative.
 * @see Tieleman & Hinton (2012), Neural networks for machine learning, lecture 6.5; centered: Graves (2013),
 * Generating sequences with recurrent neural networks.
 * @example
 * const x = tensor([3, -300], { requiresGrad: true, dtype: "float64" });
 * const optimizer = new RMSProp([x], { lr: 0.01, eps: 0 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * x.toArray() // [2.9, -299.9]
 */
export class RMSProp extends Optimizer<RMSPropOptions> {
  constructor(params: OptimizedParameters<RMSPropOptions>, options: Partial<RMSPropOptions> = {}) {
    super(params, {
      lr: 0.01,
      alpha: 0.99,
      eps: 1e-8,
      weightDecay: 0,
      momentum: 0,
      centered: false,
      ...options,
    });
  }

  protected override checkOptions(options: RMSPropOptions): void {
    super.checkOptions(options);
    const { alpha, eps, momentum } = options;
    this.requireFromZero({ alpha, eps, momentum });
  }

  /** @internal Its step as a kernel of the engine, and what that is told. */
  /** @internal Its step as a kernel of the engine, and what that is told. */
  protected override kernel(
    state: ParameterState,
    { lr, alpha, eps, momentum, centered, weightDecay }: ParameterGroup<RMSPropOptions>,
  ): UpdateKernel {
    const square = state.storage("squareAverage");
    const mean = centered ? state.storage("gradientAverage") : null;
    const velocity = momentum > 0 ? state.storage("momentum") : null;
    return { name: "rmsprop", values: [square, mean, velocity, lr, alpha, eps, momentum, weightDecay] };
  }

  protected override update(
    param: FloatArray,
    gradient: FloatArray,
    state: ParameterState,
    { lr, alpha, eps, momentum, centered, weightDecay }: ParameterGroup<RMSPropOptions>,
  ): void {
    const square = state.buffer("squareAverage");
    const mean = centered ? state.buffer("gradientAverage") : null;
    const velocity = momentum > 0 ? state.buffer("momentum") : null;
    for (let i = 0; i < param.length; i++) {
      const g = gradient[i] + weightDecay * param[i];
      square[i] = alpha * square[i] + (1 - alpha) * g * g;
      let spread = square[i];
      if (mean) {
        mean[i] = alpha * mean[i] + (1 - alpha) * g;
        spread -= mean[i] * mean[i];
      }
      const d = g / (Math.sqrt(spread) + eps);
      if (velocity) velocity[i] = momentum * velocity[i] + d;
      param[i] -= lr * (velocity ? velocity[i] : d);
    }
  }
}

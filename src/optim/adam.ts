import type { UpdateKernel } from "./engine.js";
import { Optimizer, type GroupOptions, type OptimizedParameters, type ParameterGroup } from "./optimizer.js";
import type { FloatArray, ParameterState } from "./parameter-state.js";

/** What {@link Adam} and {@link AdamW} can be told, for all parameters or a group of them. */
export interface AdamOptions extends GroupOptions {
  /** How much of their past the running means of gradients and of squares keep, β₁ and β₂; [0.9, 0.999] by default. */
  betas: readonly [number, number];
  /** Keeps the denominator from 0; 1e-8 by default. */
  eps: number;
  /** Divides by the largest mean of squares so far, so that steps never grow again; false by default. */
  amsgrad: boolean;
}

const defaults: AdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false };

/**
 * Adam: momentum, divided by a running root mean square, both corrected for starting from 0. For a parameter θ with
 * gradient ∇, in its step t = 1, 2, …:
 *
 *     g = ∇ + weightDecay · θ
 *     m ← β₁ m + (1 − β₁) g,     m̂ = m / (1 − β₁ᵗ)
 *     v ← β₂ v + (1 − β₂) g²,    v̂ = v / (1 − β₂ᵗ);  with amsgrad the largest v so far in place of v
 *     θ ← θ − lr · m̂ / (√v̂ + eps)
 *
 * Defaults: lr 0.001, betas [0.9, 0.999], eps 1e-8, weightDecay 0, amsgrad false.
 *
 * @throws RangeError if an option is negative, or a beta not below 1.
 * @see Kingma & Ba (2015), Adam: a method for stochastic optimization; amsgrad: Reddi, Kale & Kumar (2018), On the
 * convergence of Adam and beyond.
 * @example
 * const x = tensor([3, -300], { requiresGrad: true, dtype: "float64" });
 * const optimizer = new Adam([x], { lr: 0.1, eps: 0 });
 * x.mul(x).sum().backward();
 * optimizer.step();
 * x.toArray() // [2.9, -299.9]
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(params: OptimizedParameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override checkOptions(options: AdamOptions): void {
    super.checkOptions(options);
    const { betas, eps } = options;
    this.requireFromZero({ eps });
    this.requireBelowOne({ "betas[0]": betas[0], "betas[1]": betas[1] });
  }

  /** @internal Its step as a kernel of the engine, and what that is told. */
  /** @internal Its step as a kernel of the engine, and what that is told. */
  protected override kernel(
    state: ParameterState,
    { lr, betas: [beta1, beta2], eps, weightDecay, amsgrad }: ParameterGroup<AdamOptions>,
    kept = 1,
  ): UpdateKernel {
    const buffers = [state.storage("mean"), state.storage("square")];
    const largest = amsgrad ? state.storage("largestSquare") : null;
    const rate = lr / (1 - beta1 ** state.step);
    const correction = Math.sqrt(1 - beta2 ** state.step);
    const values = [...buffers, largest, rate, beta1, beta2, correction, eps, weightDecay, kept];
    return { name: "adam", values };
  }

  protected override update(
    param: FloatArray,
    gradient: FloatArray,
    state: ParameterState,
    { lr, betas: [beta1, beta2], eps, weightDecay, amsgrad }: ParameterGroup<AdamOptions>,
  ): void {
    const mean = state.buffer("mean");
    const square = state.buffer("square");
    const largest = amsgrad ? state.buffer("largestSquare") : null;
    const rate = lr / (1 - beta1 ** state.step);
    const correction = Math.sqrt(1 - beta2 ** state.step);
    for (let i = 0; i < param.length; i++) {
      const g = gradient[i] + weightDecay * param[i];
      mean[i] = beta1 * mean[i] + (1 - beta1) * g;
      square[i] = beta2 * square[i] + (1 - beta2) * g * g;
      if (largest) largest[i] = Math.max(largest[i], square[i]);
      const rootMeanSquare = Math.sqrt(largest ? largest[i] : square[i]) / correction;
      param[i] -= (rate * mean[i]) / (rootMeanSquare + eps);
    }
  }
}

/**
 * Adam with *decoupled* weight decay: parameters shrink by `θ ← θ − lr · weightDecay · θ` before the step, and the decay
 * does not enter the running means, so that it is not divided by them.
 *
 * Defaults: as {@link Adam}, but weightDecay 0.01.
 *
 * @throws RangeError if an option is negative, or a beta not below 1.
 * @see Loshchilov & Hutter (2019), Decoupled weight decay regularization.
 * @example
 * const x = tensor(3, { requiresGrad: true, dtype: "float64" });
 * const optimizer = new AdamW([x], { lr: 0.1, weightDecay: 0.5 });
 * x.mul(0).backward();
 * optimizer.step();
 * x.item() // 2.85
 */
export class AdamW extends Adam {
  constructor(params: OptimizedParameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, { weightDecay: 0.01, ...options });
  }

  /** @internal Its step as a kernel of the engine, and what that is told. */
  /** @internal Its step as a kernel of the engine, and what that is told. */
  protected override kernel(state: ParameterState, options: ParameterGroup<AdamOptions>): UpdateKernel {
    return super.kernel(state, { ...options, weightDecay: 0 }, 1 - options.lr * options.weightDecay);
  }

  protected override update(
    param: FloatArray,
    gradient: FloatArray,
    state: ParameterState,
    options: ParameterGroup<AdamOptions>,
  ): void {
    const kept = 1 - options.lr * options.weightDecay;
    for (let i = 0; i < param.length; i++) param[i] *= kept;
    super.update(param, gradient, state, { ...options, weightDecay: 0 });
  }
}

import type { Pointer } from "../kernels.js";

/** One step of an optimizer in one pass over a parameter's elements, by the formulas of `src/optim`. */
export interface OptimizerKernels {
  /** SGD without momentum. */
  sgd(param: Pointer, gradient: Pointer, lr: number, weightDecay: number, from: number, to: number): void;
  /** SGD with momentum; `first` is 1 in the first step, where the velocity is the gradient, and `nesterov` 1 or 0. */
  sgdMomentum(
    param: Pointer,
    gradient: Pointer,
    velocity: Pointer,
    lr: number,
    momentum: number,
    dampening: number,
    nesterov: number,
    first: number,
    weightDecay: number,
    from: number,
    to: number,
  ): void;
  /** `rate` = lr / (1 + (t − 1) lrDecay). */
  adagrad(
    param: Pointer,
    gradient: Pointer,
    sum: Pointer,
    rate: number,
    eps: number,
    weightDecay: number,
    from: number,
    to: number,
  ): void;
  /** `mean` is 0 if not centered, `velocity` 0 without momentum. */
  rmsprop(
    param: Pointer,
    gradient: Pointer,
    square: Pointer,
    mean: Pointer,
    velocity: Pointer,
    lr: number,
    alpha: number,
    eps: number,
    momentum: number,
    weightDecay: number,
    from: number,
    to: number,
  ): void;
  /**
   * Adam and AdamW. `largest` is 0 without amsgrad; `rate` = lr / (1 − β₁ᵗ), `correction` = √(1 − β₂ᵗ). For AdamW, `kept` is
   * 1 − lr · weightDecay and `weightDecay` 0; for Adam `kept` is 1.
   */
  adam(
    param: Pointer,
    gradient: Pointer,
    mean: Pointer,
    square: Pointer,
    largest: Pointer,
    rate: number,
    beta1: number,
    beta2: number,
    correction: number,
    eps: number,
    weightDecay: number,
    kept: number,
    from: number,
    to: number,
  ): void;
}

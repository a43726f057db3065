import type { Reduce } from "./reduce.js";
import type { Pointer } from "../kernels.js";

/** From `g` and the result `out`, both `[outer, count, inner]`, the gradient `dx`. The range is over `outer · inner` lines. */
export type AlongBackward = (
  g: Pointer,
  out: Pointer,
  dx: Pointer,
  count: number,
  inner: number,
  from: number,
  to: number,
) => void;

/** Softmax along the middle axis of `[outer, count, inner]`; ranges are over the `outer · inner` lines. `out` may be `x`. */
export interface SoftmaxKernels {
  /** eˣ / Σ eˣ. */
  readonly softmax: Reduce;
  /** x − ln Σ eˣ. */
  readonly logSoftmax: Reduce;
  /** y (g − Σ g y), from y = softmax(x). `dx` may be `g`. */
  readonly softmaxBackward: AlongBackward;
  /** g − eʸ Σ g, from y = logSoftmax(x). `dx` may be `g`. */
  readonly logSoftmaxBackward: AlongBackward;
  /**
   * Cross-entropy of logits `x [outer, classes, inner]` with int32 `labels [outer, inner]`, and its gradient:
   * `losses [outer, inner]` takes ln Σ eˣ − x[label], `dx` takes scale · (softmax(x) − 1 at the label). Both are 0 where the
   * label is `ignoreIndex`; all other labels must be classes. `losses` or `dx` may be 0, if not wanted, or `dx` be `x`.
   * The range is over the `outer · inner` labels.
   */
  crossEntropy(
    x: Pointer,
    labels: Pointer,
    losses: Pointer,
    dx: Pointer,
    classes: number,
    inner: number,
    ignoreIndex: number,
    scale: number,
    from: number,
    to: number,
  ): void;
}

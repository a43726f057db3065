// Lesson 8 – Normalization – your answers. Derived from solutions/08-normalization/lesson.md by gradlab tangle.
import { type Tensor } from "gradlab";

/** @exercise norm-standardize */
export interface Standardized {
  /** (x − mean) / √(variance + eps), of the shape of x. */
  values: Tensor;
  /** Pooled axes have size 1, here and in variance. */
  mean: Tensor;
  variance: Tensor;
}

/** Standardises the numbers of x that are pooled over `axes`. x of any shape. */
export function standardize(x: Tensor, axes: number[], eps = 1e-5): Standardized {
  // TODO: mean, centred numbers, mean of their squares, division by the root
  throw new Error("TODO norm-standardize: mean, centred numbers, mean of their squares, division by the root");
}

/** @exercise batch-norm-train */
export interface RunningStats {
  /** Shape [D], as variance. */
  mean: Tensor;
  variance: Tensor;
}

/**
 * Batch normalisation in training.
 * x [N, D] with N ≥ 2; gamma, beta and the running statistics [D] → y [N, D], new running statistics [D].
 */
export function batchNormTrain(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  momentum = 0.1,
  eps = 1e-5,
): { y: Tensor; running: RunningStats } {
  // TODO: refuse fewer than two rows; y from this batch; mix its statistics into the running ones
  throw new Error("TODO batch-norm-train: refuse fewer than two rows; y from this batch; mix its statistics into the running ones");
}

/** @exercise batch-norm-eval */
/** Batch normalisation in use. x [N, D], N ≥ 1; gamma, beta and the running statistics [D] → [N, D]. */
export function batchNormEval(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): Tensor {
  // TODO: standardise with the running statistics, scale and shift
  throw new Error("TODO batch-norm-eval: standardise with the running statistics, scale and shift");
}

/** @exercise batch-norm-backward */
/**
 * Gradients of batch normalisation in training.
 * g, x [N, D]; gamma [D] → dx [N, D], dgamma [D], dbeta [D].
 */
export function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  // TODO: sums for gamma and beta; for x the formula in the box
  throw new Error("TODO batch-norm-backward: sums for gamma and beta; for x the formula in the box");
}

/** @exercise channel-rows */
/** A row per place of each image, a column per channel: x [N, C, H, W] → [N·H·W, C]. */
export function toRows(x: Tensor): Tensor {
  // TODO: channels last, then one row per place
  throw new Error("TODO channel-rows: channels last, then one row per place");
}

/** The inverse of toRows: rows [N·H·W, C], shape [N, C, H, W] → a tensor of that shape. */
export function fromRows(rows: Tensor, shape: readonly number[]): Tensor {
  // TODO: undo the reshape, then the permutation
  throw new Error("TODO channel-rows: undo the reshape, then the permutation");
}

/** Batch normalisation of images in training. x [N, C, H, W]; gamma, beta, running [C] → y as x, running [C]. */
export function batchNorm2dTrain(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  start: RunningStats,
): { y: Tensor; running: RunningStats } {
  const { y, running } = batchNormTrain(toRows(x), gamma, beta, start);
  return { y: fromRows(y, x.shape), running };
}

/** @exercise layer-norm */
/** Layer normalisation: each sample over all its numbers. x [N, …S]; gamma, beta [S] → as x. */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  // TODO: pool over all axes but the first, then scale and shift
  throw new Error("TODO layer-norm: pool over all axes but the first, then scale and shift");
}

/** @exercise group-norm */
/** Group normalisation. x [N, C, H, W]; groups divides C; gamma, beta [C] → as x. */
export function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  // TODO: check the groups; one row per sample and group; standardise; per channel scale and shift
  throw new Error("TODO group-norm: check the groups; one row per sample and group; standardise; per channel scale and shift");
}

/** @exercise fold-batch-norm */
/**
 * One layer in place of a convolution (or a linear layer) and the batch normalisation behind it, in use.
 * weight [O, …]; bias, gamma, beta and the running statistics [O] → weight as before, bias [O].
 */
export function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  // TODO: a factor per output channel for the filters; the bias through the whole map
  throw new Error("TODO fold-batch-norm: a factor per output channel for the filters; the bias through the whole map");
}

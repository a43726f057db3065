// Lesson 8 – Normalization – the reference answers. Derived from solutions/08-normalization/lesson.md by gradlab tangle.
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
  const mean = x.mean(axes, { keepDims: true });
  const centred = x.sub(mean);
  const variance = centred.mul(centred).mean(axes, { keepDims: true });
  const values = centred.div(variance.add(eps).sqrt());
  return { values, mean, variance };
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
  const n = x.shape[0];
  if (n < 2) throw new Error(`batchNormTrain: a batch of ${n}. Of one row nothing is left.`);
  const { values, mean, variance } = standardize(x, [0], eps);
  const unbiased = variance.mul(n / (n - 1));
  const mix = (old: Tensor, batch: Tensor) =>
    old.mul(1 - momentum).add(batch.squeeze(0).mul(momentum));
  return {
    y: values.mul(gamma).add(beta),
    running: { mean: mix(running.mean, mean), variance: mix(running.variance, unbiased) },
  };
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
  const values = x.sub(running.mean).div(running.variance.add(eps).sqrt());
  return values.mul(gamma).add(beta);
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
  const { values, variance } = standardize(x, [0], eps);
  const scale = gamma.div(variance.add(eps).sqrt());
  const along = values.mul(g.mul(values).mean(0));
  const dx = scale.mul(g.sub(g.mean(0)).sub(along));
  return { dx, dgamma: g.mul(values).sum(0), dbeta: g.sum(0) };
}

/** @exercise channel-rows */
/** A row per place of each image, a column per channel: x [N, C, H, W] → [N·H·W, C]. */
export function toRows(x: Tensor): Tensor {
  const [n, c, h, w] = x.shape;
  return x.permute([0, 2, 3, 1]).reshape([n * h * w, c]);
}

/** The inverse of toRows: rows [N·H·W, C], shape [N, C, H, W] → a tensor of that shape. */
export function fromRows(rows: Tensor, shape: readonly number[]): Tensor {
  const [n, c, h, w] = shape;
  return rows.reshape([n, h, w, c]).permute([0, 3, 1, 2]);
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
  const axes = Array.from({ length: x.ndim - 1 }, (_, i) => i + 1);
  return standardize(x, axes, eps).values.mul(gamma).add(beta);
}

/** @exercise group-norm */
/** Group normalisation. x [N, C, H, W]; groups divides C; gamma, beta [C] → as x. */
export function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  if (c % groups !== 0) throw new Error(`groupNorm: ${groups} groups do not divide ${c} channels`);
  const lists = x.reshape([n, groups, (c / groups) * h * w]);
  const values = standardize(lists, [2], eps).values.reshape(x.shape);
  return values.mul(gamma.reshape([1, c, 1, 1])).add(beta.reshape([1, c, 1, 1]));
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
  const factor = gamma.div(running.variance.add(eps).sqrt());
  const perFilter = factor.reshape([factor.size, ...Array<number>(weight.ndim - 1).fill(1)]);
  return {
    weight: weight.mul(perFilter),
    bias: bias.sub(running.mean).mul(factor).add(beta),
  };
}

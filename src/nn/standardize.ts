// What the normalisation layers have in common.
import { add, mul, sub } from "../ops/arithmetic.js";
import { rsqrt } from "../ops/exponential.js";
import { mean } from "../ops/reduce.js";
import { reshape } from "../ops/shape.js";
import { variance } from "../ops/statistics.js";
import { ones, zeros } from "../tensor/create.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { LayerOptions } from "./layer-options.js";
import { Parameter } from "./parameter.js";

export interface Standardized {
  /** (x − mean) / √(variance + ε), of the shape of x. */
  readonly values: Tensor;
  /** The mean over the axes, which stay with size 1. */
  readonly mean: Tensor;
  /** The biased variance over the axes, which stay with size 1. */
  readonly variance: Tensor;
}

/** Takes the mean over the axes away and divides by the standard deviation. */
export function standardize(x: Tensor, axes: readonly number[], eps: number): Standardized {
  const keepDims = true;
  const average = mean(x, axes, { keepDims });
  const spread = variance(x, axes, { keepDims, correction: 0 });
  return { values: standardizeBy(x, average, spread, eps), mean: average, variance: spread };
}

/** (x − mean) / √(variance + ε). */
export function standardizeBy(x: Tensor, mean: Tensor, variance: Tensor, eps: number): Tensor {
  return mul(sub(x, mean), rsqrt(add(variance, eps)));
}

/** One number per channel, as it meets `[batch, channels, …]`. */
export function perChannel(values: Tensor, ndim: number): Tensor {
  return reshape(values, [values.size, ...new Array<number>(ndim - 2).fill(1)]);
}

/** Undoes as much of the standardisation as is of use: γ x + β, both per channel; x if there is no γ. */
export function scaleChannels(x: Tensor, gamma: Tensor | null, beta: Tensor | null): Tensor {
  const scaled = gamma ? mul(x, perChannel(gamma, x.ndim)) : x;
  return beta ? add(scaled, perChannel(beta, x.ndim)) : scaled;
}

/** A γ to begin with: all 1. */
export function unitScale(shape: Shape, { dtype = "float32" }: LayerOptions): Parameter {
  return new Parameter(ones(shape, { dtype }));
}

/** A β to begin with: all 0. */
export function zeroShift(shape: Shape, { dtype = "float32" }: LayerOptions): Parameter {
  return new Parameter(zeros(shape, { dtype }));
}

/** The axes from `first` on. */
export function axesFrom(first: number, ndim: number): number[] {
  return Array.from({ length: ndim - first }, (_, i) => first + i);
}

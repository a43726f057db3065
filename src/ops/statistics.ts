import { floating } from "../tensor/dtype.js";
import type { Axes } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { div, mul, sub } from "./arithmetic.js";
import { equal, where } from "./compare.js";
import { defineOp, type Op } from "./define-op.js";
import { varianceRules } from "./engine/reduce.js";
import { mean } from "./reduce.js";
import {
  countOf,
  reducedShape,
  reduceRows,
  reduction,
  spread,
  type Reduction,
  type ReductionOptions,
} from "./reduction.js";

/** Which estimate of the variance, and whether its axes stay. */
export interface VarianceOptions extends ReductionOptions {
  /** What is taken off the count in the denominator: 1 (default) for the unbiased estimate, 0 for the biased one. */
  correction?: number;
}
type VarianceArgs = [x: Tensor, axes?: Axes, options?: VarianceOptions];
type VarianceParams = Reduction & { readonly correction: number };

/**
 * Variance over the given axes, or over all: Σ(xᵢ − mean)² / (n − correction). NaN where n ≤ correction.
 *
 * Batch normalisation normalises with `correction: 0` and keeps the estimate with `correction: 1`.
 *
 * @throws ShapeError if an axis does not exist or is named twice.
 * @example variance(tensor([1, 2, 3, 4, 5])).item() // 2.5
 * @example variance(tensor([1, 2, 3, 4, 5]), 0, { correction: 0 }).item() // 2
 */
export const variance: Op<VarianceArgs> = defineOp({
  name: "variance",
  engine: varianceRules,
  call: (...args: VarianceArgs) => withCorrection("variance", ...args),
  dtype: floating,
  shape: reducedShape,
  forward: (out, x, { axes, correction }) =>
    reduceRows(out, x, axes, (row) => squaredDeviations(row) / Math.max(row.length - correction, 0)),
  // 2 (x − mean) / (n − correction)
  backward: (g, { inputs: [x], params }) => [mul(spread(g, x, params), mul(deviations(x, params), 2))],
});

/**
 * Standard deviation, the root of the {@link variance}. Where it is 0, so is the gradient.
 *
 * @throws ShapeError if an axis does not exist or is named twice.
 * @example std(tensor([[1, 3], [2, 8]]), 1, { correction: 0 }).toArray() // [1, 3]
 */
export const std: Op<VarianceArgs> = defineOp({
  name: "std",
  call: (...args: VarianceArgs) => withCorrection("std", ...args),
  dtype: floating,
  shape: reducedShape,
  forward: (out, x, { axes, correction }) =>
    reduceRows(out, x, axes, (row) =>
      Math.sqrt(squaredDeviations(row) / Math.max(row.length - correction, 0)),
    ),
  // (x − mean) / (n − correction) / out
  backward: (g, { inputs: [x], output, params }) => [
    mul(spread(where(equal(output, 0), 0, div(g, output)), x, params), deviations(x, params)),
  ],
});

function withCorrection(op: string, ...[x, axes, options = {}]: VarianceArgs) {
  const { inputs, params } = reduction(op, x, axes, options);
  return { inputs, params: { ...params, correction: options.correction ?? 1 } };
}

/** Σ(xᵢ − mean)², in two passes: the difference of two large sums would lose the digits that count. */
function squaredDeviations(row: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < row.length; i++) total += row[i];
  const mean = total / row.length;
  let squares = 0;
  for (let i = 0; i < row.length; i++) squares += (row[i] - mean) ** 2;
  return squares;
}

/** (x − mean) / (n − correction). */
function deviations(x: Tensor, { axes, correction }: VarianceParams): Tensor {
  const centred = sub(x, mean(x, axes, { keepDims: true }));
  return div(centred, Math.max(countOf(x, axes) - correction, 0));
}

import { arithmetic, floating, promote } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { normalizeAxes, show, sizeOf, stridesOf, type Axes, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { div, mul } from "./arithmetic.js";
import { equal } from "./compare.js";
import { defineOp, type Op } from "./define-op.js";
import { accumulate } from "./kernels/strided.js";
import { broadcastTo, reshape } from "./shape.js";

/** Which axes a reduction runs over, and whether they stay as axes of size 1. */
interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
type ReductionArgs = [x: Tensor, axes?: Axes, options?: { keepDims?: boolean }];

/**
 * Sum over the given axes, or over all.
 *
 * Shapes: `x [2, 3]`, axes 1 → `[2]`; with `keepDims` → `[2, 1]`. The sum of nothing is 0.
 *
 * @throws ShapeError if an axis does not exist or is named twice.
 * @example sum(tensor([[1, 2], [3, 4]]), 0).toArray() // [4, 6]
 */
export const sum: Op<ReductionArgs> = defineOp({
  name: "sum",
  call: (...args: ReductionArgs) => reduction("sum", ...args),
  dtype: arithmetic,
  shape: reducedShape,
  forward: (out, x, { axes }) => fold(out, x, axes, 0, (total, next) => total + next),
  backward: (g, { inputs: [x], params }) => [spread(g, x, params)],
});

/**
 * Mean over the given axes, or over all. The mean of nothing is NaN.
 *
 * @throws ShapeError if an axis does not exist or is named twice.
 * @example mean(tensor([[1, 2], [3, 4]]), 1, { keepDims: true }).toArray() // [[1.5], [3.5]]
 */
export const mean: Op<ReductionArgs> = defineOp({
  name: "mean",
  call: (...args: ReductionArgs) => reduction("mean", ...args),
  dtype: floating,
  shape: reducedShape,
  forward(out, x, { axes }) {
    const count = countOf(x, axes);
    fold(
      out,
      x,
      axes,
      0,
      (total, next) => total + next,
      (total) => total / count,
    );
  },
  backward: (g, { inputs: [x], params }) => [div(spread(g, x, params), countOf(x, params.axes))],
});

/**
 * Largest element along the given axes, or of all. Elements that tie for the maximum share its gradient equally.
 *
 * @throws ShapeError if an axis does not exist, is named twice, or is empty.
 * @example max(tensor([[1, 5], [7, 2]]), 1).toArray() // [5, 7]
 */
export const max: Op<ReductionArgs> = defineOp({
  name: "max",
  call: (...args: ReductionArgs) => reduction("max", ...args),
  dtype: promote,
  shape(x, params) {
    const empty = params.axes.find((axis) => x.shape[axis] === 0);
    if (empty === undefined) return reducedShape(x, params);
    throw new ShapeError(
      `max: axis ${empty} of ${show(x.shape)} is empty. The largest of nothing is undefined.`,
    );
  },
  forward: (out, x, { axes }) => fold(out, x, axes, -Infinity, (most, next) => Math.max(most, next)),
  backward(g, { inputs: [x], output, params }) {
    const winners = equal(x, spread(output, x, params));
    const ties = sum(winners, params.axes, { keepDims: true });
    return [div(mul(spread(g, x, params), winners), ties)];
  },
});

function reduction(
  op: string,
  ...[x, axes, { keepDims = false } = {}]: ReductionArgs
): { inputs: [x: Tensor]; params: Reduction } {
  return { inputs: [x], params: { axes: normalizeAxes(op, axes, x.shape), keepDims } };
}

function reducedShape(x: Tensor, { axes, keepDims }: Reduction): Shape {
  if (keepDims) return x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return x.shape.filter((_, axis) => !axes.includes(axis));
}

function countOf(x: Tensor, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => x.shape[axis]));
}

/** Combines the elements along `axes`, in double precision, and fills `out` with the finished results. */
function fold(
  out: Tensor,
  x: Tensor,
  axes: readonly number[],
  initial: number,
  combine: (sofar: number, next: number) => number,
  finish: (result: number) => number = (result) => result,
): void {
  const results = new Float64Array(out.size).fill(initial);
  const kept = stridesOf(reducedShape(x, { axes, keepDims: true }));
  const strides = kept.map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  accumulate(results, x.data, x.shape, strides, combine);
  for (let i = 0; i < results.length; i++) out.data[i] = finish(results[i]);
}

/** A reduction's result (or its gradient) repeated along the reduced axes to the shape of `x`. */
function spread(reduced: Tensor, x: Tensor, { axes }: Reduction): Tensor {
  return broadcastTo(reshape(reduced, reducedShape(x, { axes, keepDims: true })), x.shape);
}

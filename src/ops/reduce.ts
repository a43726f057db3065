import { arithmetic, floating, promote } from "../tensor/dtype.js";
import { eye } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { div, mul } from "./arithmetic.js";
import { cast } from "./cast.js";
import { equal, where } from "./compare.js";
import { defineOp, type Op } from "./define-op.js";
import { extreme, reducing, summing } from "./engine/reduce.js";
import {
  countOf,
  fold,
  keptFirst,
  reducedShape,
  reducedShapeOfSome,
  reduction,
  spread,
  type Reduction,
  type ReductionArgs,
} from "./reduction.js";
import { permute, reshape } from "./shape.js";

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
  engine: summing(false),
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
  engine: summing(true),
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
 * Product over the given axes, or over all. The product of nothing is 1.
 *
 * @throws ShapeError if an axis does not exist or is named twice.
 * @example prod(tensor([[1, 2], [3, 4]]), 1).toArray() // [2, 12]
 */
export const prod: Op<ReductionArgs> = defineOp({
  name: "prod",
  engine: reducing("prod"),
  call: (...args: ReductionArgs) => reduction("prod", ...args),
  dtype: arithmetic,
  shape: reducedShape,
  forward: (out, x, { axes }) => fold(out, x, axes, 1, (product, next) => product * next),
  // the product of the other elements: out / x, or term by term where x has zeros
  backward(g, { inputs: [x], output, params }) {
    if (!x.elements.includes(0)) return [mul(spread(g, x, params), div(spread(output, x, params), x))];
    return [mul(spread(g, x, params), productOfOthers(x, params.axes))];
  },
});

/**
 * Largest element along the given axes, or of all. Elements that tie for the maximum share its gradient equally.
 *
 * @throws ShapeError if an axis does not exist, is named twice, or is empty.
 * @example max(tensor([[1, 5], [7, 2]]), 1).toArray() // [5, 7]
 */
export const max: Op<ReductionArgs> = defineOp({
  name: "max",
  engine: extreme("max"),
  call: (...args: ReductionArgs) => reduction("max", ...args),
  dtype: promote,
  shape: (x, params) => reducedShapeOfSome("max", "largest", x, params),
  forward: (out, x, { axes }) => fold(out, x, axes, -Infinity, (most, next) => Math.max(most, next)),
  backward: (g, { inputs: [x], output, params }) => [toWinners(g, x, output, params)],
});

/**
 * Smallest element along the given axes, or of all. Elements that tie for the minimum share its gradient equally.
 *
 * @throws ShapeError if an axis does not exist, is named twice, or is empty.
 * @example min(tensor([[1, 5], [7, 2]]), 1).toArray() // [1, 2]
 */
export const min: Op<ReductionArgs> = defineOp({
  name: "min",
  engine: extreme("min"),
  call: (...args: ReductionArgs) => reduction("min", ...args),
  dtype: promote,
  shape: (x, params) => reducedShapeOfSome("min", "smallest", x, params),
  forward: (out, x, { axes }) => fold(out, x, axes, Infinity, (least, next) => Math.min(least, next)),
  backward: (g, { inputs: [x], output, params }) => [toWinners(g, x, output, params)],
});

/** The gradient for those elements that equal the result, shared equally among them. */
function toWinners(g: Tensor, x: Tensor, output: Tensor, params: Reduction): Tensor {
  const winners = equal(x, spread(output, x, params));
  const ties = sum(winners, params.axes, { keepDims: true });
  return div(mul(spread(g, x, params), winners), ties);
}

/** For each element, the product of all others along the axes: n products of n factors, of which one is replaced by 1. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const order = keptFirst(x, axes);
  const moved = permute(x, order);
  const count = countOf(x, axes);
  const rows = reshape(moved, [x.size / count, 1, count]);
  const others = prod(where(cast(eye(count), "bool"), 1, rows), -1);
  return permute(
    reshape(others, moved.shape),
    order.map((_, axis) => order.indexOf(axis)),
  );
}

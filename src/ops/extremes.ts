import type { Tensor } from "../tensor/tensor.js";
import { defineDiscreteOp, type DiscreteOp } from "./define-op.js";
import {
  reducedShapeOfSome,
  reduceRows,
  reduction,
  type Reduction,
  type ReductionArgs,
} from "./reduction.js";

/**
 * Where the largest element stands: its position along the axis, or in row-major order among several axes or all.
 * The first of equals; the first NaN, if there is one.
 *
 * @throws ShapeError if an axis does not exist, is named twice, or is empty.
 * @example argmax(tensor([[1, 5, 3], [7, 2, 4]]), 1).toArray() // [1, 0]
 * @example argmax(tensor([[1, 5, 3], [7, 2, 4]])).item() // 3
 */
export const argmax: DiscreteOp<ReductionArgs> = defineDiscreteOp({
  name: "argmax",
  call: (...args: ReductionArgs) => reduction("argmax", ...args),
  dtype: () => "int32",
  shape: (x: Tensor, params: Reduction) => reducedShapeOfSome("argmax", "largest", x, params),
  forward: (out: Tensor, x: Tensor, { axes }: Reduction) =>
    reduceRows(out, x, axes, (row) => firstBest(row, (value, best) => value > best)),
});

/**
 * Where the smallest element stands: its position along the axis, or in row-major order among several axes or all.
 * The first of equals; the first NaN, if there is one.
 *
 * @throws ShapeError if an axis does not exist, is named twice, or is empty.
 * @example argmin(tensor([[1, 5, 3], [7, 2, 4]]), 0).toArray() // [0, 1, 0]
 */
export const argmin: DiscreteOp<ReductionArgs> = defineDiscreteOp({
  name: "argmin",
  call: (...args: ReductionArgs) => reduction("argmin", ...args),
  dtype: () => "int32",
  shape: (x: Tensor, params: Reduction) => reducedShapeOfSome("argmin", "smallest", x, params),
  forward: (out: Tensor, x: Tensor, { axes }: Reduction) =>
    reduceRows(out, x, axes, (row) => firstBest(row, (value, best) => value < best)),
});

function firstBest(row: ArrayLike<number>, better: (value: number, best: number) => boolean): number {
  let best = 0;
  for (let i = 0; i < row.length; i++) {
    if (Number.isNaN(row[i])) return i;
    if (better(row[i], row[best])) best = i;
  }
  return best;
}

// What the operations that reduce axes have in common.
import type { TensorData } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { normalizeAxes, show, sizeOf, stridesOf, type Axes, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { accumulate, gather } from "./kernels/strided.js";
import { broadcastTo, reshape } from "./shape.js";

/** Which axes a reduction runs over, and whether they stay as axes of size 1. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
/** What becomes of the axes that a reduction goes over. */
export interface ReductionOptions {
  /** Whether the reduced axes stay, with size 1. */
  keepDims?: boolean;
}
/** Arguments of a reduction: the tensor, its axes (all of them if left out), and options. */
export type ReductionArgs = [x: Tensor, axes?: Axes, options?: ReductionOptions];

export function reduction(
  op: string,
  ...[x, axes, { keepDims = false } = {}]: ReductionArgs
): { inputs: [x: Tensor]; params: Reduction } {
  return { inputs: [x], params: { axes: normalizeAxes(op, axes, x.shape), keepDims } };
}

export function reducedShape(x: Tensor, { axes, keepDims }: Reduction): Shape {
  if (keepDims) return x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return x.shape.filter((_, axis) => !axes.includes(axis));
}

/** Refuses empty axes, for operations without a result on nothing; `what` is what they look for. */
export function checkSome(op: string, what: string, x: Tensor, axes: readonly number[]): void {
  const empty = axes.find((axis) => x.shape[axis] === 0);
  if (empty === undefined) return;
  throw new ShapeError(
    `${op}: axis ${empty} of ${show(x.shape)} is empty. The ${what} of nothing is undefined.`,
  );
}

/** As {@link reducedShape}, of axes that are not empty. */
export function reducedShapeOfSome(op: string, what: string, x: Tensor, params: Reduction): Shape {
  checkSome(op, what, x, params.axes);
  return reducedShape(x, params);
}

/** How many elements go into each element of the result. */
export function countOf(x: Tensor, axes: readonly number[]): number {
  return sizeOf(axes.map((axis) => x.shape[axis]));
}

/** Combines the elements along `axes`, in double precision, and fills `out` with the finished results. */
export function fold(
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
  accumulate(results, x.elements, x.shape, strides, combine);
  const { elements } = out;
  for (let i = 0; i < results.length; i++) elements[i] = finish(results[i]);
}

/** Fills `out` with a function of the elements along `axes`, which it gets as one row, in row-major order. */
export function reduceRows(
  out: Tensor,
  x: Tensor,
  axes: readonly number[],
  reduce: (row: TensorData) => number,
): void {
  const rows = rowsOf(x, axes);
  const count = countOf(x, axes);
  const { elements } = out;
  for (let i = 0; i < out.size; i++) elements[i] = reduce(rows.subarray(i * count, (i + 1) * count));
}

/** The elements of `x` with the given axes moved to the end. */
function rowsOf(x: Tensor, axes: readonly number[]): TensorData {
  const order = keptFirst(x, axes);
  if (order.every((axis, i) => axis === i)) return x.elements;
  const strides = stridesOf(x.shape);
  const rows = new Float64Array(x.size);
  gather(
    rows,
    x.elements,
    order.map((axis) => x.shape[axis]),
    order.map((axis) => strides[axis]),
  );
  return rows;
}

/** All axes of `x`, the given ones last. */
export function keptFirst(x: Tensor, axes: readonly number[]): number[] {
  return [...x.shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
}

/** A reduction's result (or its gradient) repeated along the reduced axes to the shape of `x`. */
export function spread(reduced: Tensor, x: Tensor, { axes }: Reduction): Tensor {
  return broadcastTo(reshape(reduced, reducedShape(x, { axes, keepDims: true })), x.shape);
}

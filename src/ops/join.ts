import { ShapeError } from "../tensor/errors.js";
import { normalizeAxis, normalizeNewAxis, sameShape, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineComposite, type Op } from "./define-op.js";
import { concat, slice } from "./indexing.js";
import { unsqueeze } from "./shape.js";

/**
 * Joins tensors of one shape along a new axis.
 *
 * Shapes: three tensors `[2, 4]`, axis 0 → `[3, 2, 4]`.
 *
 * @throws ShapeError if there are no tensors, or their shapes differ.
 * @example stack([tensor([1, 2]), tensor([3, 4])], 1).toArray() // [[1, 3], [2, 4]]
 */
export const stack: Op<[tensors: readonly Tensor[], axis?: number]> = defineComposite(
  "stack",
  (tensors, axis = 0) => {
    if (tensors.length === 0) throw new ShapeError("stack: no tensors. Expected at least one.");
    const { shape } = tensors[0];
    const odd = tensors.findIndex((tensor) => !sameShape(tensor.shape, shape));
    if (odd >= 0) {
      throw new ShapeError(
        `stack: tensor ${odd} is ${show(tensors[odd].shape)}, tensor 0 is ${show(shape)}. All shapes must be equal.`,
      );
    }
    const at = normalizeNewAxis("stack", axis, shape);
    return concat(
      tensors.map((tensor) => unsqueeze(tensor, at)),
      at,
    );
  },
);

/**
 * Cuts a tensor along an axis into pieces of the given size (the last may be smaller), or of the given sizes.
 *
 * @throws ShapeError if the axis does not exist, a size is not a whole number from 1 (from 0 in a list), or the listed
 * sizes do not add up to the axis.
 * @example split(tensor([1, 2, 3, 4, 5]), 2).map((piece) => piece.toArray()) // [[1, 2], [3, 4], [5]]
 * @example split(tensor([1, 2, 3, 4, 5]), [1, 4]).map((piece) => piece.toArray()) // [[1], [2, 3, 4, 5]]
 */
export const split: Op<[x: Tensor, sizes: number | readonly number[], axis?: number], Tensor[]> =
  defineComposite("split", (x, sizes, axis = 0) => {
    const at = normalizeAxis("split", axis, x.shape);
    const size = x.shape[at];
    if (typeof sizes === "number") return pieces(x, at, equalPieces("split", size, sizes));
    const whole = sizes.every((count) => Number.isInteger(count) && count >= 0);
    if (whole && sizes.reduce((a, b) => a + b, 0) === size) return pieces(x, at, sizes);
    throw new ShapeError(
      `split: sizes ${show(sizes)} for axis ${at} of ${show(x.shape)}. They must be whole numbers that add up to ${size}.`,
    );
  });

/**
 * Cuts a tensor along an axis into `count` pieces of equal size; the last may be smaller, and if the axis is short there
 * may be fewer.
 *
 * @throws ShapeError if the axis does not exist, or `count` is not a whole number from 1.
 * @example chunk(tensor([1, 2, 3, 4, 5]), 3).map((piece) => piece.toArray()) // [[1, 2], [3, 4], [5]]
 */
export const chunk: Op<[x: Tensor, count: number, axis?: number], Tensor[]> = defineComposite(
  "chunk",
  (x, count, axis = 0) => {
    const at = normalizeAxis("chunk", axis, x.shape);
    if (!(Number.isInteger(count) && count > 0)) {
      throw new ShapeError(`chunk: ${count} pieces. Expected a whole number from 1.`);
    }
    const size = x.shape[at];
    return pieces(x, at, equalPieces("chunk", size, Math.max(Math.ceil(size / count), 1)));
  },
);

function equalPieces(op: string, total: number, size: number): number[] {
  if (!(Number.isInteger(size) && size > 0)) {
    throw new ShapeError(`${op}: pieces of ${size}. Expected a whole number from 1.`);
  }
  const count = Math.max(Math.ceil(total / size), 1);
  return Array.from({ length: count }, (_, i) => Math.min(size, total - i * size));
}

function pieces(x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  let start = 0;
  return sizes.map((size) => slice(x, start, (start += size), { axis }));
}

import { convert } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { normalizeAxes, normalizeAxis, show, type Axes } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Op } from "./define-op.js";
import { nowhere, upTo } from "./kernels/positions.js";
import { definePick, pickAlong, pickGrid } from "./pick.js";

/**
 * Reverses the order along the given axes, or along all.
 *
 * @throws ShapeError if an axis does not exist or is named twice.
 * @example flip(tensor([[1, 2], [3, 4]]), 1).toArray() // [[2, 1], [4, 3]]
 */
export const flip: Op<[x: Tensor, axes?: Axes]> = definePick("flip", ({ shape }: Tensor, axes?: Axes) => {
  const flipped = normalizeAxes("flip", axes, shape);
  return pickGrid(
    shape,
    shape.map((size, axis) => (flipped.includes(axis) ? upTo(size).reverse() : upTo(size))),
  );
});

/**
 * Moves elements along an axis by `shift` places; those that leave at one end enter at the other. Without an axis,
 * along all elements in row-major order.
 *
 * @throws ShapeError if the axis does not exist, or the shift is no whole number.
 * @example roll(tensor([1, 2, 3, 4]), 1).toArray() // [4, 1, 2, 3]
 * @example roll(tensor([[1, 2, 3], [4, 5, 6]]), -1, 1).toArray() // [[2, 3, 1], [5, 6, 4]]
 */
export const roll: Op<[x: Tensor, shift: number, axis?: number]> = definePick(
  "roll",
  ({ shape, size }: Tensor, shift: number, axis?: number) => {
    if (!Number.isInteger(shift)) throw new ShapeError(`roll: shift ${shift}. Shifts are whole numbers.`);
    const rolled = (count: number) => upTo(count).map((i) => modulo(i - shift, count));
    if (axis === undefined) return { shape, positions: Int32Array.from(rolled(size)) };
    const at = normalizeAxis("roll", axis, shape);
    return pickAlong(shape, at, rolled(shape[at]));
  },
);

/**
 * Repeats the whole tensor along its axes: `repeats` times each, counted from the last axis; axes that `x` lacks are
 * added in front. (PyTorch also calls it `repeat`.)
 *
 * @throws ShapeError if a number of repeats is not a whole number from 0.
 * @example tile(tensor([1, 2]), [3]).toArray() // [1, 2, 1, 2, 1, 2]
 * @example tile(tensor([1, 2]), [2, 1]).toArray() // [[1, 2], [1, 2]]
 */
export const tile: Op<[x: Tensor, repeats: readonly number[]]> = definePick(
  "tile",
  (x: Tensor, repeats: readonly number[]) => {
    repeats.forEach((count) => checkRepeats("tile", count));
    const ndim = Math.max(x.ndim, repeats.length);
    const [shape, times] = [x.shape, repeats].map((list) => [
      ...Array<number>(ndim - list.length).fill(1),
      ...list,
    ]);
    return pickGrid(
      shape,
      shape.map((size, axis) => upTo(size * times[axis]).map((i) => i % size)),
    );
  },
);

/**
 * Repeats each element along an axis: `repeats` copies side by side.
 *
 * @throws ShapeError if the axis does not exist, or `repeats` is not a whole number from 0.
 * @example repeatInterleave(tensor([1, 2]), 3, 0).toArray() // [1, 1, 1, 2, 2, 2]
 */
export const repeatInterleave: Op<[x: Tensor, repeats: number, axis: number]> = definePick(
  "repeatInterleave",
  ({ shape }: Tensor, repeats: number, axis: number) => {
    checkRepeats("repeatInterleave", repeats);
    const at = normalizeAxis("repeatInterleave", axis, shape);
    const copies = upTo(shape[at] * repeats).map((i) => Math.floor(i / repeats));
    return pickAlong(shape, at, copies);
  },
);

/** How many elements are added before and after an axis. */
export type Margin = readonly [before: number, after: number];

/** What {@link pad} puts around a tensor. */
export interface PadOptions {
  /**
   * What is added: `value` (constant, the default), the neighbouring elements mirrored at the edge (reflect), the edge
   * itself (replicate), or the elements of the other end (circular).
   */
  mode?: "constant" | "reflect" | "replicate" | "circular";
  /** What is added in mode constant, made one of the dtype of the tensor; 0 by default. */
  value?: number;
}

/**
 * Adds elements around the last axes, as many axes as there are pairs: the last pair is for the last axis.
 *
 * @throws ShapeError if there are more pairs than axes, a number is not a whole number from 0, or the axis has too few
 * elements to mirror or repeat.
 * @example pad(tensor([[1, 2], [3, 4]]), [[1, 0], [0, 1]]).toArray() // [[0, 0, 0], [1, 2, 0], [3, 4, 0]]
 * @example pad(tensor([1, 2, 3]), [[2, 1]], { mode: "reflect" }).toArray() // [3, 2, 1, 2, 3, 2]
 */
export const pad: Op<[x: Tensor, padding: readonly Margin[], options?: PadOptions]> = definePick(
  "pad",
  (
    { shape, dtype }: Tensor,
    padding: readonly Margin[],
    { mode = "constant", value = 0 }: PadOptions = {},
  ) => {
    if (padding.length > shape.length) {
      throw new ShapeError(
        `pad: ${padding.length} pairs for ${show(shape)}. Give [before, after] for each of the last axes, at most ${shape.length}.`,
      );
    }
    const first = shape.length - padding.length;
    const lists = shape.map((size, axis) => {
      const [before, after] = axis < first ? [0, 0] : padding[axis - first];
      checkMargin(mode, shape, axis, [before, after]);
      return upTo(before + size + after).map((i) => sources[mode](i - before, size));
    });
    return pickGrid(shape, lists, convert([value], dtype)[0]);
  },
);

/** For each mode, which of `size` elements stands at a position that may lie outside. */
const sources: Record<NonNullable<PadOptions["mode"]>, (position: number, size: number) => number> = {
  constant: (i, size) => (i >= 0 && i < size ? i : nowhere),
  reflect: (i, size) => size - 1 - Math.abs(size - 1 - Math.abs(i)),
  replicate: (i, size) => Math.min(Math.max(i, 0), size - 1),
  circular: modulo,
};

function checkMargin(mode: string, shape: readonly number[], axis: number, [before, after]: Margin): void {
  const [size, most] = [shape[axis], Math.max(before, after)];
  if (![before, after].every((count) => Number.isInteger(count) && count >= 0)) {
    throw new ShapeError(
      `pad: [${before}, ${after}] around axis ${axis} of ${show(shape)}. Expected whole numbers from 0; slice takes elements away.`,
    );
  }
  const available = {
    constant: Infinity,
    reflect: size - 1,
    replicate: size > 0 ? Infinity : 0,
    circular: size,
  };
  const limit = available[mode as keyof typeof available];
  if (most > Math.max(limit, 0)) {
    throw new ShapeError(
      `pad: ${mode} adds at most ${Math.max(limit, 0)} on each side of axis ${axis} of ${show(shape)}, not ${most}.`,
    );
  }
}

function checkRepeats(op: string, repeats: number): void {
  if (Number.isInteger(repeats) && repeats >= 0) return;
  throw new ShapeError(`${op}: ${repeats} repeats. Expected whole numbers from 0.`);
}

/** The remainder from 0 to `size` − 1, for negative numbers too. */
function modulo(i: number, size: number): number {
  return ((i % size) + size) % size;
}

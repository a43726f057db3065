import { DTypeError, ShapeError } from "../tensor/errors.js";
import {
  broadcastShapes,
  broadcastStrides,
  normalizeAxis,
  sameShape,
  show,
  sizeOf,
  stridesOf,
  type Shape,
} from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { where } from "./compare.js";
import { defineComposite, type Op, type TensorLike } from "./define-op.js";
import { gridPositions, upTo } from "./kernels/positions.js";
import { gather as gatherStrided } from "./kernels/strided.js";
import { definePick, pickAlong, type Picks } from "./pick.js";

/** Whole numbers that name elements along an axis; negative ones count from the end. */
export type Indices = Tensor | readonly number[];

/**
 * Picks one element along an axis for each place of `index`: for axis 1, `out[i, j] = x[i, index[i, j]]`.
 *
 * Shapes: `index` has the axes of `x`, and along the other axes no more elements; the result has the shape of `index`.
 *
 * @throws ShapeError if the shapes do not fit, or an index lies outside the axis.
 * @example gather(tensor([[1, 2], [3, 4]]), 1, tensor([[0], [1]])).toArray() // [[1], [4]]
 */
export const gather: Op<[x: Tensor, axis: number, index: Tensor]> = definePick(
  "gather",
  (x: Tensor, axis: number, index: Tensor) => {
    const at = normalizeAxis("gather", axis, x.shape);
    const fits = index.shape.every((size, other) => other === at || size <= x.shape[other]);
    if (index.ndim !== x.ndim || !fits) {
      throw new ShapeError(
        `gather: index ${show(index.shape)} for ${show(x.shape)} along axis ${at}. ` +
          `It needs ${x.ndim} axes, and no more elements than x along the others.`,
      );
    }
    const strides = stridesOf(x.shape);
    const chosen = indicesInto("gather", index, at, x.shape);
    const lines = gridPositions(
      strides.with(at, 0),
      index.shape.map((size) => upTo(size)),
    );
    return { shape: index.shape, positions: lines.map((start, i) => start + chosen[i] * strides[at]) };
  },
);

/**
 * The given rows of `x`, or what lies at the given indices along another axis, in their order.
 *
 * @throws ShapeError if an index lies outside the axis, or the indices have more than one axis.
 * @example indexSelect(tensor([[1, 2], [3, 4], [5, 6]]), 0, [2, 0]).toArray() // [[5, 6], [1, 2]]
 */
export const indexSelect: Op<[x: Tensor, axis: number, indices: Indices]> = definePick(
  "indexSelect",
  ({ shape }: Tensor, axis: number, indices: Indices) => {
    const at = normalizeAxis("indexSelect", axis, shape);
    if (indices instanceof Tensor && indices.ndim !== 1) {
      throw new ShapeError(`indexSelect: indices ${show(indices.shape)}. Expected one axis.`);
    }
    return pickAlong(shape, at, indicesInto("indexSelect", indices, at, shape));
  },
);

/** What `index` does along one axis: take one element (and drop the axis), all of it, or the elements listed. */
export type AxisIndex = number | null | Indices;

/**
 * `x[i, j, …]`: for each axis a number, which picks one element and drops the axis; `null`, which keeps the axis whole;
 * or a list of indices. Several lists broadcast and are read in step: `x[[0, 1], [2, 0]]` is `x[0, 2]` and `x[1, 0]`.
 * Their common axes stand where the first list stood, or first of all if an axis kept whole lies between lists.
 * Axes not mentioned are kept.
 *
 * @throws ShapeError if an index lies outside its axis, there are more indices than axes, or lists do not broadcast.
 * @example index(tensor([[1, 2, 3], [4, 5, 6]]), [1, -1]).item() // 6
 * @example index(tensor([[1, 2, 3], [4, 5, 6]]), [null, 0]).toArray() // [1, 4]
 * @example index(tensor([[1, 2, 3], [4, 5, 6]]), [[0, 1], [2, 0]]).toArray() // [3, 4]
 */
export const index: Op<[x: Tensor, indices: readonly AxisIndex[]]> = definePick(
  "index",
  ({ shape }: Tensor, indices: readonly AxisIndex[]): Picks => {
    if (indices.length > shape.length) {
      throw new ShapeError(
        `index: ${indices.length} indices for ${show(shape)}. Give at most one per axis: ${shape.length}.`,
      );
    }
    const strides = stridesOf(shape);
    const lists: { axis: number; shape: Shape; positions: number[] }[] = [];
    const whole: number[] = [];
    let origin = 0;
    shape.forEach((_, axis) => {
      const given = indices[axis] ?? null;
      if (given === null) return whole.push(axis);
      if (typeof given === "number")
        return (origin += indicesInto("index", [given], axis, shape)[0] * strides[axis]);
      const chosen = indicesInto("index", given, axis, shape);
      return lists.push({
        axis,
        shape: given instanceof Tensor ? given.shape : [given.length],
        positions: Array.from(chosen, (i) => i * strides[axis]),
      });
    });
    const [first, last] = [lists.at(0)?.axis ?? 0, lists.at(-1)?.axis ?? 0];
    const together = !whole.some((axis) => axis > first && axis < last);
    const before = whole.filter((axis) => together && axis < first);
    const after = whole.filter((axis) => !before.includes(axis));
    const common = lists.length > 0 ? broadcastShapes("index", ...lists.map((list) => list.shape)) : [];
    const listed = new Float64Array(sizeOf(common)).fill(origin);
    for (const list of lists) {
      const stretched = new Float64Array(listed.length);
      gatherStrided(stretched, list.positions, common, broadcastStrides(list.shape, common));
      listed.forEach((position, i) => (listed[i] = position + stretched[i]));
    }
    const kept = (axes: number[]) => axes.map((axis) => upTo(shape[axis]).map((i) => i * strides[axis]));
    const grid = [...kept(before), listed, ...kept(after)];
    const sizes = (axes: number[]) => axes.map((axis) => shape[axis]);
    return {
      shape: [...sizes(before), ...common, ...sizes(after)],
      positions: gridPositions(
        grid.map(() => 1),
        grid,
      ),
    };
  },
);

/**
 * The elements where the mask holds, in row-major order, as one axis. Both broadcast.
 *
 * @throws DTypeError if the mask is not of dtype bool.
 * @example maskedSelect(tensor([1, -2, 3]), tensor([true, false, true])).toArray() // [1, 3]
 */
export const maskedSelect: Op<[x: Tensor, mask: Tensor]> = definePick(
  "maskedSelect",
  (x: Tensor, mask: Tensor) => {
    checkMask("maskedSelect", mask);
    const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
    const flags = new Uint8Array(sizeOf(shape));
    const positions = new Int32Array(flags.length);
    gatherStrided(flags, mask.elements, shape, broadcastStrides(mask.shape, shape));
    gatherStrided(positions, upTo(x.size), shape, broadcastStrides(x.shape, shape));
    const chosen = positions.filter((_, i) => flags[i] !== 0);
    return { shape: [chosen.length], positions: chosen };
  },
);

/**
 * `value` where the mask holds, `x` elsewhere. The mask stretches to the shape of `x`.
 *
 * @throws DTypeError if the mask is not of dtype bool.
 * @throws ShapeError if the mask does not stretch to `x`.
 * @example maskedFill(tensor([1, 2]), tensor([true, false]), -Infinity).toArray() // [-Infinity, 2]
 */
export const maskedFill: Op<[x: Tensor, mask: Tensor, value: TensorLike]> = defineComposite(
  "maskedFill",
  (x, mask, value) => {
    checkMask("maskedFill", mask);
    const shape = value instanceof Tensor ? value.shape : [];
    if (!sameShape(broadcastShapes("maskedFill", x.shape, mask.shape, shape), x.shape)) {
      throw new ShapeError(
        `maskedFill: mask ${show(mask.shape)} and value ${show(shape)} do not stretch to ${show(x.shape)}.`,
      );
    }
    return where(mask, value, x);
  },
);

function checkMask(op: string, mask: Tensor): void {
  if (mask.dtype === "bool") return;
  throw new DTypeError(`${op}: the mask has dtype ${mask.dtype}. Expected bool, as greater(x, 0) gives.`);
}

/** Indices counted from the front. */
function indicesInto(op: string, indices: Indices, axis: number, shape: Shape): Int32Array {
  const size = shape[axis];
  if (indices instanceof Tensor && indices.dtype === "bool") {
    throw new DTypeError(`${op}: the indices have dtype bool. maskedSelect(x, mask) takes a mask.`);
  }
  return Int32Array.from(indices instanceof Tensor ? indices.elements : indices, (i) => {
    if (Number.isInteger(i) && i >= -size && i < size) return i < 0 ? i + size : i;
    const rule = size === 0 ? "It is empty." : `Its indices are whole numbers from ${-size} to ${size - 1}.`;
    throw new ShapeError(`${op}: no index ${i} on axis ${axis} of ${show(shape)}. ${rule}`);
  });
}

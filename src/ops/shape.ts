import { ShapeError } from "../tensor/errors.js";
import {
  broadcastShapes,
  broadcastStrides,
  checkShape,
  normalizeAxes,
  normalizeAxis,
  normalizeNewAxis,
  sameShape,
  show,
  sizeOf,
  stridesOf,
  type Axes,
  type Shape,
} from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { defineComposite, defineOp, type Op } from "./define-op.js";
import { exchangeLastAxes, gatherStrided } from "./engine/movement.js";
import { gather } from "./kernels/strided.js";

/**
 * The same elements, in the same order, under another shape. One size may be −1: it follows from the others.
 * The result shares storage with `x`.
 *
 * @throws ShapeError if the number of elements would change.
 * @example reshape(arange(6), [2, -1]).toArray() // [[0, 1, 2], [3, 4, 5]]
 */
export const reshape: Op<[x: Tensor, shape: Shape]> = defineOp({
  name: "reshape",
  call: (x: Tensor, shape: Shape) => ({ inputs: [x] as [Tensor], params: { shape: inferSize(x, shape) } }),
  shape: (_x, { shape }) => shape,
  engine: { backward: (g, node) => [new Tensor(g.storage, node.like(0).shape, g.dtype)] },
  backward: (g, { inputs: [x] }) => [reshape(g, x.shape)],
});

/**
 * Swaps two axes, by default the last two.
 *
 * @throws ShapeError if an axis does not exist, or `x` has fewer than two axes and none are given.
 * @example transpose(tensor([[1, 2], [3, 4]])).toArray() // [[1, 3], [2, 4]]
 */
export const transpose: Op<[x: Tensor, dim0?: number, dim1?: number]> = defineOp({
  name: "transpose",
  call(x: Tensor, dim0 = -2, dim1 = -1) {
    const dims: [number, number] = [
      normalizeAxis("transpose", dim0, x.shape),
      normalizeAxis("transpose", dim1, x.shape),
    ];
    return { inputs: [x] as [Tensor], params: { dims } };
  },
  shape: (x, { dims }) => swapped(x.shape, dims),
  engine: {
    forward(out, [x], { dims: [i, j] }: { dims: [number, number] }) {
      if (Math.min(i, j) !== x.ndim - 2 || i === j) {
        return gatherStrided(out, x, swapped(stridesOf(x.shape), [i, j]));
      }
      exchangeLastAxes(out, x);
      return true;
    },
  },
  forward: (out, x, { dims }) =>
    gather(out.elements, x.elements, out.shape, swapped(stridesOf(x.shape), dims)),
  backward: (g, { params: { dims } }) => [transpose(g, ...dims)],
});

/**
 * Reorders the axes: axis `i` of the result is axis `dims[i]` of `x`.
 *
 * @throws ShapeError if `dims` does not name every axis once.
 * @example permute(zeros([2, 3, 4]), [2, 0, 1]).shape // [4, 2, 3]
 */
export const permute: Op<[x: Tensor, dims: readonly number[]]> = defineOp({
  name: "permute",
  call(x: Tensor, dims: readonly number[]) {
    const normal = dims.map((dim) => normalizeAxis("permute", dim, x.shape));
    if (normal.length !== x.ndim || new Set(normal).size !== x.ndim) {
      throw new ShapeError(
        `permute: dims ${show(dims)} for ${show(x.shape)}. Name each of the ${x.ndim} axes once.`,
      );
    }
    return { inputs: [x] as [Tensor], params: { dims: normal } };
  },
  shape: (x, { dims }) => dims.map((dim) => x.shape[dim]),
  engine: {
    forward(out, [x], { dims }: { dims: readonly number[] }) {
      const strides = stridesOf(x.shape);
      return gatherStrided(
        out,
        x,
        dims.map((dim) => strides[dim]),
      );
    },
  },
  forward(out, x, { dims }) {
    const strides = stridesOf(x.shape);
    gather(
      out.elements,
      x.elements,
      out.shape,
      dims.map((dim) => strides[dim]),
    );
  },
  backward: (g, { params: { dims } }) => [
    permute(
      g,
      dims.map((_, axis) => dims.indexOf(axis)),
    ),
  ],
});

/**
 * Repeats `x` along missing axes and axes of size 1.
 *
 * @throws ShapeError if `x` does not stretch to `shape`.
 * @example broadcastTo(tensor([1, 2]), [2, 2]).toArray() // [[1, 2], [1, 2]]
 */
export const broadcastTo: Op<[x: Tensor, shape: Shape]> = defineOp({
  name: "broadcastTo",
  call: (x: Tensor, shape: Shape) => ({ inputs: [x] as [Tensor], params: { shape: [...shape] } }),
  shape(x, { shape }) {
    checkStretch("broadcastTo", x.shape, shape);
    return shape;
  },
  engine: { forward: (out, [x]) => gatherStrided(out, x, broadcastStrides(x.shape, out.shape)) },
  forward: (out, x) => gather(out.elements, x.elements, out.shape, broadcastStrides(x.shape, out.shape)),
  backward: (g) => [g],
});

/**
 * Removes axes of size 1: the given ones, or all of them.
 *
 * @throws ShapeError if an axis does not exist, is named twice, or does not have size 1.
 * @example squeeze(zeros([1, 3, 1])).shape // [3]
 * @example squeeze(zeros([1, 3, 1]), -1).shape // [1, 3]
 */
export const squeeze: Op<[x: Tensor, axes?: Axes]> = defineComposite("squeeze", (x, axes) => {
  const ones = [...x.shape.keys()].filter((axis) => x.shape[axis] === 1);
  const gone = axes === undefined ? ones : normalizeAxes("squeeze", axes, x.shape);
  const large = gone.find((axis) => !ones.includes(axis));
  if (large === undefined) {
    return reshape(
      x,
      x.shape.filter((_, axis) => !gone.includes(axis)),
    );
  }
  throw new ShapeError(
    `squeeze: axis ${large} of ${show(x.shape)} has size ${x.shape[large]}. Only axes of size 1 can go.`,
  );
});

/**
 * Adds an axis of size 1 at the given place of the result.
 *
 * @throws ShapeError if the result would have no such axis.
 * @example unsqueeze(zeros([2, 3]), 1).shape // [2, 1, 3]
 * @example unsqueeze(zeros([2, 3]), -1).shape // [2, 3, 1]
 */
export const unsqueeze: Op<[x: Tensor, axis: number]> = defineComposite("unsqueeze", (x, axis) =>
  reshape(x, x.shape.toSpliced(normalizeNewAxis("unsqueeze", axis, x.shape), 0, 1)),
);

/**
 * As {@link broadcastTo}, but −1 keeps the size an axis has.
 *
 * @throws ShapeError if `x` does not stretch to `shape`, or −1 stands for an axis that it lacks.
 * @example expand(tensor([[1], [2]]), [-1, 3]).toArray() // [[1, 1, 1], [2, 2, 2]]
 */
export const expand: Op<[x: Tensor, shape: Shape]> = defineComposite("expand", (x, shape) => {
  const missing = shape.length - x.ndim;
  const open = shape.findIndex((size, axis) => size === -1 && axis < missing);
  if (open >= 0) {
    throw new ShapeError(
      `expand: ${show(x.shape)} to ${show(shape)}: axis ${open} is new, so -1 stands for no size there.`,
    );
  }
  const full = shape.map((size, axis) => (size === -1 ? x.shape[axis - missing] : size));
  checkStretch("expand", x.shape, full);
  return broadcastTo(x, full);
});

/**
 * Joins the axes from `start` to `end`, both included, into one; by default all of them.
 *
 * @throws ShapeError if an axis does not exist, or `start` lies behind `end`.
 * @example flatten(zeros([2, 3, 4]), 1).shape // [2, 12]
 * @example flatten(tensor(5)).toArray() // [5]
 */
export const flatten: Op<[x: Tensor, start?: number, end?: number]> = defineComposite(
  "flatten",
  (x, start = 0, end = -1) => {
    const shape = x.ndim === 0 ? [1] : x.shape;
    const [from, to] = [normalizeAxis("flatten", start, shape), normalizeAxis("flatten", end, shape)];
    if (from > to) {
      throw new ShapeError(
        `flatten: axes ${start} to ${end} of ${show(x.shape)}. The first must not lie behind the last.`,
      );
    }
    return reshape(x, shape.toSpliced(from, to - from + 1, sizeOf(shape.slice(from, to + 1))));
  },
);

function checkStretch(op: string, from: Shape, to: Shape): void {
  checkShape(op, to);
  if (sameShape(broadcastShapes(op, from, to), to)) return;
  throw new ShapeError(
    `${op}: ${show(from)} does not stretch to ${show(to)}. Only axes of size 1 grow; none shrink.`,
  );
}

function swapped(list: readonly number[], [i, j]: readonly [number, number]): number[] {
  const copy = [...list];
  [copy[i], copy[j]] = [list[j], list[i]];
  return copy;
}

function inferSize(x: Tensor, shape: Shape): Shape {
  const open = shape.indexOf(-1);
  const rest = sizeOf(shape.toSpliced(open, open < 0 ? 0 : 1));
  const full = open < 0 || rest === 0 ? [...shape] : shape.with(open, x.size / rest);
  if (full.every((size) => Number.isInteger(size) && size >= 0) && sizeOf(full) === x.size) return full;
  throw new ShapeError(
    `reshape: ${show(x.shape)} to ${show(shape)}: ${x.size} elements do not fill it. ` +
      `The sizes must multiply to ${x.size}; one of them may be -1.`,
  );
}

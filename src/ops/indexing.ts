import { ShapeError } from "../tensor/errors.js";
import { normalizeAxis, show, stridesOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineOp, type Op } from "./define-op.js";
import { gatherStrided, scatterStrided } from "./engine/movement.js";
import { gather, scatter } from "./kernels/strided.js";

/** Every `step`-th index along one axis, from `start`: `count` of them. */
interface Range {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/**
 * Elements `start` (included) to `end` (excluded) along one axis, as JavaScript's own `slice`:
 * negative positions count from the end, positions outside are cut off.
 *
 * @throws ShapeError if the axis does not exist or `step` is not a whole number from 1.
 * @example slice(arange(5), 1, -1).toArray() // [1, 2, 3]
 * @example slice(eye(3), 0, 2, { axis: 1 }).shape // [3, 2]
 */
export const slice: Op<
  [x: Tensor, start?: number, end?: number, options?: { axis?: number; step?: number }]
> = defineOp({
  name: "slice",
  call(x: Tensor, start = 0, end = Infinity, options: { axis?: number; step?: number } = {}) {
    const axis = normalizeAxis("slice", options.axis ?? 0, x.shape);
    const step = options.step ?? 1;
    if (!Number.isInteger(step) || step < 1) {
      throw new ShapeError(`slice: step ${step}. Steps are whole numbers from 1.`);
    }
    const size = x.shape[axis];
    const inside = (position: number) =>
      Math.trunc(Math.min(Math.max(position < 0 ? position + size : position, 0), size));
    const [from, to] = [inside(start), inside(end)];
    const count = Math.max(Math.ceil((to - from) / step), 0);
    return { inputs: [x] as [Tensor], params: { axis, start: from, step, count } };
  },
  shape: (x, { axis, count }) => x.shape.with(axis, count),
  engine: {
    forward: (out, [x], range: Range) => gatherStrided(out, x, ...view(x.shape, range)),
  },
  forward: (out, x, range) => gather(out.elements, x.elements, out.shape, ...view(x.shape, range)),
  backward: (g, { inputs: [x], params }) => [unslice(g, x.shape, params)],
});

/** The reverse of {@link slice}: zeros of shape `into`, with `x` at the places of the range. */
const unslice: Op<[x: Tensor, into: Shape, range: Range]> = defineOp({
  name: "unslice",
  call: (x: Tensor, into: Shape, range: Range) => ({ inputs: [x] as [Tensor], params: { into, range } }),
  shape: (_x, { into }) => into,
  engine: {
    forward(out, [x], { into, range }: { into: Shape; range: Range }) {
      out.elements.fill(0);
      return scatterStrided(out, x, ...view(into, range));
    },
  },
  forward: (out, x, { into, range }) => scatter(out.elements, x.elements, x.shape, ...view(into, range)),
  backward: (g, { params: { range } }) => [
    slice(g, range.start, range.start + range.count * range.step, { axis: range.axis, step: range.step }),
  ],
});

/**
 * Joins tensors along an existing axis. All other sizes must agree.
 *
 * @throws ShapeError if there are no tensors, or their shapes differ in another axis.
 * @example concat([tensor([1, 2]), tensor([3])]).toArray() // [1, 2, 3]
 */
export const concat: Op<[tensors: readonly Tensor[], axis?: number]> = defineOp({
  name: "concat",
  variadic: true,
  call(tensors: readonly Tensor[], axis = 0) {
    if (tensors.length === 0) throw new ShapeError("concat: no tensors. Expected at least one.");
    return { inputs: tensors, params: { axis: normalizeAxis("concat", axis, tensors[0].shape) } };
  },
  shape(tensors, { axis }) {
    const first = tensors[0].shape;
    tensors.forEach(({ shape }, i) => {
      const other = first.findIndex((size, at) => at !== axis && shape[at] !== size);
      if (shape.length === first.length && other < 0) return;
      throw new ShapeError(
        `concat: tensor ${i} is ${show(shape)}, tensor 0 is ${show(first)}. ` +
          `Along axis ${axis} all other sizes must agree.`,
      );
    });
    return first.with(
      axis,
      tensors.reduce((total, { shape }) => total + shape[axis], 0),
    );
  },
  engine: {
    forward(out, tensors, { axis }: { axis: number }) {
      const strides = stridesOf(out.shape);
      let start = 0;
      return tensors.every((tensor) => {
        const done = scatterStrided(out, tensor, strides, start * strides[axis]);
        start += tensor.shape[axis];
        return done;
      });
    },
  },
  forward(out, tensors, { axis }) {
    const strides = stridesOf(out.shape);
    let start = 0;
    for (const { elements, shape } of tensors) {
      scatter(out.elements, elements, shape, strides, start * strides[axis]);
      start += shape[axis];
    }
  },
  backward(g, { inputs: tensors, params: { axis } }) {
    let start = 0;
    return tensors.map(({ shape }) => {
      const from = start;
      start += shape[axis];
      return () => slice(g, from, from + shape[axis], { axis });
    });
  },
});

/** Strides and offset with which a range is read from storage of the given shape. */
function view(shape: Shape, { axis, start, step }: Range): [strides: number[], offset: number] {
  const strides = stridesOf(shape);
  return [strides.with(axis, strides[axis] * step), start * strides[axis]];
}

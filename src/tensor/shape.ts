import { ShapeError } from "./errors.js";

/** Sizes of the axes, outermost first. `[]` is a single number. */
export type Shape = readonly number[];

/** One axis or several; negative axes count from the end. */
export type Axes = number | readonly number[];

/** A shape or index as error messages write it: `[2, 3]`. */
export function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The number of elements: the product of the sizes. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis];
  return size;
}

/** How far apart neighbours along each axis lie in row-major storage. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** The index `[i, j, …]` of the element at a position in row-major storage. */
export function indexAt(position: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(position / stride) % shape[axis]);
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

export function checkShape(op: string, shape: Shape): void {
  const axis = shape.findIndex((size) => !Number.isInteger(size) || size < 0);
  if (axis >= 0) {
    throw new ShapeError(
      `${op}: shape ${show(shape)}: axis ${axis} has size ${shape[axis]}. Sizes are whole numbers from 0.`,
    );
  }
}

/** An axis counted from the front. */
export function normalizeAxis(op: string, axis: number, shape: Shape): number {
  const ndim = shape.length;
  if (Number.isInteger(axis) && axis >= -ndim && axis < ndim) return axis < 0 ? axis + ndim : axis;
  const rule = ndim === 0 ? "It has no axes." : `Its axes are ${-ndim} to ${ndim - 1}.`;
  throw new ShapeError(`${op}: no axis ${axis} in ${show(shape)}. ${rule}`);
}

/** Where an axis that is to be added stands in the result, counted from the front. */
export function normalizeNewAxis(op: string, axis: number, shape: Shape): number {
  const ndim = shape.length + 1;
  if (Number.isInteger(axis) && axis >= -ndim && axis < ndim) return axis < 0 ? axis + ndim : axis;
  throw new ShapeError(
    `${op}: axis ${axis} for ${show(shape)}. A new axis can stand at ${-ndim} to ${ndim - 1}.`,
  );
}

/** Axes counted from the front, ascending; all of them by default. */
export function normalizeAxes(op: string, axes: Axes | undefined, shape: Shape): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const list = typeof axes === "number" ? [axes] : axes;
  const normal = list.map((axis) => normalizeAxis(op, axis, shape)).sort((a, b) => a - b);
  const repeated = normal.find((axis, i) => axis === normal[i - 1]);
  if (repeated !== undefined) {
    throw new ShapeError(`${op}: axes ${show(list)} name axis ${repeated} twice. Name each axis once.`);
  }
  return normal;
}

/**
 * The common shape of tensors that meet in an elementwise operation. Shapes are aligned at their last axis;
 * a missing axis and an axis of size 1 stretch to the other size.
 *
 * @throws ShapeError if two sizes differ and neither is 1.
 */
export function broadcastShapes(op: string, ...shapes: Shape[]): Shape {
  return shapes.reduce((a, b) => {
    if (sameShape(a, b)) return a;
    const ndim = Math.max(a.length, b.length);
    const common = new Array<number>(ndim);
    for (let back = 1; back <= ndim; back++) {
      const [sizeA, sizeB] = [a[a.length - back] ?? 1, b[b.length - back] ?? 1];
      if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
        throw new ShapeError(
          `${op}: cannot broadcast ${show(a)} with ${show(b)}: axis -${back} has sizes ${sizeA} and ${sizeB}. ` +
            `Sizes must be equal, or one of them 1.`,
        );
      }
      common[ndim - back] = sizeA === 1 ? sizeB : sizeA;
    }
    return common;
  });
}

/** Strides with which row-major storage of shape `from` is read as shape `to`: 0 along stretched axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]));
}

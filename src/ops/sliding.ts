// What convolution, pooling and im2col have in common: how a window slides over the last axes of a tensor.
import { ShapeError } from "../tensor/errors.js";
import { show, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Sliding2d, SlidingWindow } from "./kernels/im2col.js";

/** One number for all axes the window slides along, or one for each. */
export type PerAxis = number | readonly number[];

/**
 * Zeros around the input: a number for both sides of all axes, a number or a pair [before, after] for each axis, "valid"
 * for none, or "same" for as many as keep the size (an odd one goes after). "same" needs stride 1.
 */
export type Padding =
  number | "valid" | "same" | readonly (number | readonly [before: number, after: number])[];

/** How a window moves over its input. */
export interface SlidingOptions {
  /** How far the window moves from place to place, 1 by default. */
  stride?: PerAxis;
  /** How many elements are added at the ends, or "same"; 0 by default. */
  padding?: Padding;
  /** How far apart the elements of the window lie in the input, 1 by default. */
  dilation?: PerAxis;
}

/** The window along each of the last axes of `shape`, as many as `kernel` has. */
export function slidingWindows(
  op: string,
  shape: Shape,
  kernel: Shape,
  { stride = 1, padding = 0, dilation = 1 }: SlidingOptions,
): SlidingWindow[] {
  const first = shape.length - kernel.length;
  const strides = perAxis(op, "stride", stride, kernel.length, 1);
  const dilations = perAxis(op, "dilation", dilation, kernel.length, 1);
  const margins = marginsOf(op, padding, kernel, strides, dilations);
  return kernel.map((length, i) => {
    const size = shape[first + i];
    const [before, after] = margins[i];
    const span = dilations[i] * (length - 1) + 1;
    const count = Math.floor((size + before + after - span) / strides[i]) + 1;
    if (count < 1) {
      throw new ShapeError(
        `${op}: the kernel spans ${span} elements, but axis ${first + i} of ${show(shape)} ` +
          `has ${size}, with padding ${size + before + after}.`,
      );
    }
    return { size, kernel: length, stride: strides[i], dilation: dilations[i], before, count };
  });
}

/** The window that stays on an axis of one element. */
export const single: SlidingWindow = { size: 1, kernel: 1, stride: 1, dilation: 1, before: 0, count: 1 };

/** Windows over height and width; over one axis if there is only one, which is then the width. */
export function overTwoAxes(windows: readonly SlidingWindow[]): Sliding2d {
  return windows.length === 1 ? [single, windows[0]] : [windows[0], windows[1]];
}

/** One whole number for each axis. */
export function perAxis(
  op: string,
  what: string,
  given: PerAxis,
  axes: number,
  least: number,
): readonly number[] {
  const list = typeof given === "number" ? Array<number>(axes).fill(given) : given;
  if (list.length === axes && list.every((value) => Number.isInteger(value) && value >= least)) return list;
  const count = axes === 1 ? "one whole number" : `one whole number, or ${axes} of them,`;
  throw new ShapeError(`${op}: ${what} ${showGiven(given)}. Expected ${count} from ${least}.`);
}

/** Padding as a pair for each axis. */
export function marginsOf(
  op: string,
  padding: Padding,
  kernel: Shape,
  strides: readonly number[],
  dilations: readonly number[],
): (readonly [before: number, after: number])[] {
  if (padding === "same") {
    const stride = strides.find((step) => step !== 1);
    if (stride !== undefined) throw new ShapeError(`${op}: padding "same" needs stride 1, not ${stride}.`);
    return kernel.map((length, i) => {
      const total = dilations[i] * (length - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
  }
  const list =
    padding === "valid"
      ? kernel.map(() => 0)
      : typeof padding === "number"
        ? kernel.map(() => padding)
        : padding;
  const pairs = list.map((each) => (typeof each === "number" ? ([each, each] as const) : each));
  const whole = pairs.every(
    (pair) => pair.length === 2 && pair.every((value) => Number.isInteger(value) && value >= 0),
  );
  if (whole && pairs.length === kernel.length) return pairs;
  throw new ShapeError(
    `${op}: padding ${JSON.stringify(padding)}. Expected a whole number from 0, one or a pair of them ` +
      `for each of ${kernel.length} axes, "same" or "valid".`,
  );
}

/** Checks that an input has the axes it needs. */
export function checkAxes(op: string, what: string, x: Tensor, axes: readonly string[], hint = ""): void {
  if (x.ndim === axes.length) return;
  throw new ShapeError(
    `${op}: ${what} ${show(x.shape)} has ${x.ndim} axes. Expected [${axes.join(", ")}].${hint}`,
  );
}

function showGiven(given: PerAxis): string {
  return typeof given === "number" ? String(given) : show(given);
}

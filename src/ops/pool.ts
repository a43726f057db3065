import { floating } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { show, sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineComposite, defineOp, type Op } from "./define-op.js";
import {
  averagePool,
  largestPositions,
  spreadAverage,
  type PoolWindows,
  type PoolWindows2d,
} from "./kernels/pool.js";
import { upTo } from "./kernels/positions.js";
import { definePick } from "./pick.js";
import { mean } from "./reduce.js";
import { perAxis, slidingWindows, type PerAxis, type SlidingOptions } from "./sliding.js";

export interface MaxPoolOptions extends SlidingOptions {
  /** How far the window moves from place to place; by default its own size, so that windows touch. */
  stride?: PerAxis;
}

export interface AvgPoolOptions extends Omit<MaxPoolOptions, "dilation"> {
  /** Whether padding counts as zeros in the mean (default), or is left out of it. */
  countIncludePad?: boolean;
}

type MaxPool = Op<[x: Tensor, kernelSize: PerAxis, options?: MaxPoolOptions]>;
type AvgPool = Op<[x: Tensor, kernelSize: PerAxis, options?: AvgPoolOptions]>;
type AdaptivePool = Op<[x: Tensor, outputSize: PerAxis]>;

/**
 * The largest element of each window along the last axis; see {@link maxPool2d}.
 *
 * Shapes: `x […, length]` → `[…, ⌊(length + padding − k) / stride⌋ + 1]`.
 *
 * @throws ShapeError as {@link maxPool2d}.
 * @example maxPool1d(tensor([1, 5, 2, 3]), 2).toArray() // [5, 3]
 */
export const maxPool1d: MaxPool = maxPool("maxPool1d", 1);

/**
 * The largest element of each window over the last two axes. Its gradient goes to that element; of equals, to the first.
 *
 * Shapes: `x […, H, W]` → `[…, ⌊(H + padding − k) / stride⌋ + 1, …]`. Padding is never the largest.
 *
 * @throws ShapeError if `x` has too few axes, the window is larger than the padded input, or padding than half of it.
 * @example maxPool2d(tensor([[1, 5, 2, 3], [4, 0, 9, 1]]), 2).toArray() // [[5, 9]]
 */
export const maxPool2d: MaxPool = maxPool("maxPool2d", 2);

/**
 * The mean of each window along the last axis; see {@link avgPool2d}.
 *
 * @throws ShapeError as {@link avgPool2d}.
 * @example avgPool1d(tensor([1, 5, 2, 4]), 2).toArray() // [3, 3]
 */
export const avgPool1d: AvgPool = avgPool("avgPool1d", 1);

/**
 * The mean of each window over the last two axes. Its gradient is spread evenly.
 *
 * Shapes: `x […, H, W]` → `[…, ⌊(H + padding − k) / stride⌋ + 1, …]`.
 *
 * @throws ShapeError if `x` has too few axes, the window is larger than the padded input, or padding than half of it.
 * @example avgPool2d(tensor([[1, 5, 2, 3], [4, 2, 9, 2]]), 2).toArray() // [[3, 4]]
 */
export const avgPool2d: AvgPool = avgPool("avgPool2d", 2);

/**
 * As {@link adaptiveAvgPool2d}, along the last axis.
 *
 * @throws ShapeError as {@link adaptiveAvgPool2d}.
 * @example adaptiveAvgPool1d(tensor([1, 2, 3, 4, 5]), 2).toArray() // [2, 4]
 */
export const adaptiveAvgPool1d: AdaptivePool = adaptiveAvgPool("adaptiveAvgPool1d", 1);

/**
 * Means over as many windows as the output is to have, whatever the size of the input: window i reaches from
 * ⌊i · in / out⌋ to ⌈(i + 1) · in / out⌉.
 *
 * Shapes: `x […, H, W]` → `[…, ...outputSize]`.
 *
 * @throws ShapeError if `x` has too few axes or an empty one, or `outputSize` is no size.
 * @example adaptiveAvgPool2d(tensor([[1, 2, 3], [4, 5, 6]]), 1).toArray() // [[3.5]]
 */
export const adaptiveAvgPool2d: AdaptivePool = adaptiveAvgPool("adaptiveAvgPool2d", 2);

/**
 * The mean of each channel over height and width.
 *
 * Shapes: `x [batch, channels, H, W]` → `[batch, channels]`.
 *
 * @throws ShapeError if `x` has fewer than two axes.
 * @see Lin, Chen & Yan (2014), Network in network, §3.2.
 * @example globalAvgPool2d(tensor([[[[1, 2], [3, 6]]]])).toArray() // [[3]]
 */
export const globalAvgPool2d: Op<[x: Tensor]> = defineComposite("globalAvgPool2d", (x) => {
  checkPooled("globalAvgPool2d", x, 2);
  return mean(x, [-2, -1]);
});

function maxPool(op: string, axes: 1 | 2): MaxPool {
  return definePick(op, (x: Tensor, kernelSize: PerAxis, options: MaxPoolOptions = {}) => {
    const windows = slidingPool(op, x, axes, kernelSize, options);
    const { planes, shape } = pooled(x, windows);
    return { shape, positions: largestPositions(x.elements, planes, overPlane(windows)) };
  });
}

function avgPool(op: string, axes: 1 | 2): AvgPool {
  const average = averaging(op);
  return defineComposite(op, (x, kernelSize, { countIncludePad = true, ...options } = {}) => {
    const sizes = perAxis(op, "kernelSize", kernelSize, axes, 1);
    const windows = slidingPool(op, x, axes, kernelSize, options);
    const whole = (window: PoolWindows, i: number) => ({
      ...window,
      divisors: window.starts.map(() => sizes[i]),
    });
    return average(x, countIncludePad ? windows.map(whole) : windows);
  });
}

function adaptiveAvgPool(op: string, axes: 1 | 2): AdaptivePool {
  const average = averaging(op);
  return defineComposite(op, (x, outputSize) => {
    checkPooled(op, x, axes);
    const counts = perAxis(op, "outputSize", outputSize, axes, 1);
    const windows = x.shape.slice(-axes).map((size, i) => {
      if (size === 0) {
        throw new ShapeError(`${op}: axis ${x.ndim - axes + i} of ${show(x.shape)} is empty.`);
      }
      const edge = (at: number) => (at * size) / counts[i];
      const starts = upTo(counts[i]).map((at) => Math.floor(edge(at)));
      return poolWindows(
        size,
        starts,
        upTo(counts[i]).map((at) => Math.ceil(edge(at + 1))),
        1,
      );
    });
    return average(x, windows);
  });
}

/** The means of given windows, as an operation of the given name. */
function averaging(name: string): Op<[x: Tensor, windows: readonly PoolWindows[]]> {
  return defineOp({
    name,
    call: (x: Tensor, windows: readonly PoolWindows[]) => ({ inputs: [x] as [Tensor], params: windows }),
    dtype: floating,
    shape: (x, windows) => pooled(x, windows).shape,
    forward: (out, x, windows) =>
      averagePool(out.elements, x.elements, pooled(x, windows).planes, overPlane(windows)),
    backward: (g, { inputs: [x], params }) => [unpool(g, x.shape, params)],
  });
}

/** The transpose of {@link average}. */
const unpool: Op<[g: Tensor, into: Shape, windows: readonly PoolWindows[]]> = defineOp({
  name: "spreadAverage",
  call: (g: Tensor, into: Shape, windows: readonly PoolWindows[]) => ({
    inputs: [g] as [Tensor],
    params: { into, windows },
  }),
  shape: (_g, { into }) => into,
  forward: (out, g, { windows }) =>
    spreadAverage(out.elements, g.elements, pooled(out, windows).planes, overPlane(windows)),
  backward: (u, { params: { windows } }) => [average(u, windows)],
});

const average = averaging("average");

/** The windows of a kernel that slides over the last axes, cut off where they reach into the padding. */
function slidingPool(
  op: string,
  x: Tensor,
  axes: number,
  kernelSize: PerAxis,
  options: MaxPoolOptions,
): PoolWindows[] {
  checkPooled(op, x, axes);
  const kernel = perAxis(op, "kernelSize", kernelSize, axes, 1);
  return slidingWindows(op, x.shape, kernel, { stride: kernel, ...options }).map((window, i) => {
    const { size, count, stride, before, dilation } = window;
    const starts = upTo(count).map((place) => place * stride - before);
    const ends = starts.map((start) => start + dilation * (window.kernel - 1) + 1);
    const windows = poolWindows(size, starts, ends, dilation);
    const empty = windows.divisors.findIndex((divisor) => divisor < 1);
    if (empty < 0) return windows;
    throw new ShapeError(
      `${op}: window ${empty} along axis ${x.ndim - axes + i} of ${show(x.shape)} holds nothing but padding.`,
    );
  });
}

/** Windows that count, and divide by, only those of their elements that lie within the input. */
function poolWindows(
  size: number,
  starts: readonly number[],
  ends: readonly number[],
  step: number,
): PoolWindows {
  const inside = starts.map((start) => (start < 0 ? start + Math.ceil(-start / step) * step : start));
  const cut = ends.map((end) => Math.min(end, size));
  const divisors = cut.map((end, i) => Math.ceil((end - inside[i]) / step));
  return { size, starts: inside, ends: cut, step, divisors };
}

/** The result's shape, and over how many lines or planes the windows run. */
function pooled(x: Tensor, windows: readonly PoolWindows[]): { shape: Shape; planes: number } {
  const leading = x.shape.slice(0, x.ndim - windows.length);
  return { shape: [...leading, ...windows.map(({ starts }) => starts.length)], planes: sizeOf(leading) };
}

function overPlane(windows: readonly PoolWindows[]): PoolWindows2d {
  return windows.length === 1 ? [poolWindows(1, [0], [1], 1), windows[0]] : [windows[0], windows[1]];
}

function checkPooled(op: string, x: Tensor, axes: number): void {
  if (x.ndim >= axes) return;
  const expected = axes === 1 ? "at least one axis, the length" : "at least two axes, height and width";
  throw new ShapeError(`${op}: input ${show(x.shape)}. Expected ${expected}.`);
}

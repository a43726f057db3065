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
import {
  averageRules,
  findLargest,
  returnToLargest,
  type FoundPositions,
  type MeanKind,
} from "./engine/pool.js";
import type { SlidingWindow } from "./kernels/im2col.js";
import { upTo } from "./kernels/positions.js";
import { place } from "./pick.js";
import { mean } from "./reduce.js";
import { perAxis, single, slidingWindows, type PerAxis, type SlidingOptions } from "./sliding.js";

/** How the window of a maximum moves. */
export interface MaxPoolOptions extends SlidingOptions {
  /** How far the window moves from place to place; by default its own size, so that windows touch. */
  stride?: PerAxis;
}

/** How the window of a mean moves, and what the mean counts. */
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
  return defineOp<Parameters<MaxPool>, [Tensor], MaxPoolParams>({
    name: op,
    call: (x, kernelSize, options = {}) => {
      const windows = slidingPool(op, x, axes, kernelSize, options);
      return { inputs: [x], params: { ...pooled(x, windows), windows, found: null } };
    },
    shape: (_x, { shape }) => shape,
    forward(out, x, params) {
      params.found = largestPositions(x.elements, params.planes, overPlane(params.windows));
      const [to, from] = [out.elements, x.elements];
      params.found.forEach((position, i) => (to[i] = from[position]));
    },
    backward: (g, { inputs: [x], params: { shape, found } }) => [
      place(g, x.shape, { shape, positions: found instanceof Int32Array ? found : found!.toArray() }),
    ],
    engine: {
      forward(out, [x], params: MaxPoolParams) {
        params.found = findLargest(out, x, params);
        return true;
      },
      backward(g, node) {
        const params = node.params as MaxPoolParams;
        if (params.found instanceof Int32Array) return null;
        return [returnToLargest(g, node.inputs[0], params.found!, params)];
      },
    },
  });
}

interface Pooled {
  /** The result's shape. */
  readonly shape: Shape;
  /** Over how many lines or planes the windows run. */
  readonly planes: number;
  readonly sliding: readonly SlidingWindow[];
}

interface MaxPoolParams extends Pooled {
  readonly windows: readonly PoolWindows[];
  /** Where the largest elements were. */
  found: Int32Array | FoundPositions | null;
}

interface AvgPoolParams extends Pooled {
  readonly windows: readonly PoolWindows[];
  readonly kind: MeanKind;
}

function avgPool(op: string, axes: 1 | 2): AvgPool {
  const average = averaging(op);
  return defineComposite(op, (x, kernelSize, { countIncludePad = true, ...options } = {}) => {
    const sizes = perAxis(op, "kernelSize", kernelSize, axes, 1);
    const windows = slidingPool(op, x, axes, kernelSize, options);
    if (!countIncludePad) return average(x, windows, "inside");
    const whole = windows.map((window, i) => ({
      ...window,
      divisors: window.starts.map(() => sizes[i]),
    }));
    return average(x, whole, "whole");
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
        { ...single, size, count: counts[i] },
        starts,
        upTo(counts[i]).map((at) => Math.ceil(edge(at + 1))),
        1,
      );
    });
    return average(x, windows, "adaptive");
  });
}

type Averaging = Op<[x: Tensor, windows: readonly PoolWindows[], kind: MeanKind]>;

/** The means of given windows, as an operation of the given name. */
function averaging(name: string): Averaging {
  return defineOp<Parameters<Averaging>, [Tensor], AvgPoolParams>({
    name,
    engine: averageRules,
    call: (x, windows, kind) => ({ inputs: [x], params: { ...pooled(x, windows), windows, kind } }),
    dtype: floating,
    shape: (_x, { shape }) => shape,
    forward: (out, x, { planes, windows }) =>
      averagePool(out.elements, x.elements, planes, overPlane(windows)),
    backward: (g, { inputs: [x], params }) => [unpool(g, x.shape, params)],
  });
}

/** The transpose of {@link average}. */
const unpool: Op<[g: Tensor, into: Shape, params: AvgPoolParams]> = defineOp({
  name: "spreadAverage",
  call: (g: Tensor, into: Shape, params: AvgPoolParams) => ({
    inputs: [g] as [Tensor],
    params: { into, ...params },
  }),
  shape: (_g, { into }) => into,
  forward: (out, g, { planes, windows }) =>
    spreadAverage(out.elements, g.elements, planes, overPlane(windows)),
  backward: (u, { params: { windows, kind } }) => [average(u, windows, kind)],
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
    const { count, stride, before, dilation } = window;
    const starts = upTo(count).map((place) => place * stride - before);
    const ends = starts.map((start) => start + dilation * (window.kernel - 1) + 1);
    const windows = poolWindows(window, starts, ends, dilation);
    const empty = windows.divisors.findIndex((divisor) => divisor < 1);
    if (empty < 0) return windows;
    throw new ShapeError(
      `${op}: window ${empty} along axis ${x.ndim - axes + i} of ${show(x.shape)} holds nothing but padding.`,
    );
  });
}

/** Windows that count, and divide by, only those of their elements that lie within the input. */
function poolWindows(
  sliding: SlidingWindow,
  starts: readonly number[],
  ends: readonly number[],
  step: number,
): PoolWindows {
  const inside = starts.map((start) => (start < 0 ? start + Math.ceil(-start / step) * step : start));
  const { size } = sliding;
  const cut = ends.map((end) => Math.min(end, size));
  const divisors = cut.map((end, i) => Math.ceil((end - inside[i]) / step));
  return { size, starts: inside, ends: cut, step, divisors, sliding };
}

function pooled(x: Tensor, windows: readonly PoolWindows[]): Pooled {
  const leading = x.shape.slice(0, x.ndim - windows.length);
  return {
    shape: [...leading, ...windows.map(({ starts }) => starts.length)],
    planes: sizeOf(leading),
    sliding: windows.map(({ sliding }) => sliding),
  };
}

function overPlane(windows: readonly PoolWindows[]): PoolWindows2d {
  return windows.length === 1 ? [poolWindows(single, [0], [1], 1), windows[0]] : [windows[0], windows[1]];
}

function checkPooled(op: string, x: Tensor, axes: number): void {
  if (x.ndim >= axes) return;
  const expected = axes === 1 ? "at least one axis, the length" : "at least two axes, height and width";
  throw new ShapeError(`${op}: input ${show(x.shape)}. Expected ${expected}.`);
}

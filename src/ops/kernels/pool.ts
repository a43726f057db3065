import type { SlidingWindow } from "./im2col.js";
import type { Numbers } from "./strided.js";

/** The windows that a pooling takes along one axis. */
export interface PoolWindows {
  /** Number of elements of the input. */
  readonly size: number;
  /** Where each window begins and ends (excluded), within the input. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** How far apart the elements of a window lie. */
  readonly step: number;
  /** What each window's sum is divided by for its mean. */
  readonly divisors: readonly number[];
  /** How the windows follow each other; of adaptive ones, only size and count mean something. */
  readonly sliding: SlidingWindow;
}

/** Windows over height and width. */
export type PoolWindows2d = readonly [height: PoolWindows, width: PoolWindows];

/** The mean of each window of each plane. */
export function averagePool(out: Numbers, x: Numbers, planes: number, windows: PoolWindows2d): void {
  eachWindow(planes, windows, (place, divisor, plane, i, j) => {
    let total = 0;
    eachElement(windows, plane, i, j, (at) => (total += x[at]));
    out[place] = total / divisor;
  });
}

/** The transpose of {@link averagePool}: each element's share of the gradient of every window it lies in. */
export function spreadAverage(x: Numbers, g: Numbers, planes: number, windows: PoolWindows2d): void {
  eachWindow(planes, windows, (place, divisor, plane, i, j) => {
    const share = g[place] / divisor;
    eachElement(windows, plane, i, j, (at) => (x[at] += share));
  });
}

/** The position of the largest element of each window: the first of equals, or the first NaN. */
export function largestPositions(x: Numbers, planes: number, windows: PoolWindows2d): Int32Array {
  const [h, w] = windows;
  const positions = new Int32Array(planes * h.starts.length * w.starts.length);
  eachWindow(planes, windows, (place, _divisor, plane, i, j) => {
    let best = -1;
    eachElement(windows, plane, i, j, (at) => {
      if (best < 0 || x[at] > x[best] || (Number.isNaN(x[at]) && !Number.isNaN(x[best]))) best = at;
    });
    positions[place] = best;
  });
  return positions;
}

function eachWindow(
  planes: number,
  [h, w]: PoolWindows2d,
  visit: (place: number, divisor: number, plane: number, i: number, j: number) => void,
): void {
  let place = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < h.starts.length; i++) {
      for (let j = 0; j < w.starts.length; j++) {
        visit(place++, h.divisors[i] * w.divisors[j], plane * h.size * w.size, i, j);
      }
    }
  }
}

function eachElement(
  [h, w]: PoolWindows2d,
  plane: number,
  i: number,
  j: number,
  visit: (at: number) => void,
): void {
  for (let y = h.starts[i]; y < h.ends[i]; y += h.step) {
    const row = plane + y * w.size;
    for (let x = w.starts[j]; x < w.ends[j]; x += w.step) visit(row + x);
  }
}

import type { Pointer } from "../kernels.js";

/**
 * `geometry` is that of a convolution, of which only batch (here: how many planes) and the sizes along height and width
 * count. Shapes: `x [planes, height, width]`, `out [planes, outHeight, outWidth]`. Units: planes.
 */
export interface PoolKernels {
  /**
   * The largest element of each window, and where in `x` it is (int32): the first of equals, or the first NaN. Windows
   * are cut off at the edges; each must hold an element. `positions` may be none.
   */
  maxPool(out: Pointer, positions: Pointer, x: Pointer, geometry: Pointer, from: number, to: number): void;
  maxPoolBackward(
    dx: Pointer, g: Pointer, positions: Pointer, accumulate: number, geometry: Pointer, from: number, to: number,
  ): void; // prettier-ignore
  /** The mean of each window. `countPadding`: whether what lies outside counts as zeros, or is left out of the mean. */
  avgPool(out: Pointer, x: Pointer, countPadding: number, geometry: Pointer, from: number, to: number): void;
  avgPoolBackward(
    dx: Pointer, g: Pointer, countPadding: number, accumulate: number, geometry: Pointer, from: number, to: number,
  ): void; // prettier-ignore
  /** Means over windows from ⌊i height / outHeight⌋ to ⌈(i + 1) height / outHeight⌉, and likewise along the width. */
  adaptiveAvgPool(out: Pointer, x: Pointer, geometry: Pointer, from: number, to: number): void;
  adaptiveAvgPoolBackward(
    dx: Pointer, g: Pointer, accumulate: number, geometry: Pointer, from: number, to: number,
  ): void; // prettier-ignore
}

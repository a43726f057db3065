import type { Pointer } from "../kernels.js";

/** Kernels that move elements about: copies, transposes, rows by index. */
export interface MovementKernels {
  /**
   * `out`, contiguous, takes the elements of `x` that the strides select: slices, permutations, flips, broadcasts.
   *
   * `layout` points to int32s: the `rank` sizes of `out`, then the `rank` strides of `x`, in elements (0 repeats, negative
   * goes back; let `x` point at the element that comes first). Rank 1 to 8. The range is over rows: all axes but the last.
   */
  stridedCopy(x: Pointer, out: Pointer, layout: Pointer, rank: number, from: number, to: number): void;
  /** The reverse: `out` takes the elements of `x`, contiguous, where the strides say; they must not overlap. */
  stridedAssign(x: Pointer, out: Pointer, layout: Pointer, rank: number, from: number, to: number): void;
  /** As {@link stridedAssign}, but adds: the gradient of a {@link stridedCopy} without repetition. */
  stridedAdd(x: Pointer, out: Pointer, layout: Pointer, rank: number, from: number, to: number): void;
  /**
   * `out [batch, columns, rows] = x [batch, rows, columns]` with the last axes exchanged. The range is over bands of 4
   * columns: `batch · ceil(columns / 4)`.
   */
  transpose(x: Pointer, out: Pointer, rows: number, columns: number, from: number, to: number): void;
  /** Rows of `width` from `x`, `xStride` elements apart, to `out`, `outStride` apart: pieces of a join or a split. */
  copyRows(
    x: Pointer,
    out: Pointer,
    width: number,
    xStride: number,
    outStride: number,
    from: number,
    to: number,
  ): void;
  /** `out[i, :] = x[indices[i], :]`, `indices` int32, rows of `width`. The range is over i. */
  gatherRows(x: Pointer, indices: Pointer, out: Pointer, width: number, from: number, to: number): void;
  /**
   * `out[indices[i], :] += g[i, :]` for all i of `count` in order: the gradient of {@link gatherRows}. The range is over
   * the columns of rows of `width`.
   */
  scatterAddRows(
    g: Pointer,
    indices: Pointer,
    out: Pointer,
    count: number,
    width: number,
    from: number,
    to: number,
  ): void;
}

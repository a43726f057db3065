import type { Pointer } from "../kernels.js";

/**
 * Combines `x [outer, count, inner]` along its middle axis into `out [outer, inner]`. The range is over the
 * `outer · inner` elements of `out`. All of a tensor: outer = inner = 1; the last axes: inner = 1; the first: outer = 1.
 */
export type Reduce = (
  x: Pointer,
  out: Pointer,
  count: number,
  inner: number,
  from: number,
  to: number,
) => void;

/**
 * Sums run in blocks: the at most 512 numbers of a block are added in float32, in several sums at once and those pairwise, the
 * blocks in double precision, always in the same order. So the error is at most 26 · 2⁻²⁴ · Σ|x| for any count, and no result
 * depends on how a range is cut.
 */
export interface ReduceKernels {
  /** scale · Σ x; scale is 1 for the sum and 1 / count for the mean. */
  sum(x: Pointer, out: Pointer, count: number, inner: number, scale: number, from: number, to: number): void;
  /** scale · Σ a b, both `[outer, count, inner]`: the gradient of an operand of `mul` that was broadcast. */
  mulSum(
    a: Pointer,
    b: Pointer,
    out: Pointer,
    count: number,
    inner: number,
    scale: number,
    from: number,
    to: number,
  ): void;
  /** Σ x over batch and length of `x [batch, channels, length]` → `out [channels]`. The range is over channels. */
  channelSum(
    x: Pointer,
    out: Pointer,
    batch: number,
    channels: number,
    length: number,
    from: number,
    to: number,
  ): void;
  /** As {@link channelSum}, of products a b. */
  channelMulSum(
    a: Pointer,
    b: Pointer,
    out: Pointer,
    batch: number,
    channels: number,
    length: number,
    from: number,
    to: number,
  ): void;
  /**
   * The sums of the chunks of `x [n]`, 16384 elements each, as float64 in `partials`, 8 bytes each: the first half of a sum of
   * all that several threads share. The range is over the `ceil(n / 16384)` chunks.
   */
  sumChunks(x: Pointer, partials: Pointer, n: number, from: number, to: number): void;
  /** As {@link sumChunks}, of products a b. */
  mulSumChunks(a: Pointer, b: Pointer, partials: Pointer, n: number, from: number, to: number): void;
  /** The second half: `out[0] = scale · Σ partials`. The result is that of {@link sum} over all at once, bit for bit. */
  sumPartials(partials: Pointer, out: Pointer, chunks: number, scale: number): void;
  /** Σ x² of `n` elements in double precision: it neither overflows nor loses small numbers. */
  sumOfSquares(x: Pointer, n: number): number;
  /** The largest |x| of `n` elements; NaN if one is NaN, 0 of nothing. */
  largestSize(x: Pointer, n: number): number;

  /** The largest; NaN if one is NaN, −∞ of nothing. */
  readonly max: Reduce;
  /** The smallest; NaN if one is NaN, ∞ of nothing. */
  readonly min: Reduce;
  /** The product, in double precision; 1 of nothing. */
  readonly prod: Reduce;
  /** The position, as int32, of the largest: the first of equals, the first NaN if there is one. */
  readonly argmax: Reduce;
  /** The position, as int32, of the smallest: the first of equals, the first NaN if there is one. */
  readonly argmin: Reduce;
  /** ln Σ eˣ, of which the largest element is taken out first. */
  readonly logSumExp: Reduce;
  /** Σ (x − mean)² / max(count − correction, 0), in two passes: first the mean, then the squares. */
  variance(
    x: Pointer,
    out: Pointer,
    count: number,
    inner: number,
    correction: number,
    from: number,
    to: number,
  ): void;

  /**
   * `out [outer, count, inner] = scale · x [outer, inner]`, repeated: the gradient of a sum or a mean. The range is over the
   * `outer · count` rows of `out`.
   */
  repeat(
    x: Pointer,
    out: Pointer,
    count: number,
    inner: number,
    scale: number,
    from: number,
    to: number,
  ): void;
  /**
   * The gradient of max and of min: `dx [outer, count, inner]` is g where x equals the result `out`, shared equally among
   * those that tie, else 0. The range is over the `outer · inner` lines.
   */
  extremeBackward(
    g: Pointer,
    x: Pointer,
    out: Pointer,
    dx: Pointer,
    count: number,
    inner: number,
    from: number,
    to: number,
  ): void;
}

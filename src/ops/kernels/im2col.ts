import type { Numbers } from "./strided.js";

/** How a window slides along one axis: positions `i · stride − before + k · dilation`. */
export interface SlidingWindow {
  /** Number of elements of the input. */
  readonly size: number;
  /** Number of elements of the window. */
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Elements of padding in front of the first. */
  readonly before: number;
  /** Number of places the window takes. */
  readonly count: number;
}

/** A window that slides over height and width. */
export type Sliding2d = readonly [height: SlidingWindow, width: SlidingWindow];

/**
 * Writes the patches under a sliding window as columns: `cols [channels · kH · kW, oH · oW]` from the image
 * `x [channels, H, W]` that begins at `start`. Padding is 0.
 */
export function im2col(cols: Numbers, x: Numbers, start: number, channels: number, window: Sliding2d): void {
  const { count, stride } = window[1];
  eachRow(channels, window, (row, line, from, to) => {
    for (let i = 0; i < from; i++) cols[row + i] = 0;
    for (let i = from, at = start + line + from * stride; i < to; i++, at += stride) cols[row + i] = x[at];
    for (let i = to; i < count; i++) cols[row + i] = 0;
  });
}

/** The transpose of {@link im2col}: adds every element of the columns to the place of the image it stands for. */
export function col2im(x: Numbers, cols: Numbers, start: number, channels: number, window: Sliding2d): void {
  const { stride } = window[1];
  eachRow(channels, window, (row, line, from, to) => {
    for (let i = from, at = start + line + from * stride; i < to; i++, at += stride) x[at] += cols[row + i];
  });
}

/**
 * Calls `visit(row, line, from, to)` for each row of output places under each element of the window. `row` is where the
 * row begins in the columns, `line` what its first place reads of the image; only places `from` to `to` (excluded) lie
 * inside the image.
 */
function eachRow(
  channels: number,
  [h, w]: Sliding2d,
  visit: (row: number, line: number, from: number, to: number) => void,
): void {
  let row = 0;
  for (let c = 0; c < channels; c++) {
    for (let kh = 0; kh < h.kernel; kh++) {
      for (let kw = 0; kw < w.kernel; kw++) {
        const shift = kw * w.dilation - w.before;
        const first = Math.min(Math.max(Math.ceil(-shift / w.stride), 0), w.count);
        const last = Math.max(Math.min(Math.ceil((w.size - shift) / w.stride), w.count), first);
        for (let i = 0; i < h.count; i++, row += w.count) {
          const y = i * h.stride - h.before + kh * h.dilation;
          const inside = y >= 0 && y < h.size;
          visit(row, (c * h.size + y) * w.size + shift, inside ? first : w.count, inside ? last : w.count);
        }
      }
    }
  }
}

import { Geometry } from "./conv-geometry";

// A window along one axis: its elements i = start, start + step, …, before end.

export function windowStart(place: i32, before: i32, stride: i32, dilation: i32): i32 {
  const start = place * stride - before;
  return start < 0 ? start + ((dilation - 1 - start) / dilation) * dilation : start;
}

export function windowEnd(place: i32, before: i32, stride: i32, dilation: i32, kernel: i32, size: i32): i32 {
  return min(size, place * stride - before + dilation * (kernel - 1) + 1);
}

/** Whether windows of 2 × 2 touch each other, and none reaches beyond an edge. */
export function isHalving(g: Geometry): bool {
  return (
    g.kernelHeight == 2 && g.kernelWidth == 2 && g.strideHeight == 2 && g.strideWidth == 2 &&
    g.dilationHeight == 1 && g.dilationWidth == 1 && g.beforeHeight == 0 && g.beforeWidth == 0 &&
    2 * g.outHeight <= g.height && 2 * g.outWidth <= g.width
  );
}

import { Geometry } from "./conv-geometry";
import { isHalving, windowEnd, windowStart } from "./pool-windows";
import { zeros } from "./constants";
import { Plain, rowSum } from "./sums";

export function avgPool(out: usize, x: usize, countPadding: i32, geometry: usize, from: i32, to: i32): void {
  const g = changetype<Geometry>(geometry);
  const halving = isHalving(g);
  for (let plane = from; plane < to; plane++) {
    const image = x + 4 * plane * g.height * g.width;
    for (let i = 0; i < g.outHeight; i++) {
      const top = windowStart(i, g.beforeHeight, g.strideHeight, g.dilationHeight);
      const bottom = windowEnd(i, g.beforeHeight, g.strideHeight, g.dilationHeight, g.kernelHeight, g.height);
      const row = out + 4 * (plane * g.outHeight + i) * g.outWidth;
      for (let j = halving ? halveRow(row, image + 8 * i * g.width, g) : 0; j < g.outWidth; j++) {
        const left = windowStart(j, g.beforeWidth, g.strideWidth, g.dilationWidth);
        const right = windowEnd(j, g.beforeWidth, g.strideWidth, g.dilationWidth, g.kernelWidth, g.width);
        let sum: f64 = 0;
        for (let y = top; y < bottom; y += g.dilationHeight) {
          let at = image + 4 * (y * g.width + left);
          for (let c = left; c < right; c += g.dilationWidth) {
            sum += f64(load<f32>(at));
            at += 4 * g.dilationWidth;
          }
        }
        store<f32>(row + 4 * j, f32(sum / divisor(top, bottom, left, right, countPadding, g)));
      }
    }
  }
}

/** How many elements a window's sum is divided by. */
function divisor(top: i32, bottom: i32, left: i32, right: i32, countPadding: i32, g: Geometry): f32 {
  if (countPadding) return f32(g.kernelHeight * g.kernelWidth);
  const rows = (bottom - top + g.dilationHeight - 1) / g.dilationHeight;
  return f32(rows * ((right - left + g.dilationWidth - 1) / g.dilationWidth));
}

/** Four windows of 2 × 2 at a time; returns how many. */
function halveRow(out: usize, x: usize, g: Geometry): i32 {
  const quarter = f32x4.splat(0.25);
  let j = 0;
  for (; j + 4 <= g.outWidth; j += 4) {
    const above = x + 8 * j;
    const below = above + 4 * g.width;
    const left = f32x4.add(v128.load(above), v128.load(below));
    const right = f32x4.add(v128.load(above, 16), v128.load(below, 16));
    const sums = f32x4.add(v128.shuffle<f32>(left, right, 0, 2, 4, 6), v128.shuffle<f32>(left, right, 1, 3, 5, 7));
    v128.store(out + 4 * j, f32x4.mul(sums, quarter));
  }
  return j;
}

export function avgPoolBackward(
  dx: usize, gradient: usize, countPadding: i32, accumulate: i32, geometry: usize, from: i32, to: i32,
): void {
  const g = changetype<Geometry>(geometry);
  const plane = g.height * g.width;
  if (!accumulate) memory.fill(dx + 4 * from * plane, 0, 4 * (to - from) * plane);
  for (let p = from; p < to; p++) {
    const image = dx + 4 * p * plane;
    for (let i = 0; i < g.outHeight; i++) {
      const top = windowStart(i, g.beforeHeight, g.strideHeight, g.dilationHeight);
      const bottom = windowEnd(i, g.beforeHeight, g.strideHeight, g.dilationHeight, g.kernelHeight, g.height);
      const row = gradient + 4 * (p * g.outHeight + i) * g.outWidth;
      for (let j = 0; j < g.outWidth; j++) {
        const left = windowStart(j, g.beforeWidth, g.strideWidth, g.dilationWidth);
        const right = windowEnd(j, g.beforeWidth, g.strideWidth, g.dilationWidth, g.kernelWidth, g.width);
        const share = load<f32>(row + 4 * j) / divisor(top, bottom, left, right, countPadding, g);
        for (let y = top; y < bottom; y += g.dilationHeight) {
          addToWindow(image + 4 * (y * g.width + left), right - left, g.dilationWidth, share);
        }
      }
    }
  }
}

function addToWindow(at: usize, length: i32, step: i32, share: f32): void {
  for (let i = 0; i < length; i += step) {
    store<f32>(at, load<f32>(at) + share);
    at += 4 * step;
  }
}

// Adaptive: window i of `count` reaches from ⌊i size / count⌋ to ⌈(i + 1) size / count⌉.

function edgeBefore(i: i32, size: i32, count: i32): i32 {
  return i32((i64(i) * size) / count);
}

function edgeAfter(i: i32, size: i32, count: i32): i32 {
  return i32((i64(i + 1) * size + count - 1) / count);
}

export function adaptiveAvgPool(out: usize, x: usize, geometry: usize, from: i32, to: i32): void {
  const g = changetype<Geometry>(geometry);
  for (let plane = from; plane < to; plane++) {
    const image = x + 4 * plane * g.height * g.width;
    let place = out + 4 * plane * g.outHeight * g.outWidth;
    for (let i = 0; i < g.outHeight; i++) {
      const top = edgeBefore(i, g.height, g.outHeight);
      const bottom = edgeAfter(i, g.height, g.outHeight);
      for (let j = 0; j < g.outWidth; j++) {
        const left = edgeBefore(j, g.width, g.outWidth);
        const width = edgeAfter(j, g.width, g.outWidth) - left;
        // Rows that are whole follow each other: they are one row.
        const whole = width == g.width;
        const rows = whole ? 1 : bottom - top;
        const length = whole ? (bottom - top) * width : width;
        let sum: f64 = 0;
        for (let y = top; y < top + rows; y++) {
          const row = image + 4 * (y * g.width + left);
          sum += rowSum<Plain>(row, row, zeros(), zeros(), length);
        }
        store<f32>(place, f32(sum / f64((bottom - top) * width)));
        place += 4;
      }
    }
  }
}

export function adaptiveAvgPoolBackward(
  dx: usize, gradient: usize, accumulate: i32, geometry: usize, from: i32, to: i32,
): void {
  const g = changetype<Geometry>(geometry);
  const plane = g.height * g.width;
  if (!accumulate) memory.fill(dx + 4 * from * plane, 0, 4 * (to - from) * plane);
  for (let p = from; p < to; p++) {
    let place = gradient + 4 * p * g.outHeight * g.outWidth;
    for (let i = 0; i < g.outHeight; i++) {
      const top = edgeBefore(i, g.height, g.outHeight);
      const bottom = edgeAfter(i, g.height, g.outHeight);
      for (let j = 0; j < g.outWidth; j++) {
        const left = edgeBefore(j, g.width, g.outWidth);
        const width = edgeAfter(j, g.width, g.outWidth) - left;
        const share = load<f32>(place) / f32((bottom - top) * width);
        for (let y = top; y < bottom; y++) addToWindow(dx + 4 * (p * plane + y * g.width + left), width, 1, share);
        place += 4;
      }
    }
  }
}

import { Geometry } from "./conv-geometry";
import { isHalving, windowEnd, windowStart } from "./pool-windows";

export function maxPool(out: usize, positions: usize, x: usize, geometry: usize, from: i32, to: i32): void {
  const g = changetype<Geometry>(geometry);
  const halving = isHalving(g);
  for (let plane = from; plane < to; plane++) {
    const first = plane * g.height * g.width;
    for (let i = 0; i < g.outHeight; i++) {
      const place = (plane * g.outHeight + i) * g.outWidth;
      const outRow = out + 4 * place;
      const positionRow = positions ? positions + 4 * place : 0;
      const done = halving ? halveRow(outRow, positionRow, x, first + 2 * i * g.width, g) : 0;
      for (let j = done; j < g.outWidth; j++) {
        const best = largest(x, first, i, j, g);
        store<f32>(outRow + 4 * j, load<f32>(x + 4 * best));
        if (positionRow) store<i32>(positionRow + 4 * j, best);
      }
    }
  }
}

/** The position of the largest element of a window: the first of equals, or the first NaN. */
function largest(x: usize, plane: i32, i: i32, j: i32, g: Geometry): i32 {
  const top = windowStart(i, g.beforeHeight, g.strideHeight, g.dilationHeight);
  const left = windowStart(j, g.beforeWidth, g.strideWidth, g.dilationWidth);
  const bottom = windowEnd(i, g.beforeHeight, g.strideHeight, g.dilationHeight, g.kernelHeight, g.height);
  const right = windowEnd(j, g.beforeWidth, g.strideWidth, g.dilationWidth, g.kernelWidth, g.width);
  let best = plane + top * g.width + left;
  let most = load<f32>(x + 4 * best);
  for (let y = top; y < bottom; y += g.dilationHeight) {
    for (let at = plane + y * g.width + left, end = plane + y * g.width + right; at < end; at += g.dilationWidth) {
      const value = load<f32>(x + 4 * at);
      // The second condition: a number is no better than a NaN, and a NaN better than a number.
      if (value > most || (value != value && most == most)) {
        most = value;
        best = at;
      }
    }
  }
  return best;
}

/** Four windows of 2 × 2 at a time, in a row of the output that begins at element `at` of `x`; returns how many. */
function halveRow(out: usize, positions: usize, x: usize, at: i32, g: Geometry): i32 {
  const steps = i32x4(0, 2, 4, 6);
  const one = i32x4.splat(1);
  const below = i32x4.splat(g.width);
  let j = 0;
  for (; j + 4 <= g.outWidth; j += 4) {
    const row0 = x + 4 * (at + 2 * j);
    const row1 = row0 + 4 * g.width;
    const a = v128.load(row0), b = v128.load(row0, 16), c = v128.load(row1), d = v128.load(row1, 16);
    let most = v128.shuffle<f32>(a, b, 0, 2, 4, 6);
    let offset = i32x4.splat(0);
    let value = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
    let better = isBetter(value, most);
    most = v128.bitselect(value, most, better);
    offset = v128.bitselect(one, offset, better);
    value = v128.shuffle<f32>(c, d, 0, 2, 4, 6);
    better = isBetter(value, most);
    most = v128.bitselect(value, most, better);
    offset = v128.bitselect(below, offset, better);
    value = v128.shuffle<f32>(c, d, 1, 3, 5, 7);
    better = isBetter(value, most);
    most = v128.bitselect(value, most, better);
    offset = v128.bitselect(i32x4.add(below, one), offset, better);
    v128.store(out + 4 * j, most);
    if (positions) v128.store(positions + 4 * j, i32x4.add(offset, i32x4.add(steps, i32x4.splat(at + 2 * j))));
  }
  return j;
}

/** Larger, or NaN where the other is none. */
// @ts-ignore: decorator
@inline
function isBetter(value: v128, most: v128): v128 {
  return v128.or(f32x4.gt(value, most), v128.and(f32x4.ne(value, value), f32x4.eq(most, most)));
}

export function maxPoolBackward(
  dx: usize, gradient: usize, positions: usize, accumulate: i32, geometry: usize, from: i32, to: i32,
): void {
  const g = changetype<Geometry>(geometry);
  const plane = g.height * g.width;
  const outPlane = g.outHeight * g.outWidth;
  if (!accumulate) memory.fill(dx + 4 * from * plane, 0, 4 * (to - from) * plane);
  for (let i = from * outPlane, end = to * outPlane; i < end; i++) {
    const at = dx + 4 * load<i32>(positions + 4 * i);
    store<f32>(at, load<f32>(at) + load<f32>(gradient + 4 * i));
  }
}

import { at } from "./loops";
import { madd } from "./simd";
import { loadTail, storeTail } from "./tails";

// What the normalisations have in common: rows to which the same numbers apply throughout.

/** γ or β of a channel; `none` if there are none. */
// @ts-ignore: decorator
@inline
export function affineOf(base: usize, channel: i32, none: f32): f32 {
  return base ? load<f32>(at(base, channel)) : none;
}

/** `out = (x − center) · scale + shift`. */
export function normalizeRow(x: usize, out: usize, center: f32, scale: f32, shift: f32, n: i32): void {
  const center4 = f32x4.splat(center), scale4 = f32x4.splat(scale), shift4 = f32x4.splat(shift);
  for (; n >= 8; n -= 8, x += 32, out += 32) {
    v128.store(out, madd(f32x4.sub(v128.load(x), center4), scale4, shift4));
    v128.store(out, madd(f32x4.sub(v128.load(x, 16), center4), scale4, shift4), 16);
  }
  for (; n >= 4; n -= 4, x += 16, out += 16) {
    v128.store(out, madd(f32x4.sub(v128.load(x), center4), scale4, shift4));
  }
  if (n > 0) storeTail(out, madd(f32x4.sub(loadTail(x, n), center4), scale4, shift4), n);
}

/** `dx = a g + b (x − center) + c`: every normalisation's gradient, once its sums are known. */
export function backwardRow(
  g: usize, x: usize, dx: usize, center: f32, a: f32, b: f32, c: f32, n: i32,
): void {
  const center4 = f32x4.splat(center), a4 = f32x4.splat(a), b4 = f32x4.splat(b), c4 = f32x4.splat(c);
  for (; n >= 8; n -= 8, g += 32, x += 32, dx += 32) {
    const first = madd(f32x4.sub(v128.load(x), center4), b4, c4);
    const second = madd(f32x4.sub(v128.load(x, 16), center4), b4, c4);
    v128.store(dx, madd(v128.load(g), a4, first));
    v128.store(dx, madd(v128.load(g, 16), a4, second), 16);
  }
  for (; n >= 4; n -= 4, g += 16, x += 16, dx += 16) {
    v128.store(dx, madd(v128.load(g), a4, madd(f32x4.sub(v128.load(x), center4), b4, c4)));
  }
  if (n > 0) {
    storeTail(dx, madd(loadTail(g, n), a4, madd(f32x4.sub(loadTail(x, n), center4), b4, c4)), n);
  }
}

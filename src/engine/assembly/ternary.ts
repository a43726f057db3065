import { halves, ones, zeros } from "./constants";
import { at } from "./loops";
import { madd } from "./simd";
import { loadTail, storeTail } from "./tails";

// Kernels of three tensors of one shape, element by element.

/** `out[i] = f(a[i], b[i], c[i])`. */
// @ts-ignore: decorator
@inline
function mapThree<F>(a: usize, b: usize, c: usize, out: usize, from: i32, to: i32): void {
  const f = changetype<F>(0);
  a = at(a, from);
  b = at(b, from);
  c = at(c, from);
  out = at(out, from);
  let n = to - from;
  for (; n >= 4; n -= 4, a += 16, b += 16, c += 16, out += 16) {
    v128.store(out, f.value(v128.load(a), v128.load(b), v128.load(c)));
  }
  if (n > 0) storeTail(out, f.value(loadTail(a, n), loadTail(b, n), loadTail(c, n)), n);
}

@unmanaged
class DivBackward {
  @inline value(g: v128, out: v128, b: v128): v128 {
    return f32x4.neg(f32x4.div(f32x4.mul(g, out), b));
  }
}
export function divBackward(g: usize, out: usize, b: usize, db: usize, from: i32, to: i32): void {
  mapThree<DivBackward>(g, out, b, db, from, to);
}

@unmanaged
class MaximumBackward {
  @inline value(g: v128, a: v128, b: v128): v128 {
    const wins = v128.and(f32x4.gt(a, b), ones());
    return f32x4.mul(g, v128.or(wins, v128.and(f32x4.eq(a, b), halves())));
  }
}
export function maximumBackward(g: usize, a: usize, b: usize, da: usize, from: i32, to: i32): void {
  mapThree<MaximumBackward>(g, a, b, da, from, to);
}

@unmanaged
class AddProduct {
  @inline value(a: v128, b: v128, out: v128): v128 {
    return madd(a, b, out);
  }
}
export function addProduct(a: usize, b: usize, out: usize, from: i32, to: i32): void {
  mapThree<AddProduct>(a, b, out, out, from, to);
}

export function where(
  condition: usize, a: usize, b: usize, out: usize, aStep: i32, bStep: i32, from: i32, to: i32,
): void {
  const a4 = v128.load_splat<f32>(a), b4 = v128.load_splat<f32>(b);
  let i = from;
  for (; i + 4 <= to; i += 4) {
    const bytes = v128.load32_zero(condition + <usize>i);
    const isSet = i32x4.gt_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), zeros());
    const chosen = v128.bitselect(aStep ? v128.load(at(a, i)) : a4, bStep ? v128.load(at(b, i)) : b4, isSet);
    v128.store(at(out, i), chosen);
  }
  for (; i < to; i++) {
    const chosen = load<u8>(condition + <usize>i) ? at(a, i * aStep) : at(b, i * bStep);
    store<u32>(at(out, i), load<u32>(chosen));
  }
}

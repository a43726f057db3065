import { at } from "./loops";
import { pow as powOf } from "./power";
import { loadTail, storeTail } from "./tails";

// Functions of two tensors, element by element, broadcast.

/** The byte that a comparison gives takes a quarter of the room of a number. */
// @ts-ignore: decorator
@inline
function outAt<F>(out: usize, index: i32): usize {
  return changetype<F>(0).givesBytes() ? out + <usize>index : at(out, index);
}

// @ts-ignore: decorator
@inline
function put<F>(out: usize, index: i32, y: v128): void {
  if (changetype<F>(0).givesBytes()) v128.store_lane<u32>(out + <usize>index, asBytes(y), 0);
  else v128.store(at(out, index), y);
}

// @ts-ignore: decorator
@inline
function putTail<F>(out: usize, y: v128, count: i32): void {
  if (!changetype<F>(0).givesBytes()) {
    storeTail(out, y, count);
    return;
  }
  const bytes = i32x4.extract_lane(asBytes(y), 0);
  for (let i = 0; i < count; i++) store<u8>(out + <usize>i, <u8>(bytes >> (8 * i)));
}

/** Four bytes 0 or 1 from four masks. */
// @ts-ignore: decorator
@inline
function asBytes(masks: v128): v128 {
  const halfWords = i16x8.narrow_i32x4_s(masks, masks);
  return v128.and(i8x16.narrow_i16x8_s(halfWords, halfWords), i8x16.splat(1));
}

/** `out[i] = f(a[i], b[i])` for i below n; an operand that repeats is a single number. */
function combine<F>(a: usize, aRepeats: bool, b: usize, bRepeats: bool, out: usize, n: i32): void {
  const f = changetype<F>(0);
  if (bRepeats) {
    const b4 = v128.load_splat<f32>(b);
    for (; !f.isLong() && n >= 16; n -= 16, a += 64, out = outAt<F>(out, 16)) {
      put<F>(out, 0, f.value(v128.load(a), b4));
      put<F>(out, 4, f.value(v128.load(a, 16), b4));
      put<F>(out, 8, f.value(v128.load(a, 32), b4));
      put<F>(out, 12, f.value(v128.load(a, 48), b4));
    }
    for (; n >= 4; n -= 4, a += 16, out = outAt<F>(out, 4)) put<F>(out, 0, f.value(v128.load(a), b4));
    if (n > 0) putTail<F>(out, f.value(loadTail(a, n), b4), n);
  } else if (aRepeats) {
    const a4 = v128.load_splat<f32>(a);
    for (; !f.isLong() && n >= 16; n -= 16, b += 64, out = outAt<F>(out, 16)) {
      put<F>(out, 0, f.value(a4, v128.load(b)));
      put<F>(out, 4, f.value(a4, v128.load(b, 16)));
      put<F>(out, 8, f.value(a4, v128.load(b, 32)));
      put<F>(out, 12, f.value(a4, v128.load(b, 48)));
    }
    for (; n >= 4; n -= 4, b += 16, out = outAt<F>(out, 4)) put<F>(out, 0, f.value(a4, v128.load(b)));
    if (n > 0) putTail<F>(out, f.value(a4, loadTail(b, n)), n);
  } else {
    for (; !f.isLong() && n >= 16; n -= 16, a += 64, b += 64, out = outAt<F>(out, 16)) {
      put<F>(out, 0, f.value(v128.load(a), v128.load(b)));
      put<F>(out, 4, f.value(v128.load(a, 16), v128.load(b, 16)));
      put<F>(out, 8, f.value(v128.load(a, 32), v128.load(b, 32)));
      put<F>(out, 12, f.value(v128.load(a, 48), v128.load(b, 48)));
    }
    for (; n >= 4; n -= 4, a += 16, b += 16, out = outAt<F>(out, 4)) {
      put<F>(out, 0, f.value(v128.load(a), v128.load(b)));
    }
    if (n > 0) putTail<F>(out, f.value(loadTail(a, n), loadTail(b, n)), n);
  }
}

const allAxes = 7;

/** How far, in elements, an operand with the given axes goes from one index of an axis to the next. */
// @ts-ignore: decorator
@inline
function strideOf(axis: i32, axes: i32, middle: i32, inner: i32): i32 {
  if (!(axes & axis)) return 0;
  return (axis > 1 && axes & 1 ? inner : 1) * (axis > 2 && axes & 2 ? middle : 1);
}

// @ts-ignore: decorator
@inline
function broadcast<F>(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  if ((aAxes == allAxes || aAxes == 0) && (bAxes == allAxes || bAxes == 0)) {
    const aAt = aAxes ? at(a, from) : a;
    combine<F>(aAt, !aAxes, bAxes ? at(b, from) : b, !bAxes, outAt<F>(out, from), to - from);
    return;
  }
  if (from >= to) return;
  const a0 = strideOf(4, aAxes, middle, inner);
  const a1 = strideOf(2, aAxes, middle, inner);
  const b0 = strideOf(4, bAxes, middle, inner);
  const b1 = strideOf(2, bAxes, middle, inner);
  let i = from % inner;
  let m = (from / inner) % middle;
  let o = from / inner / middle;
  while (from < to) {
    const count = min(inner - i, to - from);
    const aAt = at(a, o * a0 + m * a1 + (aAxes & 1 ? i : 0));
    const bAt = at(b, o * b0 + m * b1 + (bAxes & 1 ? i : 0));
    combine<F>(aAt, !(aAxes & 1), bAt, !(bAxes & 1), outAt<F>(out, from), count);
    from += count;
    i = 0;
    if (++m == middle) {
      m = 0;
      o++;
    }
  }
}

@unmanaged
class Numbers {
  @inline givesBytes(): bool {
    return false;
  }
  @inline isLong(): bool {
    return false;
  }
}
@unmanaged
class Bytes {
  @inline givesBytes(): bool {
    return true;
  }
  @inline isLong(): bool {
    return false;
  }
}

@unmanaged
class Add extends Numbers {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}
export function add(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Add>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class Sub extends Numbers {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}
export function sub(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Sub>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class Mul extends Numbers {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}
export function mul(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Mul>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class Div extends Numbers {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}
export function div(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Div>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class Maximum extends Numbers {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}
export function maximum(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Maximum>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class Minimum extends Numbers {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}
export function minimum(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Minimum>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

// not a subclass: a method that is overridden somewhere is looked up at run time, and there is no object to look it up in
@unmanaged
class Pow {
  @inline givesBytes(): bool {
    return false;
  }
  @inline isLong(): bool {
    return true;
  }
  @inline value(a: v128, b: v128): v128 {
    return powOf(a, b);
  }
}
export function pow(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Pow>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class Greater extends Bytes {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.gt(a, b);
  }
}
export function greater(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Greater>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class GreaterEqual extends Bytes {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.ge(a, b);
  }
}
export function greaterEqual(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<GreaterEqual>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class Equal extends Bytes {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.eq(a, b);
  }
}
export function equal(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<Equal>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}

@unmanaged
class NotEqual extends Bytes {
  @inline value(a: v128, b: v128): v128 {
    return f32x4.ne(a, b);
  }
}
export function notEqual(
  a: usize, b: usize, out: usize, middle: i32, inner: i32, aAxes: i32, bAxes: i32, from: i32, to: i32,
): void {
  broadcast<NotEqual>(a, b, out, middle, inner, aAxes, bAxes, from, to);
}


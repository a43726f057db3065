import { loadTail, storeTail } from "./tails";

// The loops of elementwise kernels. What is done to four numbers at once is a class with a method `value`; the compiler makes
// one loop for each class and puts the method into it.

// @ts-ignore: decorator
@inline
export function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

/** `out[i] = f(x[i], p, q)`, p and q being the same throughout. */
// @ts-ignore: decorator
@inline
export function mapOne<F>(x: usize, out: usize, p: v128, q: v128, from: i32, to: i32): void {
  const f = changetype<F>(0);
  let n = to - from;
  x = at(x, from);
  out = at(out, from);
  for (; n >= 16; n -= 16, x += 64, out += 64) {
    v128.store(out, f.value(v128.load(x), p, q));
    v128.store(out, f.value(v128.load(x, 16), p, q), 16);
    v128.store(out, f.value(v128.load(x, 32), p, q), 32);
    v128.store(out, f.value(v128.load(x, 48), p, q), 48);
  }
  for (; n >= 4; n -= 4, x += 16, out += 16) v128.store(out, f.value(v128.load(x), p, q));
  if (n > 0) storeTail(out, f.value(loadTail(x, n), p, q), n);
}

/** As {@link mapOne}, for what takes long: two vectors at a time share the reading of constants. */
// @ts-ignore: decorator
@inline
export function mapOneLong<F>(x: usize, out: usize, p: v128, q: v128, from: i32, to: i32): void {
  const f = changetype<F>(0);
  let n = to - from;
  x = at(x, from);
  out = at(out, from);
  for (; n >= 8; n -= 8, x += 32, out += 32) {
    const first = f.value(v128.load(x), p, q);
    const second = f.value(v128.load(x, 16), p, q);
    v128.store(out, first);
    v128.store(out, second, 16);
  }
  for (; n > 0; n -= 4, x += 16, out += 16) {
    const y = f.value(n < 4 ? loadTail(x, n) : v128.load(x), p, q);
    if (n < 4) storeTail(out, y, n);
    else v128.store(out, y);
  }
}

/** `out[i] = f(a[i], b[i], p, q)`. */
// @ts-ignore: decorator
@inline
export function mapTwo<F>(a: usize, b: usize, out: usize, p: v128, q: v128, from: i32, to: i32): void {
  const f = changetype<F>(0);
  let n = to - from;
  a = at(a, from);
  b = at(b, from);
  out = at(out, from);
  for (; n >= 16; n -= 16, a += 64, b += 64, out += 64) {
    v128.store(out, f.value(v128.load(a), v128.load(b), p, q));
    v128.store(out, f.value(v128.load(a, 16), v128.load(b, 16), p, q), 16);
    v128.store(out, f.value(v128.load(a, 32), v128.load(b, 32), p, q), 32);
    v128.store(out, f.value(v128.load(a, 48), v128.load(b, 48), p, q), 48);
  }
  for (; n >= 4; n -= 4, a += 16, b += 16, out += 16) {
    v128.store(out, f.value(v128.load(a), v128.load(b), p, q));
  }
  if (n > 0) storeTail(out, f.value(loadTail(a, n), loadTail(b, n), p, q), n);
}

/** As {@link mapTwo}, for what takes long. */
// @ts-ignore: decorator
@inline
export function mapTwoLong<F>(a: usize, b: usize, out: usize, p: v128, q: v128, from: i32, to: i32): void {
  const f = changetype<F>(0);
  let n = to - from;
  a = at(a, from);
  b = at(b, from);
  out = at(out, from);
  for (; n >= 8; n -= 8, a += 32, b += 32, out += 32) {
    const first = f.value(v128.load(a), v128.load(b), p, q);
    const second = f.value(v128.load(a, 16), v128.load(b, 16), p, q);
    v128.store(out, first);
    v128.store(out, second, 16);
  }
  for (; n > 0; n -= 4, a += 16, b += 16, out += 16) {
    const whole = n >= 4;
    const y = f.value(whole ? v128.load(a) : loadTail(a, n), whole ? v128.load(b) : loadTail(b, n), p, q);
    if (whole) v128.store(out, y);
    else storeTail(out, y, n);
  }
}

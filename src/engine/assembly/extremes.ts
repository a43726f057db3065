import { zeros } from "./constants";
import { at } from "./loops";
import { loadRepeating, loadTail, storeTail } from "./tails";

// The largest and the smallest elements, where they stand, and products.

// @ts-ignore: decorator
@inline
function smaller(a: i32, b: i32): i32 {
  return a < b ? a : b;
}

/** The largest: of two numbers, and of four pairs, without regard to NaN. */
@unmanaged
class Largest {
  @inline none(): f32 {
    return -Infinity;
  }
  @inline four(best: v128, x: v128): v128 {
    return f32x4.pmax(best, x);
  }
  @inline beats(x: f32, best: f32): bool {
    return x > best;
  }
}

@unmanaged
class Smallest {
  @inline none(): f32 {
    return Infinity;
  }
  @inline four(best: v128, x: v128): v128 {
    return f32x4.pmin(best, x);
  }
  @inline beats(x: f32, best: f32): bool {
    return x < best;
  }
}

/** The best of a row, or NaN if one is NaN. */
function bestOfRow<E>(x: usize, n: i32): f32 {
  const e = changetype<E>(0);
  let first = f32x4.splat(e.none()), second = first, third = first, fourth = first;
  let isNaN = zeros();
  for (; n >= 16; n -= 16, x += 64) {
    const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32), x3 = v128.load(x, 48);
    first = e.four(first, x0);
    second = e.four(second, x1);
    third = e.four(third, x2);
    fourth = e.four(fourth, x3);
    isNaN = v128.or(isNaN, v128.or(f32x4.ne(x0, x0), f32x4.ne(x1, x1)));
    isNaN = v128.or(isNaN, v128.or(f32x4.ne(x2, x2), f32x4.ne(x3, x3)));
  }
  first = e.four(e.four(first, second), e.four(third, fourth));
  for (; n > 0; n -= 4, x += 16) {
    const x4 = loadRepeating(x, n);
    first = e.four(first, x4);
    isNaN = v128.or(isNaN, f32x4.ne(x4, x4));
  }
  if (v128.any_true(isNaN)) return NaN;
  let best = f32x4.extract_lane(first, 0);
  if (e.beats(f32x4.extract_lane(first, 1), best)) best = f32x4.extract_lane(first, 1);
  if (e.beats(f32x4.extract_lane(first, 2), best)) best = f32x4.extract_lane(first, 2);
  if (e.beats(f32x4.extract_lane(first, 3), best)) best = f32x4.extract_lane(first, 3);
  return best;
}

/** The bests of `width` neighbouring columns. */
function bestOfColumns<E>(x: usize, count: i32, stride: i32, width: i32, out: usize): void {
  const e = changetype<E>(0);
  const step: usize = <usize>stride << 2;
  for (; width > 0; width -= 4, x += 16, out += 16) {
    let best = f32x4.splat(e.none());
    let isNaN = zeros();
    for (let row = 0, at = x; row < count; row++, at += step) {
      const x4 = width < 4 ? loadTail(at, width) : v128.load(at);
      best = e.four(best, x4);
      isNaN = v128.or(isNaN, f32x4.ne(x4, x4));
    }
    const result = v128.or(best, isNaN);
    if (width < 4) storeTail(out, result, width);
    else v128.store(out, result);
  }
}

// @ts-ignore: decorator
@inline
function bestOf<E>(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) store<f32>(at(out, row), bestOfRow<E>(at(x, row * count), count));
    return;
  }
  while (from < to) {
    const outer = from / inner;
    const width = smaller(to, (outer + 1) * inner) - from;
    bestOfColumns<E>(at(x, from + outer * inner * (count - 1)), count, inner, width, at(out, from));
    from += width;
  }
}

export function max(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  bestOf<Largest>(x, out, count, inner, from, to);
}

export function min(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  bestOf<Smallest>(x, out, count, inner, from, to);
}

/** The largest of a row, or NaN if one is NaN. */
export function largestOfRow(x: usize, n: i32): f32 {
  return bestOfRow<Largest>(x, n);
}

// @ts-ignore: decorator
@inline
function placeOfBest<E>(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  const e = changetype<E>(0);
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; line++) {
    let next = firstOfLine(x, line, count, inner);
    let best = load<f32>(next);
    let place = 0;
    // NaN beats all and is beaten by none
    for (let k = 1; k < count && best == best; k++) {
      next += step;
      const value = load<f32>(next);
      if (e.beats(value, best) || value != value) {
        best = value;
        place = k;
      }
    }
    store<i32>(at(out, line), place);
  }
}

/** Where the elements of `x [outer, count, inner]` begin that go into element `line` of `[outer, inner]`. */
// @ts-ignore: decorator
@inline
function firstOfLine(x: usize, line: i32, count: i32, inner: i32): usize {
  return at(x, line + (line / inner) * inner * (count - 1));
}

export function argmax(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  placeOfBest<Largest>(x, out, count, inner, from, to);
}

export function argmin(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  placeOfBest<Smallest>(x, out, count, inner, from, to);
}

export function prod(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; line++) {
    let next = firstOfLine(x, line, count, inner);
    let product: f64 = 1;
    for (let k = 0; k < count; k++, next += step) product *= <f64>load<f32>(next);
    store<f32>(at(out, line), <f32>product);
  }
}

export function largestSize(x: usize, n: i32): f32 {
  let best = zeros(), isNaN = zeros();
  for (; n > 0; n -= 4, x += 16) {
    const size = f32x4.abs(loadRepeating(x, n));
    best = f32x4.pmax(best, size);
    isNaN = v128.or(isNaN, f32x4.ne(size, size));
  }
  best = v128.or(best, isNaN);
  const pairs = f32x4.max(best, i8x16.shuffle(best, best, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  const all = f32x4.max(pairs, i8x16.shuffle(pairs, pairs, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  return f32x4.extract_lane(all, 0);
}

export function extremeBackward(
  g: usize, x: usize, out: usize, dx: usize, count: i32, inner: i32, from: i32, to: i32,
): void {
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; line++) {
    const best = load<f32>(at(out, line));
    const first = firstOfLine(x, line, count, inner);
    let ties = 0;
    for (let k = 0, next = first; k < count; k++, next += step) ties += i32(load<f32>(next) == best);
    const share = load<f32>(at(g, line)) / <f32>ties;
    let into = firstOfLine(dx, line, count, inner);
    for (let k = 0, next = first; k < count; k++, next += step, into += step) {
      store<f32>(into, load<f32>(next) == best ? share : 0);
    }
  }
}

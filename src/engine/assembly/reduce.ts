import { zeros } from "./constants";
import { at, mapOne } from "./loops";
import { lowerPair, sumOfPairs, upperPair } from "./pairs";
import { MulScalar, fill } from "./scalar-operand";
import { Plain, Product, SquaredDistance, chunk, chunkSum, columnSums, rowSum, toColumn, toNone } from "./sums";
import { loadTail, storeTail } from "./tails";

// Sums, means and variances.

// @ts-ignore: decorator
@inline
function sumsOf<T>(a: usize, b: usize, out: usize, count: i32, inner: i32, scale: f64, from: i32, to: i32): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) {
      const start = row * count;
      store<f32>(at(out, row), <f32>(scale * rowSum<T>(at(a, start), at(b, start), zeros(), zeros(), count)));
    }
    return;
  }
  while (from < to) {
    const outer = from / inner;
    const start = from + outer * inner * (count - 1);
    const width = min(to, (outer + 1) * inner) - from;
    columnSums<T>(toNone, at(a, start), at(b, start), 0, 0, count, inner, width, at(out, from), scale);
    from += width;
  }
}

export function sum(x: usize, out: usize, count: i32, inner: i32, scale: f64, from: i32, to: i32): void {
  sumsOf<Plain>(x, x, out, count, inner, scale, from, to);
}

export function mulSum(
  a: usize, b: usize, out: usize, count: i32, inner: i32, scale: f64, from: i32, to: i32,
): void {
  sumsOf<Product>(a, b, out, count, inner, scale, from, to);
}

// @ts-ignore: decorator
@inline
function channelSumsOf<T>(
  a: usize, b: usize, out: usize, batch: i32, channels: i32, length: i32, from: i32, to: i32,
): void {
  if (length == 1) {
    columnSums<T>(toNone, at(a, from), at(b, from), 0, 0, batch, channels, to - from, at(out, from), 1);
    return;
  }
  for (let channel = from; channel < to; channel++) {
    let total: f64 = 0;
    for (let sample = 0; sample < batch; sample++) {
      const start = (sample * channels + channel) * length;
      total += rowSum<T>(at(a, start), at(b, start), zeros(), zeros(), length);
    }
    store<f32>(at(out, channel), <f32>total);
  }
}

export function channelSum(
  x: usize, out: usize, batch: i32, channels: i32, length: i32, from: i32, to: i32,
): void {
  channelSumsOf<Plain>(x, x, out, batch, channels, length, from, to);
}

export function channelMulSum(
  a: usize, b: usize, out: usize, batch: i32, channels: i32, length: i32, from: i32, to: i32,
): void {
  channelSumsOf<Product>(a, b, out, batch, channels, length, from, to);
}

// @ts-ignore: decorator
@inline
function chunkSumsOf<T>(a: usize, b: usize, partials: usize, n: i32, from: i32, to: i32): void {
  for (let i = from; i < to; i++) {
    const start = i * chunk;
    const partial = chunkSum<T>(at(a, start), at(b, start), zeros(), zeros(), min(n - start, chunk));
    store<f64>(partials + (<usize>i << 3), partial);
  }
}

export function sumChunks(x: usize, partials: usize, n: i32, from: i32, to: i32): void {
  chunkSumsOf<Plain>(x, x, partials, n, from, to);
}

export function mulSumChunks(a: usize, b: usize, partials: usize, n: i32, from: i32, to: i32): void {
  chunkSumsOf<Product>(a, b, partials, n, from, to);
}

export function sumPartials(partials: usize, out: usize, chunks: i32, scale: f64): void {
  let total: f64 = 0;
  for (let i = 0; i < chunks; i++) total += load<f64>(partials + (<usize>i << 3));
  store<f32>(out, <f32>(scale * total));
}

export function sumOfSquares(x: usize, n: i32): f64 {
  let first = zeros(), second = zeros();
  for (; n > 0; n -= 4, x += 16) {
    const x4 = n < 4 ? loadTail(x, n) : v128.load(x);
    const lower = lowerPair(x4), upper = upperPair(x4);
    first = f64x2.add(first, f64x2.mul(lower, lower));
    second = f64x2.add(second, f64x2.mul(upper, upper));
  }
  return sumOfPairs(first, second);
}

export function variance(x: usize, out: usize, count: i32, inner: i32, correction: f32, from: i32, to: i32): void {
  const scale = 1 / max<f64>(<f64>count - <f64>correction, 0);
  if (inner == 1) {
    for (let row = from; row < to; row++) {
      const start = at(x, row * count);
      const mean = rowSum<Plain>(start, start, zeros(), zeros(), count) / <f64>count;
      store<f32>(at(out, row), <f32>(scale * rowSquares(start, mean, count)));
    }
    return;
  }
  while (from < to) {
    const outer = from / inner;
    const start = at(x, from + outer * inner * (count - 1));
    const width = min(to, (outer + 1) * inner) - from;
    const place = at(out, from);
    columnSums<Plain>(toNone, start, start, 0, 0, count, inner, width, place, 1 / <f64>count);
    columnSums<SquaredDistance>(toColumn, start, start, place, place, count, inner, width, place, scale);
    from += width;
  }
}

/** Σ (x − mean)² of a row; for what is lost where the mean is rounded, it is put right. */
export function rowSquares(x: usize, mean: f64, n: i32): f64 {
  const rounded = <f32>mean;
  const shift = <f64>rounded - mean;
  return max(rowSum<SquaredDistance>(x, x, f32x4.splat(rounded), zeros(), n) - <f64>n * shift * shift, 0);
}

export function repeat(x: usize, out: usize, count: i32, inner: i32, scale: f32, from: i32, to: i32): void {
  if (inner == 1) {
    while (from < to) {
      const row = from / count;
      const end = min(to, (row + 1) * count);
      fill(out, load<f32>(at(x, row)) * scale, from, end);
      from = end;
    }
    return;
  }
  for (let row = from; row < to; row++) {
    const source = at(x, (row / count) * inner);
    mapOne<MulScalar>(source, at(out, row * inner), f32x4.splat(scale), zeros(), 0, inner);
  }
}

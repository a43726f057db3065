import { zeros } from "./constants";
import { largestOfRow } from "./extremes";
import { at } from "./loops";
import { exp, log1p } from "./math";
import { fromPairs, lowerPair, upperPair } from "./pairs";
import { Plain, Product, rowSum } from "./sums";
import { firstLanes, loadSome, storeSome } from "./tails";

// Softmax and its logarithm: along a row, or along four neighbouring columns at once. Totals are in double precision.

/** Σ eˣ⁻ᵐ over a row, m being its largest element; eˣ⁻ᵐ goes to `out`, unless that is 0. */
export function rowExponentials(x: usize, out: usize, largest: f32, n: i32): f64 {
  const m = f32x4.splat(largest);
  let lower = zeros(), upper = zeros();
  for (; n > 0; n -= 4, x += 16) {
    let e = exp(f32x4.sub(loadSome(x, n), m));
    if (n < 4) e = v128.and(e, firstLanes(n));
    lower = f64x2.add(lower, lowerPair(e));
    upper = f64x2.add(upper, upperPair(e));
    if (out) {
      storeSome(out, e, n);
      out += 16;
    }
  }
  const both = f64x2.add(lower, upper);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** The logarithms of totals, from their excess over the e⁰ that each contains: a small excess is not lost. */
// @ts-ignore: decorator
@inline
export function logOfTotals(lower: v128, upper: v128): v128 {
  const one = f64x2.splat(1);
  return log1p(fromPairs(f64x2.sub(lower, one), f64x2.sub(upper, one)));
}

/** As {@link logOfTotals}, of one. */
export function logOfTotal(total: f64): f32 {
  return f32x4.extract_lane(logOfTotals(f64x2.splat(total), f64x2.splat(total)), 0);
}

/** The largest of each of the first `n` columns (1 to 4), without regard to NaN. */
export function largestOfColumns(x: usize, count: i32, step: usize, n: i32): v128 {
  let largest = f32x4.splat(-Infinity);
  for (let k = 0; k < count; k++, x += step) largest = f32x4.pmax(largest, loadSome(x, n));
  return largest;
}

/** Where column `line` of `[outer, inner]` begins in `[outer, count, inner]`. */
// @ts-ignore: decorator
@inline
export function columnStart(base: usize, line: i32, count: i32, inner: i32): usize {
  return at(base, line + (line / inner) * inner * (count - 1));
}

/** How many columns from `line` on, at most four, can be taken at once. */
// @ts-ignore: decorator
@inline
export function columnsFrom(line: i32, inner: i32, to: i32): i32 {
  return min(4, min(to - line, inner - (line % inner)));
}

export function softmax(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) softmaxRow(at(x, row * count), at(out, row * count), count);
    return;
  }
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; ) {
    const n = columnsFrom(line, inner, to);
    let source = columnStart(x, line, count, inner);
    const place = columnStart(out, line, count, inner);
    const largest = largestOfColumns(source, count, step, n);
    let lower = zeros(), upper = zeros();
    for (let k = 0, into = place; k < count; k++, source += step, into += step) {
      const e = exp(f32x4.sub(loadSome(source, n), largest));
      lower = f64x2.add(lower, lowerPair(e));
      upper = f64x2.add(upper, upperPair(e));
      storeSome(into, e, n);
    }
    const total = fromPairs(lower, upper);
    for (let k = 0, into = place; k < count; k++, into += step) {
      storeSome(into, f32x4.div(loadSome(into, n), total), n);
    }
    line += n;
  }
}

function softmaxRow(x: usize, out: usize, n: i32): void {
  const total = f32x4.splat(<f32>rowExponentials(x, out, largestOfRow(x, n), n));
  for (; n > 0; n -= 4, out += 16) storeSome(out, f32x4.div(loadSome(out, n), total), n);
}

export function logSoftmax(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) logSoftmaxRow(at(x, row * count), at(out, row * count), count);
    return;
  }
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; ) {
    const n = columnsFrom(line, inner, to);
    const first = columnStart(x, line, count, inner);
    const largest = largestOfColumns(first, count, step, n);
    const log = logOfColumns(first, largest, count, step, n);
    let source = first, into = columnStart(out, line, count, inner);
    for (let k = 0; k < count; k++, source += step, into += step) {
      storeSome(into, f32x4.sub(f32x4.sub(loadSome(source, n), largest), log), n);
    }
    line += n;
  }
}

/** ln Σ eˣ⁻ᵐ of each of the first `n` columns, of which the largest elements m are given. */
// @ts-ignore: decorator
@inline
function logOfColumns(x: usize, largest: v128, count: i32, step: usize, n: i32): v128 {
  let lower = zeros(), upper = zeros();
  for (let k = 0; k < count; k++, x += step) {
    const e = exp(f32x4.sub(loadSome(x, n), largest));
    lower = f64x2.add(lower, lowerPair(e));
    upper = f64x2.add(upper, upperPair(e));
  }
  return logOfTotals(lower, upper);
}

function logSoftmaxRow(x: usize, out: usize, n: i32): void {
  const largest = largestOfRow(x, n);
  const log = f32x4.splat(logOfTotal(rowExponentials(x, 0, largest, n)));
  const m = f32x4.splat(largest);
  for (; n > 0; n -= 4, x += 16, out += 16) {
    storeSome(out, f32x4.sub(f32x4.sub(loadSome(x, n), m), log), n);
  }
}

export function logSumExp(x: usize, out: usize, count: i32, inner: i32, from: i32, to: i32): void {
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; ) {
    const n = inner == 1 ? 1 : columnsFrom(line, inner, to);
    const first = inner == 1 ? at(x, line * count) : columnStart(x, line, count, inner);
    let largest: v128, log: v128;
    if (inner == 1) {
      const m = largestOfRow(first, count);
      largest = f32x4.splat(m);
      log = f32x4.splat(logOfTotal(rowExponentials(first, 0, m, count)));
    } else {
      largest = largestOfColumns(first, count, step, n);
      log = logOfColumns(first, largest, count, step, n);
    }
    const infinite = f32x4.eq(f32x4.abs(largest), f32x4.splat(Infinity));
    storeSome(at(out, line), v128.bitselect(largest, f32x4.add(largest, log), infinite), n);
    line += n;
  }
}

export function softmaxBackward(
  g: usize, out: usize, dx: usize, count: i32, inner: i32, from: i32, to: i32,
): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) {
      let g0 = at(g, row * count), y = at(out, row * count), into = at(dx, row * count);
      const total = f32x4.splat(<f32>rowSum<Product>(g0, y, zeros(), zeros(), count));
      for (let n = count; n > 0; n -= 4, g0 += 16, y += 16, into += 16) {
        storeSome(into, f32x4.mul(loadSome(y, n), f32x4.sub(loadSome(g0, n), total)), n);
      }
    }
    return;
  }
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; ) {
    const n = columnsFrom(line, inner, to);
    const firstG = columnStart(g, line, count, inner), firstY = columnStart(out, line, count, inner);
    let lower = zeros(), upper = zeros();
    for (let k = 0, g0 = firstG, y = firstY; k < count; k++, g0 += step, y += step) {
      const product = f32x4.mul(loadSome(g0, n), loadSome(y, n));
      lower = f64x2.add(lower, lowerPair(product));
      upper = f64x2.add(upper, upperPair(product));
    }
    const total = fromPairs(lower, upper);
    let into = columnStart(dx, line, count, inner);
    for (let k = 0, g0 = firstG, y = firstY; k < count; k++, g0 += step, y += step, into += step) {
      storeSome(into, f32x4.mul(loadSome(y, n), f32x4.sub(loadSome(g0, n), total)), n);
    }
    line += n;
  }
}

export function logSoftmaxBackward(
  g: usize, out: usize, dx: usize, count: i32, inner: i32, from: i32, to: i32,
): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) {
      let g0 = at(g, row * count), y = at(out, row * count), into = at(dx, row * count);
      const total = f32x4.splat(<f32>rowSum<Plain>(g0, g0, zeros(), zeros(), count));
      for (let n = count; n > 0; n -= 4, g0 += 16, y += 16, into += 16) {
        storeSome(into, f32x4.sub(loadSome(g0, n), f32x4.mul(exp(loadSome(y, n)), total)), n);
      }
    }
    return;
  }
  const step: usize = <usize>inner << 2;
  for (let line = from; line < to; ) {
    const n = columnsFrom(line, inner, to);
    const firstG = columnStart(g, line, count, inner);
    let lower = zeros(), upper = zeros();
    for (let k = 0, g0 = firstG; k < count; k++, g0 += step) {
      const g4 = loadSome(g0, n);
      lower = f64x2.add(lower, lowerPair(g4));
      upper = f64x2.add(upper, upperPair(g4));
    }
    const total = fromPairs(lower, upper);
    let y = columnStart(out, line, count, inner), into = columnStart(dx, line, count, inner);
    for (let k = 0, g0 = firstG; k < count; k++, g0 += step, y += step, into += step) {
      storeSome(into, f32x4.sub(loadSome(g0, n), f32x4.mul(exp(loadSome(y, n)), total)), n);
    }
    line += n;
  }
}

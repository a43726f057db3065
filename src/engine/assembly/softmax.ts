import { zeros } from "./constants";
import { largestOfRow } from "./extremes";
import { at, mapOne, mapTwo, mapTwoLong } from "./loops";
import { exp, log1p } from "./math";
import { fromPairs, lowerPair, sumOfPairs, upperPair } from "./pairs";
import { MulScalar } from "./scalar-operand";
import { Plain, Product, rowSum } from "./sums";
import { firstLanes, loadSome, storeSome } from "./tails";

// Softmax and its logarithm: along a row, or along four neighbouring columns at once. Totals are in double precision.

/** Σ eˣ⁻ᵐ over a row, m being its largest element; eˣ⁻ᵐ goes to `out`, unless that is 0. */
export function rowExponentials(x: usize, out: usize, largest: f32, n: i32): f64 {
  const m = f32x4.splat(largest);
  let lower = zeros(), upper = zeros();
  for (; n >= 8; n -= 8, x += 32) {
    const first = exp(f32x4.sub(v128.load(x), m)), second = exp(f32x4.sub(v128.load(x, 16), m));
    const sum = f32x4.add(first, second);
    lower = f64x2.add(lower, lowerPair(sum));
    upper = f64x2.add(upper, upperPair(sum));
    if (out) {
      v128.store(out, first);
      v128.store(out, second, 16);
      out += 32;
    }
  }
  for (; n > 0; n -= 4, x += 16) {
    const e = v128.and(exp(f32x4.sub(loadSome(x, n), m)), firstLanes(n));
    lower = f64x2.add(lower, lowerPair(e));
    upper = f64x2.add(upper, upperPair(e));
    if (out) {
      storeSome(out, e, n);
      out += 16;
    }
  }
  return sumOfPairs(lower, upper);
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
  const total = rowExponentials(x, out, largestOfRow(x, n), n);
  mapOne<MulScalar>(out, out, f32x4.splat(<f32>(1 / total)), zeros(), 0, n);
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
  mapOne<Lowered>(x, out, f32x4.splat(largest), log, 0, n);
}

/** x − p − q. */
@unmanaged
class Lowered {
  @inline value(x: v128, p: v128, q: v128): v128 {
    return f32x4.sub(f32x4.sub(x, p), q);
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

// @ts-ignore: decorator
@inline
function softmaxSlope(g: v128, y: v128, total: v128): v128 {
  return f32x4.mul(y, f32x4.sub(g, total));
}

@unmanaged
class SoftmaxSlope {
  @inline value(g: v128, y: v128, p: v128, q: v128): v128 {
    return softmaxSlope(g, y, p);
  }
}

export function softmaxBackward(
  g: usize, out: usize, dx: usize, count: i32, inner: i32, from: i32, to: i32,
): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) {
      const g0 = at(g, row * count), y = at(out, row * count);
      const total = f32x4.splat(<f32>rowSum<Product>(g0, y, zeros(), zeros(), count));
      mapTwo<SoftmaxSlope>(g0, y, at(dx, row * count), total, zeros(), 0, count);
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
      storeSome(into, softmaxSlope(loadSome(g0, n), loadSome(y, n), total), n);
    }
    line += n;
  }
}

// @ts-ignore: decorator
@inline
function logSoftmaxSlope(g: v128, y: v128, total: v128): v128 {
  return f32x4.sub(g, f32x4.mul(exp(y), total));
}

@unmanaged
class LogSoftmaxSlope {
  @inline value(g: v128, y: v128, p: v128, q: v128): v128 {
    return logSoftmaxSlope(g, y, p);
  }
}

export function logSoftmaxBackward(
  g: usize, out: usize, dx: usize, count: i32, inner: i32, from: i32, to: i32,
): void {
  if (inner == 1) {
    for (let row = from; row < to; row++) {
      const g0 = at(g, row * count), y = at(out, row * count);
      const total = f32x4.splat(<f32>rowSum<Plain>(g0, g0, zeros(), zeros(), count));
      mapTwoLong<LogSoftmaxSlope>(g0, y, at(dx, row * count), total, zeros(), 0, count);
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
      storeSome(into, logSoftmaxSlope(loadSome(g0, n), loadSome(y, n), total), n);
    }
    line += n;
  }
}

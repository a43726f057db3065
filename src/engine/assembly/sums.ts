import { zeros } from "./constants";
import { at } from "./loops";
import { fromPairs, lowerPair, sumAsDouble, upperPair } from "./pairs";
import { madd } from "./simd";
import { firstLanes, loadSome, loadTail, storeTail } from "./tails";

// Sums, of numbers or of what a class makes of them. Up to 512 numbers of a row are added in float32, in 32 sums at once of at
// most 23 terms each, and these pairwise; of a column, 16. The rest is in double precision. The order depends on nothing but
// the count.

/** Numbers that one partial sum of a long row covers. */
export const chunk: i32 = 16384;
const block: i32 = 512;
/** Rows that a column's sum adds in float32. */
const strip: i32 = 16;

/** Σ a. */
@unmanaged
export class Plain {
  @inline usesB(): bool {
    return false;
  }
  @inline add(sum: v128, a: v128, b: v128, p: v128, q: v128): v128 {
    return f32x4.add(sum, a);
  }
}

/** Σ a b. */
@unmanaged
export class Product {
  @inline usesB(): bool {
    return true;
  }
  @inline add(sum: v128, a: v128, b: v128, p: v128, q: v128): v128 {
    return madd(a, b, sum);
  }
}

/** Σ (a − p)². */
@unmanaged
export class SquaredDistance {
  @inline usesB(): bool {
    return false;
  }
  @inline add(sum: v128, a: v128, b: v128, p: v128, q: v128): v128 {
    const distance = f32x4.sub(a, p);
    return madd(distance, distance, sum);
  }
}

/** Σ a (b − p) q. */
@unmanaged
export class StandardizedProduct {
  @inline usesB(): bool {
    return true;
  }
  @inline add(sum: v128, a: v128, b: v128, p: v128, q: v128): v128 {
    return madd(a, f32x4.mul(f32x4.sub(b, p), q), sum);
  }
}

// @ts-ignore: decorator
@inline
function loadB<T>(b: usize, offset: usize): v128 {
  return changetype<T>(0).usesB() ? v128.load(b + offset) : zeros();
}

/** The sum of at most 512 terms. */
function blockSum<T>(a: usize, b: usize, p: v128, q: v128, n: i32): f64 {
  const t = changetype<T>(0);
  let s0 = zeros(), s1 = zeros(), s2 = zeros(), s3 = zeros();
  if (n >= 32) {
    let s4 = zeros(), s5 = zeros(), s6 = zeros(), s7 = zeros();
    for (; n >= 32; n -= 32, a += 128, b += 128) {
      s0 = t.add(s0, v128.load(a), loadB<T>(b, 0), p, q);
      s1 = t.add(s1, v128.load(a, 16), loadB<T>(b, 16), p, q);
      s2 = t.add(s2, v128.load(a, 32), loadB<T>(b, 32), p, q);
      s3 = t.add(s3, v128.load(a, 48), loadB<T>(b, 48), p, q);
      s4 = t.add(s4, v128.load(a, 64), loadB<T>(b, 64), p, q);
      s5 = t.add(s5, v128.load(a, 80), loadB<T>(b, 80), p, q);
      s6 = t.add(s6, v128.load(a, 96), loadB<T>(b, 96), p, q);
      s7 = t.add(s7, v128.load(a, 112), loadB<T>(b, 112), p, q);
    }
    s0 = f32x4.add(s0, s4);
    s1 = f32x4.add(s1, s5);
    s2 = f32x4.add(s2, s6);
    s3 = f32x4.add(s3, s7);
  }
  for (; n >= 4; n -= 4, a += 16, b += 16) s0 = t.add(s0, v128.load(a), loadB<T>(b, 0), p, q);
  if (n > 0) {
    const last = t.add(zeros(), loadTail(a, n), t.usesB() ? loadTail(b, n) : zeros(), p, q);
    s1 = f32x4.add(s1, v128.and(last, firstLanes(n)));
  }
  return sumAsDouble(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** The sum of at most a chunk of terms. */
export function chunkSum<T>(a: usize, b: usize, p: v128, q: v128, n: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i += block) sum += blockSum<T>(at(a, i), at(b, i), p, q, min(n - i, block));
  return sum;
}

/** The sum of n terms in a row. Where the class uses no b, any address will do for it. */
export function rowSum<T>(a: usize, b: usize, p: v128, q: v128, n: i32): f64 {
  if (n <= block) return blockSum<T>(a, b, p, q, n);
  let sum: f64 = 0;
  for (let i = 0; i < n; i += chunk) sum += chunkSum<T>(at(a, i), at(b, i), p, q, min(n - i, chunk));
  return sum;
}

/** What the p and q of {@link columnSums} belong to. */
export const toNone: i32 = 0;
export const toRow: i32 = 1;
export const toColumn: i32 = 2;

// @ts-ignore: decorator
@inline
function forColumn(kind: i32, base: usize, offset: usize): v128 {
  return kind == toColumn ? v128.load(base + offset) : zeros();
}

// @ts-ignore: decorator
@inline
function forRow(kind: i32, base: usize, row: i32, column: v128): v128 {
  return kind == toRow ? v128.load_splat<f32>(at(base, row)) : column;
}

// @ts-ignore: decorator
@inline
function storeScaled(out: usize, lower: v128, upper: v128, scale: v128): void {
  v128.store(out, fromPairs(f64x2.mul(lower, scale), f64x2.mul(upper, scale)));
}

/**
 * `out[i] = scale · Σₖ` of the terms in `width` neighbouring columns, of which row k begins `k · stride` elements on. `p` and
 * `q` point to one number for each row or for each column, as `kind` says, or nowhere. Where the class uses no b, any address
 * will do for it.
 */
// @ts-ignore: decorator
@inline
export function columnSums<T>(
  kind: i32, a: usize, b: usize, p: usize, q: usize, count: i32, stride: i32, width: i32, out: usize, scale: f64,
): void {
  const t = changetype<T>(0);
  const step: usize = <usize>stride << 2;
  const scales = f64x2.splat(scale);
  for (; width >= 16; width -= 16, a += 64, b += 64, out += 64) {
    const p0 = forColumn(kind, p, 0), p1 = forColumn(kind, p, 16);
    const p2 = forColumn(kind, p, 32), p3 = forColumn(kind, p, 48);
    const q0 = forColumn(kind, q, 0), q1 = forColumn(kind, q, 16);
    const q2 = forColumn(kind, q, 32), q3 = forColumn(kind, q, 48);
    let d0 = zeros(), d1 = zeros(), d2 = zeros(), d3 = zeros();
    let d4 = zeros(), d5 = zeros(), d6 = zeros(), d7 = zeros();
    let aRow = a, bRow = b;
    for (let row = 0; row < count; ) {
      let s0 = zeros(), s1 = zeros(), s2 = zeros(), s3 = zeros();
      for (const end = min(count, row + strip); row < end; row++, aRow += step, bRow += step) {
        s0 = t.add(s0, v128.load(aRow), loadB<T>(bRow, 0), forRow(kind, p, row, p0), forRow(kind, q, row, q0));
        s1 = t.add(s1, v128.load(aRow, 16), loadB<T>(bRow, 16), forRow(kind, p, row, p1), forRow(kind, q, row, q1));
        s2 = t.add(s2, v128.load(aRow, 32), loadB<T>(bRow, 32), forRow(kind, p, row, p2), forRow(kind, q, row, q2));
        s3 = t.add(s3, v128.load(aRow, 48), loadB<T>(bRow, 48), forRow(kind, p, row, p3), forRow(kind, q, row, q3));
      }
      d0 = f64x2.add(d0, lowerPair(s0));
      d1 = f64x2.add(d1, upperPair(s0));
      d2 = f64x2.add(d2, lowerPair(s1));
      d3 = f64x2.add(d3, upperPair(s1));
      d4 = f64x2.add(d4, lowerPair(s2));
      d5 = f64x2.add(d5, upperPair(s2));
      d6 = f64x2.add(d6, lowerPair(s3));
      d7 = f64x2.add(d7, upperPair(s3));
    }
    storeScaled(out, d0, d1, scales);
    storeScaled(out + 16, d2, d3, scales);
    storeScaled(out + 32, d4, d5, scales);
    storeScaled(out + 48, d6, d7, scales);
    if (kind == toColumn) p += 64, q += 64;
  }
  for (; width > 0; width -= 4, a += 16, b += 16, out += 16) {
    const n = min(width, 4);
    const pColumn = kind == toColumn ? loadSome(p, n) : zeros();
    const qColumn = kind == toColumn ? loadSome(q, n) : zeros();
    let d0 = zeros(), d1 = zeros();
    let aRow = a, bRow = b;
    for (let row = 0; row < count; ) {
      let s = zeros();
      for (const end = min(count, row + strip); row < end; row++, aRow += step, bRow += step) {
        const bs = t.usesB() ? loadSome(bRow, n) : zeros();
        s = t.add(s, loadSome(aRow, n), bs, forRow(kind, p, row, pColumn), forRow(kind, q, row, qColumn));
      }
      d0 = f64x2.add(d0, lowerPair(s));
      d1 = f64x2.add(d1, upperPair(s));
    }
    if (n == 4) storeScaled(out, d0, d1, scales);
    else storeTail(out, fromPairs(f64x2.mul(d0, scales), f64x2.mul(d1, scales)), n);
    if (kind == toColumn) p += 16, q += 16;
  }
}

import { double } from "./constants";
import { fromPairs, lowerPair, upperPair } from "./pairs";

// aᵇ of four numbers at once: 2^(b log₂ a) in double precision, rounded once.

/** The bits of √½ in double precision. */
const bitsOfRootHalf: i64 = 0x3fe6a09e667f3bcd;
/** 1, 2⁵², 2⁵² + 1023, and 1.5 · 2⁵² + 1023, where adding rounds to whole numbers with the bias of exponents added. */
const numbers = memory.data<f64>([1, 4503599627370496, 4503599627371519, 6755399441056767]);
/** log₂ of (1 + s) / (1 − s), over s, as powers of s², for √½ ≤ (1 + s) / (1 − s) < √2. */
const log2Terms = memory.data<f64>([
  2.8853900817778504, 0.9617966941132963, 0.5770779423532996, 0.4122092551042659, 0.3199055391880231,
  0.28290291457244743,
]);
/** 2ᶠ for |f| ≤ ½. */
const exp2Terms = memory.data<f64>([
  1, 0.693147180704763, 0.24022651067003187, 0.0555041036539184, 0.009618038059610937, 0.0013333935356485424,
  0.00015466781527552292, 1.5196134045564924e-5,
]);
/** From where on 2ᵗ is 0 in float32, and infinite. */
const exp2Bounds = memory.data<f64>([-200, 200]);

// @ts-ignore: decorator
@inline
function doubleMadd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/** log₂ a for finite a > 0 that are no subnormals of double precision: m 2ᵉ with √½ ≤ m < √2, and 2 artanh of (m − 1) / (m + 1). */
// @ts-ignore: decorator
@inline
function log2(a: v128): v128 {
  // e + 1023 in the low bits; with the bits of 2⁵² above, the number 2⁵² + 1023 + e
  const biased = i64x2.shr_u(i64x2.add(a, i64x2.splat(0x3ff0000000000000 - bitsOfRootHalf)), 52);
  const e = f64x2.sub(v128.or(biased, double(numbers, 1)), double(numbers, 2));
  const m = i64x2.sub(a, i64x2.shl(i64x2.sub(biased, i64x2.splat(1023)), 52));
  const s = f64x2.div(f64x2.sub(m, double(numbers, 0)), f64x2.add(m, double(numbers, 0)));
  const square = f64x2.mul(s, s);
  let p = doubleMadd(double(log2Terms, 5), square, double(log2Terms, 4));
  p = doubleMadd(p, square, double(log2Terms, 3));
  p = doubleMadd(p, square, double(log2Terms, 2));
  p = doubleMadd(p, square, double(log2Terms, 1));
  p = doubleMadd(p, square, double(log2Terms, 0));
  return doubleMadd(s, p, e);
}

/** 2ᵗ, from where it rounds to 0 in float32 to where it overflows. */
// @ts-ignore: decorator
@inline
function exp2(t: v128): v128 {
  const held = f64x2.pmin(f64x2.pmax(t, double(exp2Bounds, 0)), double(exp2Bounds, 1));
  const biased = f64x2.add(held, double(numbers, 3));
  const f = f64x2.sub(held, f64x2.sub(biased, double(numbers, 3)));
  let p = doubleMadd(double(exp2Terms, 7), f, double(exp2Terms, 6));
  p = doubleMadd(p, f, double(exp2Terms, 5));
  p = doubleMadd(p, f, double(exp2Terms, 4));
  p = doubleMadd(p, f, double(exp2Terms, 3));
  p = doubleMadd(p, f, double(exp2Terms, 2));
  p = doubleMadd(p, f, double(exp2Terms, 1));
  return f64x2.mul(doubleMadd(p, f, double(exp2Terms, 0)), i64x2.shl(biased, 52));
}

/** aᵇ for finite a > 0 and finite b. */
// @ts-ignore: decorator
@inline
function powInside(a: v128, b: v128): v128 {
  const lower = exp2(f64x2.mul(lowerPair(b), log2(lowerPair(a))));
  return fromPairs(lower, exp2(f64x2.mul(upperPair(b), log2(upperPair(a)))));
}

/** aᵇ where a is not positive, or one of them not finite, by the rules of JavaScript's `**`. */
function powAtEnds(a: f32, b: f32): f32 {
  if (b == 0) return 1;
  if (a != a || b != b) return NaN;
  const size = abs(a);
  if (abs(b) == Infinity) return size == 1 ? NaN : size > 1 == b > 0 ? Infinity : 0;
  const whole = floor(b) == b;
  const odd = whole && abs(b) < 16777216 && (<i32>b & 1) == 1;
  if (a < 0 && size < Infinity && !whole) return NaN;
  let y: f32;
  if (size == 0 || size == Infinity) y = (size == 0) == b < 0 ? Infinity : 0;
  else y = f32x4.extract_lane(powInside(f32x4.splat(size), f32x4.splat(b)), 0);
  return odd ? copysign(y, a) : y;
}

function withEnds(a: v128, b: v128, y: v128): v128 {
  y = f32x4.replace_lane(y, 0, powLane(f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0), f32x4.extract_lane(y, 0)));
  y = f32x4.replace_lane(y, 1, powLane(f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1), f32x4.extract_lane(y, 1)));
  y = f32x4.replace_lane(y, 2, powLane(f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2), f32x4.extract_lane(y, 2)));
  y = f32x4.replace_lane(y, 3, powLane(f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3), f32x4.extract_lane(y, 3)));
  return y;
}

function powLane(a: f32, b: f32, y: f32): f32 {
  return a > 0 && a < Infinity && abs(b) < Infinity ? y : powAtEnds(a, b);
}

/** aᵇ. */
// @ts-ignore: decorator
@inline
export function pow(a: v128, b: v128): v128 {
  const y = powInside(a, b);
  const inside = v128.and(
    v128.and(f32x4.gt(a, f32x4.splat(0)), f32x4.lt(a, f32x4.splat(Infinity))),
    f32x4.lt(f32x4.abs(b), f32x4.splat(Infinity)),
  );
  return i32x4.all_true(inside) ? y : withEnds(a, b, y);
}

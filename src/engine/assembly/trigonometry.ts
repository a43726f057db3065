import { double, signOf } from "./constants";
import { fromPairs, lowerPair, upperPair } from "./pairs";

// sin, cos and tan of four numbers at once, computed in double precision and rounded once.

/** 2/π; where adding rounds to whole numbers, 1.5 · 2⁵²: the whole number is then in the low bits. */
const quarters = memory.data<f64>([0.6366197723675814, 6755399441055744]);
/** π/2 in two parts: products of the first, of 33 bits, with whole numbers below 2²⁰ are exact. */
const quarterTurn = memory.data<f64>([1.5707963267341256, 6.077100506506192e-11]);
/** From here on, the two parts of π/2 are not enough. */
const large: f32 = 1048576;
/** (sin r − r) / r³ for |r| ≤ π/4, as powers of r². */
const sinTerms = memory.data<f64>([
  -0.1666666664077625, 0.00833332930241812, -1.9839311485595742e-4, 2.7181141191042748e-6,
]);
/** cos r for |r| ≤ π/4, as powers of r². */
const cosTerms = memory.data<f64>([
  1, -0.5, 0.041666666619453736, -0.00138888834968617, 2.479945931078164e-5, -2.720568469204631e-7,
]);

// @ts-ignore: decorator
@inline
function doubleMadd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/** sin(r + q π/2) for |r| ≤ π/4 and whole numbers q, 64-bit integers of which the low bits count. */
// @ts-ignore: decorator
@inline
function sinReduced(r: v128, q: v128): v128 {
  const square = f64x2.mul(r, r);
  let s = doubleMadd(double(sinTerms, 3), square, double(sinTerms, 2));
  s = doubleMadd(s, square, double(sinTerms, 1));
  s = doubleMadd(s, square, double(sinTerms, 0));
  const sine = doubleMadd(f64x2.mul(s, square), r, r);
  let c = doubleMadd(double(cosTerms, 5), square, double(cosTerms, 4));
  c = doubleMadd(c, square, double(cosTerms, 3));
  c = doubleMadd(c, square, double(cosTerms, 2));
  c = doubleMadd(c, square, double(cosTerms, 1));
  const cosine = doubleMadd(c, square, double(cosTerms, 0));
  const odd = i64x2.neg(v128.and(q, i64x2.splat(1)));
  const flipped = i64x2.shl(v128.and(q, i64x2.splat(2)), 62);
  return v128.xor(v128.bitselect(cosine, sine, odd), flipped);
}

const sine: i64 = 0;
const cosine: i64 = 1;
const tangent: i64 = 2;

/** Sine, cosine or tangent of r + q π/2. */
// @ts-ignore: decorator
@inline
function ofReduced(which: i64, r: v128, q: v128): v128 {
  if (which == tangent) return f64x2.div(sinReduced(r, q), sinReduced(r, i64x2.add(q, i64x2.splat(1))));
  return sinReduced(r, i64x2.add(q, i64x2.splat(which)));
}

/** Sine, cosine or tangent of two numbers below `large`, in double precision throughout. */
// @ts-ignore: decorator
@inline
function ofModerate(which: i64, x: v128): v128 {
  const q = doubleMadd(x, double(quarters, 0), double(quarters, 1));
  const n = f64x2.sub(q, double(quarters, 1));
  const near = f64x2.sub(x, f64x2.mul(n, double(quarterTurn, 0)));
  return ofReduced(which, f64x2.sub(near, f64x2.mul(n, double(quarterTurn, 1))), q);
}

/** Words 0 to 7 of the bits of 2/π, 32 each, after a first word for the whole part. */
function twoOverPi(word: i32): u64 {
  switch (word) {
    case 1:
      return 0xa2f9836e;
    case 2:
      return 0x4e441529;
    case 3:
      return 0xfc2757d1;
    case 4:
      return 0xf534ddc0;
    case 5:
      return 0xdb629599;
    case 6:
      return 0x3c439041;
    case 7:
      return 0xfe5163ab;
    default:
      return 0;
  }
}

/**
 * Sine, cosine or tangent of one large number: of 2/π only those bits take part that matter modulo whole turns.
 *
 * See Payne & Hanek (1983), Radian reduction for trigonometric functions.
 */
function ofLarge(which: i64, x: f32): f32 {
  const bits = reinterpret<u32>(x);
  const exponent = <i32>((bits >> 23) & 255);
  if (exponent == 255) return NaN;
  const mantissa = <u64>((bits & 0x7fffff) | 0x800000);
  // |x| = mantissa · 2^(exponent − 150); the first bit to take part weighs two quarter turns for each unit of mantissa
  const first = exponent - 150 - 2 + 32;
  const word = first >> 5;
  const skip = <u64>(first & 31);
  const middle = (twoOverPi(word + 2) << 32) | twoOverPi(word + 3);
  const upper = (((twoOverPi(word) << 32) | twoOverPi(word + 1)) << skip) | (middle >> 32 >> (32 - skip));
  const lower = (middle << skip) >> 32;
  // the whole quarter turns modulo 4 in the upper two bits, below them the rest
  const quarters = mantissa * upper + ((mantissa * lower) >> 32);
  const q = (quarters + (<u64>1 << 61)) >> 62;
  const r = <f64>(<i64>(quarters - (q << 62))) * (1.5707963267948966 / 4611686018427387904.0);
  const sign: i64 = bits >> 31 ? -1 : 1;
  return <f32>f64x2.extract_lane(ofReduced(which, f64x2.splat(<f64>sign * r), i64x2.splat(sign * <i64>q)), 0);
}

/** `y`, with the function of x in those lanes where x is large. */
function withLarge(which: i64, x: v128, y: v128): v128 {
  const isLarge = f32x4.ge(f32x4.abs(x), f32x4.splat(large));
  let all = y;
  if (i32x4.extract_lane(isLarge, 0)) all = f32x4.replace_lane(all, 0, ofLarge(which, f32x4.extract_lane(x, 0)));
  if (i32x4.extract_lane(isLarge, 1)) all = f32x4.replace_lane(all, 1, ofLarge(which, f32x4.extract_lane(x, 1)));
  if (i32x4.extract_lane(isLarge, 2)) all = f32x4.replace_lane(all, 2, ofLarge(which, f32x4.extract_lane(x, 2)));
  if (i32x4.extract_lane(isLarge, 3)) all = f32x4.replace_lane(all, 3, ofLarge(which, f32x4.extract_lane(x, 3)));
  return all;
}

// @ts-ignore: decorator
@inline
function ofAny(which: i64, x: v128): v128 {
  const y = fromPairs(ofModerate(which, lowerPair(x)), ofModerate(which, upperPair(x)));
  return v128.any_true(f32x4.ge(f32x4.abs(x), f32x4.splat(large))) ? withLarge(which, x, y) : y;
}

/** The sign bit where x is −0, which sine and tangent keep. */
// @ts-ignore: decorator
@inline
function negativeZero(x: v128): v128 {
  return v128.and(signOf(x), f32x4.eq(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
export function sin(x: v128): v128 {
  return v128.or(ofAny(sine, x), negativeZero(x));
}

// @ts-ignore: decorator
@inline
export function cos(x: v128): v128 {
  return ofAny(cosine, x);
}

// @ts-ignore: decorator
@inline
export function tan(x: v128): v128 {
  return v128.or(ofAny(tangent, x), negativeZero(x));
}

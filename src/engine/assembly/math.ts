import { constant, double, halves, ones, signOf, signs, zeros } from "./constants";
import { fromPairs, lowerPair, upperPair } from "./pairs";
import { madd } from "./simd";

// Functions of four numbers at once. Arguments are reduced, as Cody & Waite (1980), Software manual for the elementary
// functions, do, to a short interval, where a polynomial takes over. Where the polynomials come from: scripts/fit-polynomials.py.
// Lists of coefficients begin with the lowest power.
//
// The largest errors against double precision, in units in the last place of the float32 result, over every 61st float32 (erf:
// every 997th) and all of those where errors are largest, of the worse of the two binaries:
//
//     exp 0.82   expm1 1.73   log 0.82   log1p 0.85   tanh 1.52   sigmoid 0.83   softplus 1.62   erf 1.34
//     sin, cos, tan (trigonometry.ts) 0.50   pow (power.ts; four million pairs) 0.51

/** Where adding rounds to whole numbers, 1.5 · 2²³: the whole number is then in the low bits. With the bias of exponents, 127. */
const rounder: f32 = 12582912;
const rounders = memory.data<f32>([rounder + 126, rounder + 127, rounder + 254]);
/** 1 / ln 2, and −ln 2 in two parts: products of the first with exponents are exact. */
const reduction = memory.data<f32>([1.4426950408889634, -0.693359375, 2.1219444005469057e-4]);
/** (eʳ − 1 − r) / r² for |r| ≤ ½ ln 2. */
const expTerms = memory.data<f32>([
  0.4999999701976776, 0.1666654646396637, 0.04166743531823158, 0.00836627185344696, 0.0013870695838704705,
]);
/** From where on eˣ is 0, infinite, and eˣ − 1 is −1. */
const expBounds = memory.data<f32>([-104, 89, -20]);

/** x − n ln 2. */
// @ts-ignore: decorator
@inline
function withoutPowers(x: v128, n: v128): v128 {
  return madd(n, constant(reduction, 2), madd(n, constant(reduction, 1), x));
}

/** The curved part of eʳ, which is 1 + r + curve: plus `rest`. */
// @ts-ignore: decorator
@inline
function expCurve(r: v128, rest: v128): v128 {
  const square = f32x4.mul(r, r);
  const low = madd(constant(expTerms, 1), r, constant(expTerms, 0));
  const high = madd(madd(constant(expTerms, 4), r, constant(expTerms, 3)), r, constant(expTerms, 2));
  return madd(madd(high, square, low), square, rest);
}

/** eʳ for |r| ≤ ½ ln 2; what rounding takes from 1 + r is put back. */
// @ts-ignore: decorator
@inline
function expReduced(r: v128): v128 {
  const line = f32x4.add(r, ones());
  return f32x4.add(line, expCurve(r, f32x4.sub(r, f32x4.sub(line, ones()))));
}

/** eˣ for all x: it is multiplied by 2ⁿ in two halves, since 2ⁿ may lie outside the range of the numbers. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const held = f32x4.pmin(f32x4.pmax(x, constant(expBounds, 0)), constant(expBounds, 1));
  const biased = madd(held, constant(reduction, 0), constant(rounders, 2));
  const r = withoutPowers(held, f32x4.sub(biased, constant(rounders, 2)));
  const half = i32x4.shr_u(biased, 1);
  const y = f32x4.mul(expReduced(r), i32x4.shl(half, 23));
  return f32x4.mul(y, i32x4.shl(i32x4.sub(biased, half), 23));
}

/** eˣ for −87 ≤ x ≤ 88. */
// @ts-ignore: decorator
@inline
export function expNormal(x: v128): v128 {
  const biased = madd(x, constant(reduction, 0), constant(rounders, 1));
  const r = withoutPowers(x, f32x4.sub(biased, constant(rounders, 1)));
  return f32x4.mul(expReduced(r), i32x4.shl(biased, 23));
}

/** eˣ − 1 = 2ⁿ (eʳ − 1) + (2ⁿ − 1), at half size, since 2¹²⁸ is none of the numbers. */
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  const held = f32x4.pmin(f32x4.pmax(x, constant(expBounds, 2)), constant(expBounds, 1));
  const biased = madd(held, constant(reduction, 0), constant(rounders, 0));
  const n = f32x4.sub(biased, constant(rounders, 0));
  const r = withoutPowers(held, n);
  const near = expCurve(r, r);
  const power = i32x4.shl(biased, 23);
  const y = madd(power, near, f32x4.sub(power, halves()));
  const all = v128.bitselect(near, f32x4.add(y, y), f32x4.eq(n, zeros()));
  return v128.or(all, signOf(x)); // −0 stays −0
}

/** (ln(1 + f) − f + f²/2) / f³ for √½ ≤ 1 + f < √2. */
const logTerms = memory.data<f32>([
  0.3333333134651184, -0.2500081956386566, 0.2000124156475067, -0.166234090924263, 0.14201579988002777,
  -0.13159610331058502, 0.12762215733528137, -0.07636435329914093,
]);
/** −½, and ln 2 in two parts. */
const logParts = memory.data<f32>([-0.5, 0.693359375, -2.1219444005469057e-4]);
/** The bits of √½: what is taken off to split x into m 2ᵉ with √½ ≤ m < √2. */
const bitsOfRootHalf = memory.data<i32>([0x3f3504f3]);

/** ln(1 + f) + e ln 2 + rest, for √½ ≤ 1 + f < √2 and a small rest. */
// @ts-ignore: decorator
@inline
function logReduced(f: v128, e: v128, rest: v128): v128 {
  const square = f32x4.mul(f, f);
  const first = madd(constant(logTerms, 1), f, constant(logTerms, 0));
  const second = madd(constant(logTerms, 3), f, constant(logTerms, 2));
  const third = madd(constant(logTerms, 5), f, constant(logTerms, 4));
  const fourth = madd(constant(logTerms, 7), f, constant(logTerms, 6));
  const p = madd(madd(madd(fourth, square, third), square, second), square, first);
  const y = madd(f32x4.mul(square, f), p, madd(e, constant(logParts, 2), rest));
  return madd(e, constant(logParts, 1), f32x4.add(f, madd(square, constant(logParts, 0), y)));
}

/** How often x must be halved to lie between √½ and √2. */
// @ts-ignore: decorator
@inline
function exponentOf(x: v128): v128 {
  return i32x4.shr_s(i32x4.sub(x, v128.load_splat<i32>(bitsOfRootHalf)), 23);
}

/** x halved `e` times, minus 1. */
// @ts-ignore: decorator
@inline
function fractionOf(x: v128, e: v128): v128 {
  return f32x4.sub(i32x4.sub(x, i32x4.shl(e, 23)), ones());
}

/** The smallest normal number, 2²³ to scale subnormal ones with, −∞ and ∞. */
const ends = memory.data<f32>([1.1754943508222875e-38, 8388608, -Infinity, Infinity]);

/** The logarithm `y` of `x`, put right where x is at or below `zero`, infinite or NaN. */
// @ts-ignore: decorator
@inline
function logAtEnds(y: v128, x: v128, zero: v128): v128 {
  const finite = v128.bitselect(y, x, f32x4.lt(x, constant(ends, 3)));
  const above = v128.bitselect(constant(ends, 2), finite, f32x4.eq(x, zero));
  return v128.or(above, f32x4.lt(x, zero)); // all bits set: NaN
}

/** ln x. */
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const subnormal = f32x4.lt(x, constant(ends, 0));
  const normal = v128.bitselect(f32x4.mul(x, constant(ends, 1)), x, subnormal);
  const e = exponentOf(normal);
  const power = i32x4.sub(e, v128.and(subnormal, i32x4.splat(23)));
  const y = logReduced(fractionOf(normal, e), f32x4.convert_i32x4_s(power), zeros());
  return logAtEnds(y, x, zeros());
}

/** ln(1 + x) for finite x > −1: what rounding takes from 1 + x is put back to first order. */
// @ts-ignore: decorator
@inline
export function log1pInside(x: v128): v128 {
  const u = f32x4.add(x, ones());
  const e = exponentOf(u);
  const near = i32x4.eq(e, zeros());
  const f = v128.bitselect(x, fractionOf(u, e), near);
  const taken = f32x4.sub(u, ones());
  const lost = f32x4.add(f32x4.sub(ones(), f32x4.sub(u, taken)), f32x4.sub(x, taken));
  return logReduced(f, f32x4.convert_i32x4_s(e), v128.andnot(f32x4.div(lost, u), near));
}

/** ln(1 + x). */
// @ts-ignore: decorator
@inline
export function log1p(x: v128): v128 {
  const y = logAtEnds(log1pInside(x), x, f32x4.neg(ones()));
  return v128.or(y, signOf(x)); // −0 stays −0
}

/** (tanh x − x) / x³ up to `tanhBounds[0]`, as powers of x². */
const tanhTerms = memory.data<f32>([
  -0.3333294689655304, 0.1332072913646698, -0.05267200991511345, 0.01643787883222103,
]);
/** Where the polynomial ends, and from where on tanh x is 1. */
const tanhBounds = memory.data<f32>([0.55, 10]);

/** tanh x = x + x³ P(x²) near 0, 1 − 2 / (e²ˣ + 1) elsewhere, on |x|. */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  const low = madd(constant(tanhTerms, 1), square, constant(tanhTerms, 0));
  const high = madd(constant(tanhTerms, 3), square, constant(tanhTerms, 2));
  const p = madd(high, f32x4.mul(square, square), low);
  const near = madd(f32x4.mul(square, size), p, size);
  const held = f32x4.pmin(size, constant(tanhBounds, 1));
  const e = expNormal(f32x4.add(held, held));
  const far = f32x4.sub(ones(), f32x4.div(f32x4.add(ones(), ones()), f32x4.add(e, ones())));
  return v128.or(v128.bitselect(near, far, f32x4.lt(size, constant(tanhBounds, 0))), signOf(x));
}

/** From where to where σ(x) is neither 0 nor 1. */
const sigmoidBounds = memory.data<f32>([-104, 30]);
const doubleOne = memory.data<f64>([1]);

/** σ(x) = eˣ / (eˣ + 1). The last steps are in double precision, in which rounding eˣ does not add up with the others. */
// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const held = f32x4.pmin(f32x4.pmax(x, constant(sigmoidBounds, 0)), constant(sigmoidBounds, 1));
  const rounded = madd(held, constant(reduction, 0), constant(rounders, 0));
  const r = withoutPowers(held, f32x4.sub(rounded, constant(rounders, 0)));
  const line = f32x4.add(r, ones());
  const curve = expCurve(r, f32x4.sub(r, f32x4.sub(line, ones())));
  const power = i32x4.sub(rounded, constant(rounders, 0));
  const lower = f64x2.add(lowerPair(line), lowerPair(curve));
  const upper = f64x2.add(upperPair(line), upperPair(curve));
  const y = fromPairs(
    share(i64x2.add(lower, i64x2.shl(i64x2.extend_low_i32x4_s(power), 52))),
    share(i64x2.add(upper, i64x2.shl(i64x2.extend_high_i32x4_s(power), 52))),
  );
  return v128.or(y, f32x4.ne(x, x)); // what was added to the exponent may have made a number of NaN
}

/** e / (e + 1) in double precision. */
// @ts-ignore: decorator
@inline
function share(e: v128): v128 {
  return f64x2.div(e, f64x2.add(e, double(doubleOne, 0)));
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^(−|x|)). */
// @ts-ignore: decorator
@inline
export function softplus(x: v128): v128 {
  return f32x4.add(f32x4.pmax(x, zeros()), log1pInside(exp(v128.or(x, signs()))));
}

import { constant, halves, ones, signOf, zeros } from "./constants";
import { exp, expNormal } from "./math";
import { madd } from "./simd";

// The error function and the normal distribution, four numbers at once. How the polynomials were found: see math.ts.

/** erf x / x − 1 for |x| ≤ 1, as powers of x². */
const erfTerms = memory.data<f32>([
  0.12837916612625122, -0.3761262595653534, 0.11283578723669052, -0.026853347197175026, 0.005187162198126316,
  -0.0007997853099368513, 7.806903886375949e-5,
]);
/** e^(x²) erfc x for x from 0 to 10, as powers of t = 1 / (1 + 0.3 x), beginning with the first. */
const erfcTerms = memory.data<f32>([
  0.16918767988681793, 0.1707199513912201, 0.14831002056598663, 0.21502600610256195, -0.09485934674739838,
  0.547991931438446, -0.5124945640563965, 0.4856596291065216, -0.1295413225889206,
]);
/** The 0.3 above, from where on erf x is 1, √½, and −½. */
const numbers = memory.data<f32>([0.3, 4, 0.7071067811865476, -0.5]);

/** e^(x²) erfc x for x ≥ 0. */
// @ts-ignore: decorator
@inline
function scaledErfc(x: v128): v128 {
  const t = f32x4.div(ones(), madd(x, constant(numbers, 0), ones()));
  const square = f32x4.mul(t, t);
  const first = madd(constant(erfcTerms, 1), t, constant(erfcTerms, 0));
  const second = madd(constant(erfcTerms, 3), t, constant(erfcTerms, 2));
  const third = madd(constant(erfcTerms, 5), t, constant(erfcTerms, 4));
  const fourth = madd(constant(erfcTerms, 7), t, constant(erfcTerms, 6));
  const p = madd(madd(constant(erfcTerms, 8), square, fourth), square, third);
  return f32x4.mul(madd(madd(p, square, second), square, first), t);
}

/** erf x: a polynomial up to 1, 1 − erfc x from there on, on |x|. */
// @ts-ignore: decorator
@inline
export function erf(x: v128): v128 {
  const size = f32x4.pmin(f32x4.abs(x), constant(numbers, 1));
  const square = f32x4.mul(size, size);
  const fourth = f32x4.mul(square, square);
  const low = madd(constant(erfTerms, 1), square, constant(erfTerms, 0));
  const middle = madd(constant(erfTerms, 3), square, constant(erfTerms, 2));
  const high = madd(constant(erfTerms, 5), square, constant(erfTerms, 4));
  const p = madd(madd(madd(constant(erfTerms, 6), fourth, high), fourth, middle), fourth, low);
  const near = madd(p, size, size);
  const far = f32x4.sub(ones(), f32x4.mul(expNormal(f32x4.neg(square)), scaledErfc(size)));
  return v128.or(v128.bitselect(near, far, f32x4.lt(size, ones())), signOf(x));
}

/** e^(−x²/2). */
// @ts-ignore: decorator
@inline
export function gaussian(x: v128): v128 {
  return exp(f32x4.mul(f32x4.mul(x, x), constant(numbers, 3)));
}

/** Φ(x) = ½ erfc(−x / √2), the distribution function of the normal distribution, from `density` = e^(−x²/2). */
// @ts-ignore: decorator
@inline
export function normalDistribution(x: v128, density: v128): v128 {
  const tail = scaledErfc(f32x4.mul(f32x4.abs(x), constant(numbers, 2)));
  const outside = f32x4.mul(f32x4.mul(density, halves()), tail);
  return v128.bitselect(outside, f32x4.sub(ones(), outside), f32x4.lt(x, zeros()));
}

// Four float32 as two pairs of float64, and back.

// @ts-ignore: decorator
@inline
export function lowerPair(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

// @ts-ignore: decorator
@inline
export function upperPair(x: v128): v128 {
  return f64x2.promote_low_f32x4(
    i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  );
}

// @ts-ignore: decorator
@inline
export function fromPairs(lower: v128, upper: v128): v128 {
  const low = f32x4.demote_f64x2_zero(lower);
  const high = f32x4.demote_f64x2_zero(upper);
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

/** The sum of four float64 in two vectors. */
// @ts-ignore: decorator
@inline
export function sumOfPairs(a: v128, b: v128): f64 {
  const both = f64x2.add(a, b);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** The sum of four float32, in double precision. */
// @ts-ignore: decorator
@inline
export function sumAsDouble(x: v128): f64 {
  return sumOfPairs(lowerPair(x), upperPair(x));
}

// Numbers that vectors are combined with. Read from memory, each takes one instruction in a loop; as a constant vector in
// the code, V8 makes it anew in three at every use.

/** Four times number `i` of a table of float32. */
// @ts-ignore: decorator
@inline
export function constant(table: usize, i: i32): v128 {
  return v128.load_splat<f32>(table + (i << 2));
}

/** Twice number `i` of a table of float64. */
// @ts-ignore: decorator
@inline
export function double(table: usize, i: i32): v128 {
  return v128.load_splat<f64>(table + (i << 3));
}

const one = memory.data<f32>([1]);
const half = memory.data<f32>([0.5]);
const sign = memory.data<u32>([0x80000000]);

// @ts-ignore: decorator
@inline
export function ones(): v128 {
  return constant(one, 0);
}

// @ts-ignore: decorator
@inline
export function halves(): v128 {
  return constant(half, 0);
}

/** +0 four times. */
// @ts-ignore: decorator
@inline
export function zeros(): v128 {
  return f32x4.splat(0);
}

/** Only the sign bits. */
// @ts-ignore: decorator
@inline
export function signs(): v128 {
  return v128.load_splat<u32>(sign);
}

/** The sign bits of x. */
// @ts-ignore: decorator
@inline
export function signOf(x: v128): v128 {
  return v128.and(x, signs());
}

/** −1, 0 or 1; ±0 and NaN stay. */
// @ts-ignore: decorator
@inline
export function signOfNumber(x: v128): v128 {
  const nonzero = v128.or(f32x4.lt(x, zeros()), f32x4.gt(x, zeros()));
  return v128.bitselect(v128.or(ones(), signOf(x)), x, nonzero);
}

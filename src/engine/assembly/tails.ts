// Arrays rarely end where a vector does. Their last one to three numbers take the same way as the others, in a vector that
// is filled with zeros, so that a number's result does not depend on where it stands.

/** The first `count` (1 to 3) numbers at `at`, the others 0. */
export function loadTail(at: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(at);
  const pair = v128.load64_zero(at);
  return count == 2 ? pair : v128.load_lane<u32>(at, pair, 2, 8);
}

/** Writes the first `count` (1 to 3) numbers of `x`. */
export function storeTail(at: usize, x: v128, count: i32): void {
  if (count == 1) {
    v128.store_lane<u32>(at, x, 0);
    return;
  }
  v128.store_lane<u64>(at, x, 0);
  if (count == 3) v128.store_lane<u32>(at, x, 2, 8);
}

/** All bits set in the first `count` lanes. */
// @ts-ignore: decorator
@inline
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** The `count` numbers (1 to 4) at `at`, and the first of them in the place of those missing. */
// @ts-ignore: decorator
@inline
export function loadRepeating(at: usize, count: i32): v128 {
  if (count >= 4) return v128.load(at);
  return v128.bitselect(loadTail(at, count), v128.load_splat<f32>(at), firstLanes(count));
}

/** Four numbers, or as many as are left. */
// @ts-ignore: decorator
@inline
export function loadSome(at: usize, left: i32): v128 {
  return left >= 4 ? v128.load(at) : loadTail(at, left);
}

// @ts-ignore: decorator
@inline
export function storeSome(at: usize, x: v128, left: i32): void {
  if (left >= 4) v128.store(at, x);
  else storeTail(at, x, left);
}

import { madd } from "./simd";

/**
 * `c [4, 8] (+)= a [4, k] · b [k, 8]`: rows of `a` begin at four places, each step of `bStep` bytes leads to the next
 * eight numbers of `b`. One step at a time: unrolled, or with a larger tile, it needs more registers than there are, and
 * takes twice as long. So does a step that is not known when this is compiled; and a call would take as long as ten steps.
 */
// @ts-ignore: decorator
@inline
export function tile(
  k: i32, a0: usize, a1: usize, a2: usize, a3: usize, b: usize, bStep: usize, c: usize, cRow: usize, adding: i32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += bStep;
    let x = v128.load_splat<f32>(a0);
    a0 += 4;
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1);
    a1 += 4;
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2);
    a2 += 4;
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3);
    a3 += 4;
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
  }
  const row1 = c + cRow;
  const row2 = row1 + cRow;
  const row3 = row2 + cRow;
  if (adding) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(row1));
    c11 = f32x4.add(c11, v128.load(row1, 16));
    c20 = f32x4.add(c20, v128.load(row2));
    c21 = f32x4.add(c21, v128.load(row2, 16));
    c30 = f32x4.add(c30, v128.load(row3));
    c31 = f32x4.add(c31, v128.load(row3, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(row1, c10);
  v128.store(row1, c11, 16);
  v128.store(row2, c20);
  v128.store(row2, c21, 16);
  v128.store(row3, c30);
  v128.store(row3, c31, 16);
}

/** Adds the bias to, and applies the activation to, some columns of rows `top` to `bottom` (excluded) of C. */
export function finishRows(
  c: usize, n: i32, top: i32, bottom: i32, column: i32, width: i32,
  bias: usize, biasAxis: i32, activation: i32,
): void {
  if (!bias && !activation) return;
  for (let i = top; i < bottom; i++) {
    const row = c + 4 * (i * n + column);
    if (bias) {
      if (biasAxis) addRow(row, bias + 4 * column, width);
      else addToRow(row, load<f32>(bias + 4 * i), width);
    }
    if (activation) reluRow(row, width);
  }
}

function addRow(row: usize, x: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(row, f32x4.add(v128.load(row), v128.load(x)));
    row += 16;
    x += 16;
  }
  for (; n > 0; n--) {
    store<f32>(row, load<f32>(row) + load<f32>(x));
    row += 4;
    x += 4;
  }
}

export function addToRow(row: usize, x: f32, n: i32): void {
  for (const xs = f32x4.splat(x); n >= 4; n -= 4) {
    v128.store(row, f32x4.add(v128.load(row), xs));
    row += 16;
  }
  for (; n > 0; n--) {
    store<f32>(row, load<f32>(row) + x);
    row += 4;
  }
}

/** max(x, 0), with NaN staying NaN. */
export function reluRow(row: usize, n: i32): void {
  for (const zero = f32x4.splat(0); n >= 4; n -= 4) {
    v128.store(row, f32x4.pmax(v128.load(row), zero));
    row += 16;
  }
  for (; n > 0; n--) {
    const x = load<f32>(row);
    store<f32>(row, x < 0 ? 0 : x);
    row += 4;
  }
}

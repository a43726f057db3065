import { madd } from "./simd";

/**
 * Filters come in panels of four: for each element of the filter 20 bytes, how far from a place its input is found
 * (in bytes, int32), and what it weighs in each of the four.
 */
export const stepBytes: i32 = 20;

/**
 * Four filters at two vectors of four places: `out0`, `out1 [4, 4] (+)= panel [4, k] · input [k, 4]`, rows of the output
 * `row` bytes apart. As with the matrix product's tile, one step at a time is best.
 */
// @ts-ignore: decorator
@inline
export function fourFilters(
  k: i32, panel: usize, place0: usize, place1: usize, out0: usize, out1: usize, row: usize, adding: i32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (const end = panel + stepBytes * k; panel != end; panel += stepBytes) {
    const offset: usize = load<i32>(panel);
    const x0 = v128.load(place0 + offset);
    const x1 = v128.load(place1 + offset);
    let w = v128.load_splat<f32>(panel, 4);
    c00 = madd(w, x0, c00);
    c01 = madd(w, x1, c01);
    w = v128.load_splat<f32>(panel, 8);
    c10 = madd(w, x0, c10);
    c11 = madd(w, x1, c11);
    w = v128.load_splat<f32>(panel, 12);
    c20 = madd(w, x0, c20);
    c21 = madd(w, x1, c21);
    w = v128.load_splat<f32>(panel, 16);
    c30 = madd(w, x0, c30);
    c31 = madd(w, x1, c31);
  }
  if (adding) {
    c00 = f32x4.add(c00, v128.load(out0));
    c01 = f32x4.add(c01, v128.load(out1));
    c10 = f32x4.add(c10, v128.load(out0 + row));
    c11 = f32x4.add(c11, v128.load(out1 + row));
    c20 = f32x4.add(c20, v128.load(out0 + 2 * row));
    c21 = f32x4.add(c21, v128.load(out1 + 2 * row));
    c30 = f32x4.add(c30, v128.load(out0 + 3 * row));
    c31 = f32x4.add(c31, v128.load(out1 + 3 * row));
  }
  v128.store(out0, c00);
  v128.store(out1, c01);
  v128.store(out0 + row, c10);
  v128.store(out1 + row, c11);
  v128.store(out0 + 2 * row, c20);
  v128.store(out1 + 2 * row, c21);
  v128.store(out0 + 3 * row, c30);
  v128.store(out1 + 3 * row, c31);
}

/** The first two filters of a panel at four vectors of four places. */
// @ts-ignore: decorator
@inline
export function twoFilters(
  k: i32, panel: usize, place0: usize, place1: usize, place2: usize, place3: usize,
  out0: usize, out1: usize, out2: usize, out3: usize, row: usize, adding: i32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0), c03 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0), c13 = f32x4.splat(0);
  for (const end = panel + stepBytes * k; panel != end; panel += stepBytes) {
    const offset: usize = load<i32>(panel);
    const w0 = v128.load_splat<f32>(panel, 4);
    const w1 = v128.load_splat<f32>(panel, 8);
    let x = v128.load(place0 + offset);
    c00 = madd(w0, x, c00);
    c10 = madd(w1, x, c10);
    x = v128.load(place1 + offset);
    c01 = madd(w0, x, c01);
    c11 = madd(w1, x, c11);
    x = v128.load(place2 + offset);
    c02 = madd(w0, x, c02);
    c12 = madd(w1, x, c12);
    x = v128.load(place3 + offset);
    c03 = madd(w0, x, c03);
    c13 = madd(w1, x, c13);
  }
  if (adding) {
    c00 = f32x4.add(c00, v128.load(out0));
    c01 = f32x4.add(c01, v128.load(out1));
    c02 = f32x4.add(c02, v128.load(out2));
    c03 = f32x4.add(c03, v128.load(out3));
    c10 = f32x4.add(c10, v128.load(out0 + row));
    c11 = f32x4.add(c11, v128.load(out1 + row));
    c12 = f32x4.add(c12, v128.load(out2 + row));
    c13 = f32x4.add(c13, v128.load(out3 + row));
  }
  v128.store(out0, c00);
  v128.store(out1, c01);
  v128.store(out2, c02);
  v128.store(out3, c03);
  v128.store(out0 + row, c10);
  v128.store(out1 + row, c11);
  v128.store(out2 + row, c12);
  v128.store(out3 + row, c13);
}

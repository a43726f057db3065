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
  put(out0, c00, adding);
  put(out1, c01, adding);
  put(out0 + row, c10, adding);
  put(out1 + row, c11, adding);
  put(out0 + 2 * row, c20, adding);
  put(out1 + 2 * row, c21, adding);
  put(out0 + 3 * row, c30, adding);
  put(out1 + 3 * row, c31, adding);
}

/** The first two filters of a panel at four vectors of four places. */
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
  put(out0, c00, adding);
  put(out1, c01, adding);
  put(out2, c02, adding);
  put(out3, c03, adding);
  put(out0 + row, c10, adding);
  put(out1 + row, c11, adding);
  put(out2 + row, c12, adding);
  put(out3 + row, c13, adding);
}

function put(to: usize, x: v128, adding: i32): void {
  v128.store(to, adding ? f32x4.add(v128.load(to), x) : x);
}

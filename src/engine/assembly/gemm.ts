import { madd } from "./simd";

// Goto & van de Geijn (2008), Anatomy of high-performance matrix multiplication: C is made in tiles of 4 × 8 that stay
// in registers while k runs; blocks of B are copied into panels of 8 columns that the first-level cache holds.

/** Longest stretch of k between two visits of a tile, and the widest block of columns. */
const blockDepth: i32 = 256;
const blockWidth: i32 = 512;

export function gemmScratch(m: i32, n: i32, k: i32): i32 {
  return 32 * 4 + 4 * min(k, blockDepth) * ((min(n, blockWidth) + 7) & ~7);
}

export function gemm(
  c: usize, a: usize, aBatch: i32, aRow: i32, aColumn: i32,
  b: usize, bBatch: i32, bRow: i32, bColumn: i32,
  batch: i32, m: i32, n: i32, k: i32,
  accumulate: i32, bias: usize, biasAxis: i32, activation: i32,
  scratch: usize, from: i32, to: i32,
): void {
  const panels = (m + 3) >> 2;
  const packed = scratch + 128;
  for (let r0 = from * 4, r1 = min(m, to * 4), jc = 0; jc < n; jc += blockWidth) {
    const nc = min(blockWidth, n - jc);
    for (let pc = 0; pc < k; pc += blockDepth) {
      const kc = min(blockDepth, k - pc);
      packB(packed, b + 4 * (pc * bRow + jc * bColumn), bRow, bColumn, nc, kc);
      for (let j = 0; j < nc; j += 8) {
        for (let i = r0; i < r1; i += 4) {
          const rows = min(4, r1 - i);
          const a0 = a + 4 * (i * aRow + pc * aColumn);
          const step: usize = 4 * aRow;
          tile4x8(kc, a0, a0 + step, a0 + 2 * step, a0 + 3 * step, 4 * aColumn, packed + 4 * j * kc, 32, c + 4 * (i * n + jc + j), 4 * n, pc > 0 ? 1 : 0);
        }
      }
    }
  }
}

function packB(to: usize, b: usize, bRow: i32, bColumn: i32, n: i32, k: i32): void {
  for (let j = 0; j < n; j += 8) {
    let at = b + 4 * j * bColumn;
    for (let p = 0; p < k; p++) {
      v128.store(to, v128.load(at));
      v128.store(to, v128.load(at, 16), 16);
      to += 32;
      at += 4 * bRow;
    }
  }
}

/** `c [4, 8]` (+)= a · b over k steps: step by step four numbers of `a` from four places, eight of `b` from one. */
function tile4x8(
  k: i32, a0: usize, a1: usize, a2: usize, a3: usize, aStep: usize, b: usize, bStep: usize,
  c: usize, cRow: usize, accumulate: i32,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (; k > 0; k--) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += bStep;
    let x = v128.load_splat<f32>(a0);
    a0 += aStep;
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1);
    a1 += aStep;
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2);
    a2 += aStep;
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3);
    a3 += aStep;
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
  }
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(c + cRow));
    c11 = f32x4.add(c11, v128.load(c + cRow, 16));
    c20 = f32x4.add(c20, v128.load(c + 2 * cRow));
    c21 = f32x4.add(c21, v128.load(c + 2 * cRow, 16));
    c30 = f32x4.add(c30, v128.load(c + 3 * cRow));
    c31 = f32x4.add(c31, v128.load(c + 3 * cRow, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + cRow, c10);
  v128.store(c + cRow, c11, 16);
  v128.store(c + 2 * cRow, c20);
  v128.store(c + 2 * cRow, c21, 16);
  v128.store(c + 3 * cRow, c30);
  v128.store(c + 3 * cRow, c31, 16);
}

// Matrix products after Goto & van de Geijn (2008), Anatomy of high-performance matrix multiplication: C is made in tiles
// of 4 × 8 that stay in registers while k runs; a block of B is copied into panels of 8 columns, of which the first-level
// cache holds one, while the second-level cache holds a block of A.
import { packA, packB } from "./gemm-pack";
import { finishRows, tile } from "./gemm-tile";
import { rowTimesMatrix } from "./gemv";

/** Longest stretch of k between two visits of a tile; most rows and columns of the blocks of A and B. */
const blockDepth: i32 = 320;
const blockHeight: i32 = 96;
const blockWidth: i32 = 512;
/** With so few rows, copying B takes longer than it saves. */
const fewRows: i32 = 8;
/** Bytes of a tile that does not fit into C. */
const tileBytes: i32 = 128;

export function gemmScratch(m: i32, n: i32, k: i32): i32 {
  const depth = min(k, blockDepth);
  return tileBytes + 4 * depth * (((min(m, blockHeight) + 3) & ~3) + ((min(n, blockWidth) + 7) & ~7));
}

export function gemm(
  c: usize, a: usize, aBatch: i32, aRow: i32, aColumn: i32,
  b: usize, bBatch: i32, bRow: i32, bColumn: i32,
  batch: i32, m: i32, n: i32, k: i32,
  accumulate: i32, bias: usize, biasAxis: i32, activation: i32,
  scratch: usize, from: i32, to: i32,
): void {
  const panels = (m + 3) >> 2;
  while (from < to) {
    const matrix = from / panels;
    const first = from - matrix * panels;
    const last = min(panels, first + to - from);
    product(
      c + 4 * matrix * m * n, a + 4 * matrix * aBatch, aRow, aColumn, b + 4 * matrix * bBatch, bRow, bColumn,
      m, n, k, accumulate, bias, biasAxis, activation, scratch, 4 * first, min(m, 4 * last),
    );
    from += last - first;
  }
}

/** One matrix's rows `top` to `bottom` (excluded). */
function product(
  c: usize, a: usize, aRow: i32, aColumn: i32, b: usize, bRow: i32, bColumn: i32,
  m: i32, n: i32, k: i32, accumulate: i32, bias: usize, biasAxis: i32, activation: i32,
  scratch: usize, top: i32, bottom: i32,
): void {
  if (m == 1 && (bColumn == 1 || bRow == 1)) {
    rowTimesMatrix(c, a, aColumn, b, bRow, bColumn, n, k, accumulate);
    finishRows(c, n, 0, 1, 0, n, bias, biasAxis, activation);
    return;
  }
  if (n == 1 && (aColumn == 1 || aRow == 1)) {
    // A column is a row, seen the other way: c = A b means cᵀ = bᵀ Aᵀ.
    rowTimesMatrix(c + 4 * top, b, bRow, a + 4 * top * aRow, aColumn, aRow, bottom - top, k, accumulate);
    finishRows(c, 1, top, bottom, 0, 1, bias, biasAxis, activation);
    return;
  }
  // Blocks of equal depth, rather than deep ones and a rest.
  const blocks = max(1, (k + blockDepth - 1) / blockDepth);
  const depth = (k + blocks - 1) / blocks;
  const packedA = scratch + tileBytes;
  const packedB = packedA + 4 * depth * ((min(m, blockHeight) + 3) & ~3);
  for (let jc = 0; jc < n; jc += blockWidth) {
    const width = min(blockWidth, n - jc);
    const whole = m <= fewRows && bColumn == 1 ? width & ~7 : 0;
    for (let block = 0; block < blocks; block++) {
      const pc = block * depth;
      const kc = min(depth, k - pc);
      const cornerB = b + 4 * (pc * bRow + jc * bColumn);
      packB(packedB, cornerB + 4 * whole * bColumn, bRow, bColumn, kc, width - whole);
      for (let ic = top; ic < bottom; ic += blockHeight) {
        const height = min(blockHeight, bottom - ic);
        let cornerA = a + 4 * (ic * aRow + pc * aColumn);
        let rowA: usize = 4 * aRow;
        if (aColumn != 1) {
          packA(packedA, cornerA, aRow, aColumn, height, kc);
          cornerA = packedA;
          rowA = 4 * kc;
        }
        for (let j = 0; j < width; j += 8) {
          const panel = j < whole ? cornerB + 4 * j : packedB + 4 * (j - whole) * kc;
          for (let i = 0; i < height; i += 4) {
            const rows = height - i;
            // Rows that are not there are read from the first one, and dropped.
            const a0 = cornerA + i * rowA;
            const a1 = rows > 1 ? a0 + rowA : a0;
            const a2 = rows > 2 ? a0 + 2 * rowA : a0;
            const a3 = rows > 3 ? a0 + 3 * rowA : a0;
            const to = c + 4 * ((ic + i) * n + jc + j);
            const adding = accumulate | block;
            const fits = rows > 3 && width - j > 7;
            const at = fits ? to : scratch;
            const step = fits ? 4 * n : 32;
            if (j < whole) tile(kc, a0, a1, a2, a3, panel, 4 * bRow, at, step, fits ? adding : 0);
            else tile(kc, a0, a1, a2, a3, panel, 32, at, step, fits ? adding : 0);
            if (!fits) copyPart(to, 4 * n, scratch, min(4, rows), min(8, width - j), adding);
          }
        }
        if (block == blocks - 1) finishRows(c, n, ic, ic + height, jc, width, bias, biasAxis, activation);
      }
    }
  }
}

/** Copies, or adds, the part of a tile that lies within C. */
function copyPart(c: usize, cRow: usize, tile: usize, rows: i32, columns: i32, adding: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = load<f32>(tile + 32 * i + 4 * j);
      const at = c + 4 * j;
      store<f32>(at, adding ? load<f32>(at) + value : value);
    }
    c += cRow;
  }
}

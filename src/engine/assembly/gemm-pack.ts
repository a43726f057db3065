/**
 * Copies `b [k, n]` into panels of 8 columns, each `[k, 8]`, the last one filled up with zeros. `b[p, j]` lies at
 * `b + 4 (p bRow + j bColumn)`.
 */
export function packB(to: usize, b: usize, bRow: i32, bColumn: i32, k: i32, n: i32): void {
  let j = 0;
  for (; j + 8 <= n; j += 8) {
    const at = b + 4 * j * bColumn;
    if (bColumn == 1) copyPanel(to, at, 4 * bRow, k);
    else if (bRow == 1) transposePanel(to, at, 4 * bColumn, k);
    else copyElements(to, at, bRow, bColumn, k, 8);
    to += 32 * k;
  }
  if (j < n) copyElements(to, b + 4 * j * bColumn, bRow, bColumn, k, n - j);
}

/** Copies `a`, with `a[i, p]` at `a + 4 (i aRow + p aColumn)`, into rows `[m, k]`. */
export function packA(to: usize, a: usize, aRow: i32, aColumn: i32, m: i32, k: i32): void {
  let i = 0;
  if (aRow == 1) {
    for (; i + 4 <= m; i += 4) {
      const row = to + 4 * i * k;
      let p = 0;
      for (; p + 4 <= k; p += 4) transposeSquare(row + 4 * p, 4 * k, a + 4 * (p * aColumn + i), 4 * aColumn);
      for (; p < k; p++) {
        for (let r = 0; r < 4; r++) store<f32>(row + 4 * (r * k + p), load<f32>(a + 4 * (p * aColumn + i + r)));
      }
    }
  }
  for (; i < m; i++) {
    for (let p = 0; p < k; p++) store<f32>(to + 4 * (i * k + p), load<f32>(a + 4 * (i * aRow + p * aColumn)));
  }
}

function copyPanel(to: usize, from: usize, step: usize, k: i32): void {
  for (; k > 0; k--) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    from += step;
    to += 32;
  }
}

/** `to [k, 8]` = eight rows of k numbers, `step` bytes apart, transposed in squares of four. */
function transposePanel(to: usize, from: usize, step: usize, k: i32): void {
  const second = from + 4 * step;
  let p = 0;
  for (; p + 4 <= k; p += 4) {
    transposeSquare(to, 32, from + 4 * p, step);
    transposeSquare(to + 16, 32, second + 4 * p, step);
    to += 128;
  }
  for (; p < k; p++) {
    for (let j: usize = 0; j < 8; j++) store<f32>(to + 4 * j, load<f32>(from + j * step + 4 * p));
    to += 32;
  }
}

/** Four rows of four, `step` bytes apart, written as columns of rows `toStep` bytes apart. */
function transposeSquare(to: usize, toStep: usize, from: usize, step: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + step);
  const r2 = v128.load(from + 2 * step);
  const r3 = v128.load(from + 3 * step);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + toStep, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * toStep, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * toStep, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/** `to [k, 8]` from elements anywhere: `columns` of them, then zeros. */
function copyElements(to: usize, from: usize, row: i32, column: i32, k: i32, columns: i32): void {
  for (let p = 0; p < k; p++) {
    for (let j = 0; j < 8; j++) {
      store<f32>(to, j < columns ? load<f32>(from + 4 * (p * row + j * column)) : 0);
      to += 4;
    }
  }
}

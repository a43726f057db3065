import type { Numbers } from "./strided.js";

/**
 * `out[i, j] = Σₚ a[i, p] b[p, j]` for row-major matrices `a [m, k]`, `b [k, n]` that begin at the given offsets.
 * The innermost loop runs along rows of `b` and of the result; sums are kept in double precision.
 */
export function matmulKernel(
  out: Numbers,
  a: Numbers,
  b: Numbers,
  [m, k, n]: readonly [number, number, number],
  offsets: { out: number; a: number; b: number },
): void {
  const row = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    row.fill(0);
    for (let p = 0; p < k; p++) {
      const factor = a[offsets.a + i * k + p];
      const from = offsets.b + p * n;
      for (let j = 0; j < n; j++) row[j] = row[j] + factor * b[from + j];
    }
    const to = offsets.out + i * n;
    for (let j = 0; j < n; j++) out[to + j] = row[j]!;
  }
}

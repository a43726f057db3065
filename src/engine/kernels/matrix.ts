import type { Pointer } from "../kernels.js";

export interface MatrixKernels {
  /**
   * `c[i, j] = activation(Σₚ a[i, p] b[p, j] + bias)` for each matrix of a batch; `c [batch, m, n]` is dense.
   * `a[i, p]` lies at `a + 4 (i aRow + p aColumn)`, so that swapped strides transpose; `aBatch` leads from matrix to
   * matrix, 0 if all share one. The same for `b`. `bias` is [n], one for each column, if `biasAxis` is 1, [m] if it is 0,
   * and may be none. `activation`: 0 none, 1 relu. With `accumulate`, what is in `c` is added before the activation.
   *
   * Units: `batch · ⌈m / 4⌉` panels of four rows. Strides count elements.
   */
  gemm(
    c: Pointer, a: Pointer, aBatch: number, aRow: number, aColumn: number,
    b: Pointer, bBatch: number, bRow: number, bColumn: number,
    batch: number, m: number, n: number, k: number,
    accumulate: number, bias: Pointer, biasAxis: number, activation: number,
    scratch: Pointer, from: number, to: number,
  ): void; // prettier-ignore
  /** Bytes of scratch that {@link gemm} needs. */
  gemmScratch(m: number, n: number, k: number): number;
}

// Matrix products and their gradients.
import type { Pointer } from "../../engine/kernels.js";
import { run } from "../../engine/run.js";
import type { FusedNode } from "../../tensor/history.js";
import { sameShape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { planOf, starts } from "../matmul-plan.js";
import { zeroTemporary } from "../temporary.js";
import { addressOf, kernels } from "./address.js";

/** Matrices in memory: where they begin, and how far apart rows, columns and matrices are, in elements. */
export interface Matrices {
  readonly at: Pointer;
  readonly row: number;
  readonly column: number;
  readonly batch: number;
}

export interface ProductSizes {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** `c [batch, m, n] = a [batch, m, k] b [batch, k, n]`, plus what is in c or a bias `[n]`, if wanted. */
export function multiply(
  c: Pointer,
  a: Matrices,
  b: Matrices,
  { batch, m, n, k }: ProductSizes,
  { accumulate = false, bias = 0 }: { accumulate?: boolean; bias?: Pointer } = {},
): void {
  if (batch * m * n === 0) return;
  const operands = [c, a.at, a.batch, a.row, a.column, b.at, b.batch, b.row, b.column];
  const [acrossColumns, noActivation] = [1, 0];
  run("gemm", [...operands, batch, m, n, k, accumulate ? 1 : 0, bias, acrossColumns, noActivation], {
    units: batch * Math.ceil(m / 4),
    nanoseconds: (batch * m * n * k) / 20,
    scratch: kernels().gemmScratch(m, n, k),
    grain: 8,
  });
}

/** Matrices of so many rows and columns, one behind the other. */
export function dense(at: Pointer, rows: number, columns: number): Matrices {
  return { at, row: columns, column: 1, batch: rows * columns };
}

export function transposed({ at, row, column, batch }: Matrices): Matrices {
  return { at, row: column, column: row, batch };
}

export const matmulRules = {
  forward(out: Tensor, [a, b]: readonly Tensor[]): boolean {
    eachProduct(a, b, ({ m, n, k, batch }, atA, atB, atOut) => {
      const [left, right] = [dense(addressOf(a) + atA, m, k), dense(addressOf(b) + atB, k, n)];
      multiply(addressOf(out) + atOut, left, right, { batch, m, n, k });
    });
    return true;
  },

  // dA = G Bᵀ [m, k];  dB = Aᵀ G [k, n]; they add up where matrices are shared
  backward(g: Tensor, node: FusedNode): (Tensor | null)[] {
    const [a, b] = node.inputs;
    const da = node.wants(0) ? zeroTemporary(a) : null;
    const db = node.wants(1) ? zeroTemporary(b) : null;
    eachProduct(a, b, ({ m, n, k, batch }, atA, atB, atOut) => {
      const gradient = dense(addressOf(g) + atOut, m, n);
      if (da) {
        const right = transposed(dense(addressOf(b) + atB, k, n));
        multiply(addressOf(da) + atA, gradient, right, { batch, m, n: k, k: n }, { accumulate: true });
      }
      if (db) {
        const left = transposed(dense(addressOf(a) + atA, m, k));
        multiply(addressOf(db) + atB, left, gradient, { batch, m: k, n, k: m }, { accumulate: true });
      }
    });
    return [da, db];
  },
};

/** Calls `visit` with the products that a matmul consists of: one, unless batch axes are broadcast; offsets are in bytes. */
function eachProduct(
  a: Tensor,
  b: Tensor,
  visit: (sizes: ProductSizes, atA: number, atB: number, atOut: number) => void,
): void {
  const { batch, batchA, batchB, m, n, k } = planOf(a, b);
  const count = sizeOf(batch);
  if (sizeOf(batchB) === 1) visit({ batch: 1, m: count * m, n, k }, 0, 0, 0);
  else if (sameShape(batchA, batchB)) visit({ batch: count, m, n, k }, 0, 0, 0);
  else {
    const [whichA, whichB] = [starts(batchA, batch, m * k), starts(batchB, batch, k * n)];
    for (let i = 0; i < count; i++) {
      visit({ batch: 1, m, n, k }, 4 * whichA[i], 4 * whichB[i], 4 * i * m * n);
    }
  }
}

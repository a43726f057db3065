import { arithmetic } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { show, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineOp, type Op } from "./define-op.js";
import { matmulRules } from "./engine/matmul.js";
import { matmulKernel } from "./kernels/matmul.js";
import { planOf, starts } from "./matmul-plan.js";
import { reshape, transpose } from "./shape.js";

/**
 * Matrix product.
 *
 * Shapes: `a [m, k] @ b [k, n] → [m, n]`. Axes before the last two are batches and broadcast:
 * `[b, m, k] @ [k, n] → [b, m, n]`. A vector on the left is a row, one on the right a column, and that axis is
 * dropped from the result: `[m, k] @ [k] → [m]`, `[k] @ [k] → []`.
 *
 * @throws ShapeError if the inner sizes `k` differ, or an input has no axes.
 * @example matmul(tensor([[1, 2], [3, 4]]), eye(2)).toArray() // [[1, 2], [3, 4]]
 */
export const matmul: Op<[a: Tensor, b: Tensor]> = defineOp({
  name: "matmul",
  engine: matmulRules,
  dtype: arithmetic,
  shape(a, b) {
    if (a.ndim === 0 || b.ndim === 0) {
      throw new ShapeError(
        `matmul: ${show(a.shape)} @ ${show(b.shape)}: a single number is no matrix. mul(a, b) multiplies by numbers.`,
      );
    }
    const { batch, m, n } = planOf(a, b);
    return [...batch, ...(a.ndim > 1 ? [m] : []), ...(b.ndim > 1 ? [n] : [])];
  },
  forward(out, a, b) {
    const { batch, m, k, n, batchA, batchB } = planOf(a, b);
    const matrices = sizeOf(batch);
    const whichA = starts(batchA, batch, m * k);
    const whichB = starts(batchB, batch, k * n);
    const [to, left, right] = [out.elements, a.elements, b.elements];
    for (let i = 0; i < matrices; i++) {
      matmulKernel(to, left, right, [m, k, n], { out: i * m * n, a: whichA[i], b: whichB[i] });
    }
  },
  // dA = G Bᵀ [m, k];  dB = Aᵀ G [k, n], with vectors as matrices of one row or column
  backward(g, { inputs: [a, b] }) {
    const { batch, m, k, n } = planOf(a, b);
    const G = reshape(g, [...batch, m, n]);
    return [
      () => matmul(G, transpose(b.ndim === 1 ? reshape(b, [k, 1]) : b)),
      () => {
        const dB = matmul(transpose(a.ndim === 1 ? reshape(a, [1, k]) : a), G);
        return b.ndim === 1 ? reshape(dB, [...batch, k]) : dB;
      },
    ];
  },
});

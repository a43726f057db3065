import { arithmetic } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { broadcastShapes, broadcastStrides, show, sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineOp, type Op } from "./define-op.js";
import { matmulKernel } from "./kernels/matmul.js";
import { gather } from "./kernels/strided.js";
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
  dtype: arithmetic,
  shape(a, b) {
    if (a.ndim === 0 || b.ndim === 0) {
      throw new ShapeError(
        `matmul: ${show(a.shape)} @ ${show(b.shape)}: a single number is no matrix. mul(a, b) multiplies by numbers.`,
      );
    }
    const { batch, m, n } = plan(a, b);
    return [...batch, ...(a.ndim > 1 ? [m] : []), ...(b.ndim > 1 ? [n] : [])];
  },
  forward(out, a, b) {
    const { batch, m, k, n, batchA, batchB } = plan(a, b);
    const matrices = sizeOf(batch);
    const whichA = starts(batchA, batch, m * k);
    const whichB = starts(batchB, batch, k * n);
    for (let i = 0; i < matrices; i++) {
      matmulKernel(out.elements, a.elements, b.elements, [m, k, n], {
        out: i * m * n,
        a: whichA[i],
        b: whichB[i],
      });
    }
  },
  // dA = G Bᵀ [m, k];  dB = Aᵀ G [k, n], with vectors as matrices of one row or column
  backward(g, { inputs: [a, b] }) {
    const { batch, m, k, n } = plan(a, b);
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

/** The sizes `[…batch, m, k] @ […batch, k, n]` that two inputs have once vectors count as matrices. */
function plan(a: Tensor, b: Tensor) {
  const shapeA = a.ndim === 1 ? [1, ...a.shape] : a.shape;
  const shapeB = b.ndim === 1 ? [...b.shape, 1] : b.shape;
  const [m, k] = shapeA.slice(-2) as [number, number];
  const [k2, n] = shapeB.slice(-2) as [number, number];
  const product = `matmul: ${show(a.shape)} @ ${show(b.shape)}`;
  const [batchA, batchB] = [shapeA.slice(0, -2), shapeB.slice(0, -2)];
  const batch = broadcastShapes(`${product}: batch axes`, batchA, batchB);
  if (k !== k2) {
    const hint = b.ndim > 1 && k === n ? " transpose(b) would fit." : "";
    throw new ShapeError(`${product}: inner sizes ${k} and ${k2} differ.${hint}`);
  }
  return { batch, batchA, batchB, m, k, n };
}

/** Where in storage each matrix of a batch begins, when the batch axes `own` are broadcast to `batch`. */
function starts(own: Shape, batch: Shape, matrixSize: number): Float64Array {
  const numbers = Float64Array.from({ length: sizeOf(own) }, (_, i) => i * matrixSize);
  const out = new Float64Array(sizeOf(batch));
  gather(out, numbers, batch, broadcastStrides(own, batch));
  return out;
}

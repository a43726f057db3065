import { add } from "../ops/arithmetic.js";
import { defineOp, type Op } from "../ops/define-op.js";
import { affineRules } from "../ops/engine/affine.js";
import { matmul } from "../ops/matmul.js";
import { sum } from "../ops/reduce.js";
import { reshape, transpose } from "../ops/shape.js";
import { promote } from "../tensor/dtype.js";
import { noGrad } from "../tensor/grad-mode.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Affine map `x Wᵀ + b` as one operation: it needs neither the transposed weight nor the sum without bias.
 *
 * Shapes: `x […, in]`, `weight [out, in]`, `bias [out]` → `[…, out]`.
 */
export const affine: Op<[x: Tensor, weight: Tensor, bias: Tensor | null]> = defineOp<
  [x: Tensor, weight: Tensor, bias: Tensor | null],
  readonly Tensor[]
>({
  name: "linear",
  engine: affineRules,
  variadic: true,
  call: (x, weight, bias) => ({ inputs: bias ? [x, weight, bias] : [x, weight], params: undefined }),
  dtype: promote,
  shape: ([x, weight]) => x.shape.with(-1, weight.shape[0]),
  forward: (out, [x, weight, bias]) =>
    noGrad(() => {
      const product = matmul(x, transpose(weight));
      out.elements.set((bias ? add(product, bias) : product).elements);
    }),
  // dx = G W;  dW = Gᵀ x;  db = Σ G
  backward(g, { inputs: [x, weight, bias] }) {
    const [out, inner] = weight.shape;
    const rows = reshape(g, [-1, out]);
    const gradients = [
      () => matmul(g, weight),
      () => matmul(transpose(rows), reshape(x, [-1, inner])),
      () => sum(rows, 0),
    ];
    return bias ? gradients : gradients.slice(0, 2);
  },
});

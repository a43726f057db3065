import { ShapeError } from "../tensor/errors.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { mul } from "./arithmetic.js";
import { defineComposite, type Op } from "./define-op.js";
import { matmul } from "./matmul.js";
import { reshape } from "./shape.js";

/**
 * Scalar product of two vectors, Σ aᵢ bᵢ.
 *
 * Shapes: `a [n]`, `b [n]` → `[]`.
 *
 * @throws ShapeError if they are not two vectors of one length.
 * @example dot(tensor([1, 2]), tensor([3, 4])).item() // 11
 */
export const dot: Op<[a: Tensor, b: Tensor]> = defineComposite("dot", (a, b) => {
  if (a.ndim === 1 && b.ndim === 1 && a.size === b.size) return matmul(a, b);
  throw new ShapeError(`dot: ${show(a.shape)} and ${show(b.shape)}. Expected two vectors of one length.`);
});

/**
 * Outer product of two vectors: `out[i, j] = a[i] b[j]`.
 *
 * Shapes: `a [m]`, `b [n]` → `[m, n]`.
 *
 * @throws ShapeError if they are not two vectors.
 * @example outer(tensor([1, 2]), tensor([3, 4])).toArray() // [[3, 4], [6, 8]]
 */
export const outer: Op<[a: Tensor, b: Tensor]> = defineComposite("outer", (a, b) => {
  if (a.ndim === 1 && b.ndim === 1) return mul(reshape(a, [a.size, 1]), b);
  throw new ShapeError(`outer: ${show(a.shape)} and ${show(b.shape)}. Expected two vectors.`);
});

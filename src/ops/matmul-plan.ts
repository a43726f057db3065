import { ShapeError } from "../tensor/errors.js";
import { broadcastShapes, broadcastStrides, show, sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { gather } from "./kernels/strided.js";

/** The sizes `[…batch, m, k] @ […batch, k, n]` of two inputs, each with batch axes of its own. */
export interface MatmulPlan {
  readonly batch: Shape;
  readonly batchA: Shape;
  readonly batchB: Shape;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** The sizes that two inputs have once vectors count as matrices. */
export function planOf(a: Tensor, b: Tensor): MatmulPlan {
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
export function starts(own: Shape, batch: Shape, matrixSize: number): Float64Array {
  const numbers = Float64Array.from({ length: sizeOf(own) }, (_, i) => i * matrixSize);
  const out = new Float64Array(sizeOf(batch));
  gather(out, numbers, batch, broadcastStrides(own, batch));
  return out;
}

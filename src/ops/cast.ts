import { convert, type DType } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineOp, type Op } from "./define-op.js";

/**
 * A copy with another element type: int32 drops fractions, bool is "not 0". Gradients flow between the float types.
 *
 * @example cast(tensor([1.7, -1.7]), "int32").toArray() // [1, -1]
 */
export const cast: Op<[x: Tensor, dtype: DType]> = defineOp({
  name: "cast",
  call: (x: Tensor, dtype: DType) => ({ inputs: [x] as [Tensor], params: { dtype } }),
  dtype: (_dtypes, { dtype }) => dtype,
  shape: (x) => x.shape,
  forward: (out, x, { dtype }) => out.elements.set(convert(x.elements, dtype)),
  backward: (g) => [g],
});

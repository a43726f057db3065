import { arithmetic } from "../tensor/dtype.js";
import { normalizeAxis } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineOp, type Op } from "./define-op.js";
import { eachLine } from "./kernels/lines.js";

/**
 * Running sum along one axis: each element plus all before it.
 *
 * @throws ShapeError if the axis does not exist.
 * @example cumsum(tensor([1, 2, 3]), 0).toArray() // [1, 3, 6]
 */
export const cumsum: Op<[x: Tensor, axis: number]> = defineOp({
  name: "cumsum",
  call: (x: Tensor, axis: number) => runningSum("cumsum", x, axis),
  dtype: arithmetic,
  shape: (x) => x.shape,
  forward(out, x, { axis }) {
    const count = x.shape[axis];
    const [from, to] = [x.elements, out.elements];
    eachLine(x.shape, axis, (start, stride) => {
      let total = 0;
      for (let i = 0, at = start; i < count; i++, at += stride) to[at] = total += from[at];
    });
  },
  backward: (g, { params: { axis } }) => [cumsumFromEnd(g, axis)],
});

/** Each element plus all after it: the transpose of {@link cumsum}. */
const cumsumFromEnd: typeof cumsum = defineOp({
  name: "cumsumFromEnd",
  call: (x: Tensor, axis: number) => runningSum("cumsumFromEnd", x, axis),
  dtype: arithmetic,
  shape: (x) => x.shape,
  forward(out, x, { axis }) {
    const count = x.shape[axis];
    const [from, to] = [x.elements, out.elements];
    eachLine(x.shape, axis, (start, stride) => {
      let total = 0;
      for (let i = count - 1, at = start + i * stride; i >= 0; i--, at -= stride) {
        to[at] = total += from[at];
      }
    });
  },
  backward: (g, { params: { axis } }) => [cumsum(g, axis)],
});

function runningSum(op: string, x: Tensor, axis: number) {
  return { inputs: [x] as [Tensor], params: { axis: normalizeAxis(op, axis, x.shape) } };
}

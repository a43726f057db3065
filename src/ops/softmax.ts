import { floating } from "../tensor/dtype.js";
import { normalizeAxis } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { mul, sub } from "./arithmetic.js";
import { defineOp, type Op } from "./define-op.js";
import { reducing } from "./engine/reduce.js";
import { normalizing } from "./engine/softmax.js";
import { exp } from "./exponential.js";
import { eachLine } from "./kernels/lines.js";
import type { Numbers } from "./kernels/strided.js";
import { sum } from "./reduce.js";
import { reducedShape, reduceRows, reduction, spread, type ReductionArgs } from "./reduction.js";

/**
 * ln Σ eˣ over the given axes, or over all: a smooth maximum. −Infinity for nothing.
 *
 * The largest element is taken out first, ln Σ eˣ = m + ln Σ eˣ⁻ᵐ, so that no exponential overflows.
 *
 * @throws ShapeError if an axis does not exist or is named twice.
 * @see Blanchard, Higham & Higham (2021), Accurately computing the log-sum-exp and softmax functions.
 * @example logSumExp(tensor([1000, 1000], { dtype: "float64" })).item() // 1000 + Math.LN2
 */
export const logSumExp: Op<ReductionArgs> = defineOp({
  name: "logSumExp",
  engine: reducing("logSumExp"),
  call: (...args: ReductionArgs) => reduction("logSumExp", ...args),
  dtype: floating,
  shape: reducedShape,
  forward: (out, x, { axes }) =>
    reduceRows(out, x, axes, (row) => {
      const { largest, total } = sumOfExponentials(row, 0, 1, row.length);
      return Number.isFinite(largest) ? largest + Math.log(total) : largest;
    }),
  // softmax(x) = eˣ⁻ᵒᵘᵗ
  backward: (g, { inputs: [x], output, params }) => [
    mul(spread(g, x, params), exp(sub(x, spread(output, x, params)))),
  ],
});

/**
 * eˣ / Σ eˣ along one axis (the last by default): positive numbers that sum to 1. Adding a constant to all x changes
 * nothing.
 *
 * @throws ShapeError if the axis does not exist.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §6.2.2.3.
 * @example softmax(tensor([[0, 0], [1000, -1000]])).toArray() // [[0.5, 0.5], [1, 0]]
 */
export const softmax: Op<[x: Tensor, axis?: number]> = defineOp({
  name: "softmax",
  engine: normalizing("softmax"),
  call: (x: Tensor, axis = -1) => alongAxis("softmax", x, axis),
  dtype: floating,
  shape: (x) => x.shape,
  forward: (out, x, { axis }) => normalize(out, x, axis, (relative, total) => Math.exp(relative) / total),
  // y (g − Σ g y)
  backward: (g, { output: y, params: { axis } }) => [
    mul(y, sub(g, sum(mul(g, y), axis, { keepDims: true }))),
  ],
});

/**
 * x − ln Σ eˣ along one axis (the last by default): the logarithm of {@link softmax}, finite where softmax itself
 * has become 0.
 *
 * @throws ShapeError if the axis does not exist.
 * @example logSoftmax(tensor([1000, 0])).toArray() // [0, -1000]
 */
export const logSoftmax: Op<[x: Tensor, axis?: number]> = defineOp({
  name: "logSoftmax",
  engine: normalizing("logSoftmax"),
  call: (x: Tensor, axis = -1) => alongAxis("logSoftmax", x, axis),
  dtype: floating,
  shape: (x) => x.shape,
  forward: (out, x, { axis }) => normalize(out, x, axis, (relative, total) => relative - Math.log(total)),
  // g − softmax(x) Σ g
  backward: (g, { output, params: { axis } }) => [sub(g, mul(exp(output), sum(g, axis, { keepDims: true })))],
});

function alongAxis(op: string, x: Tensor, axis: number) {
  return { inputs: [x] as [Tensor], params: { axis: normalizeAxis(op, axis, x.shape) } };
}

/** Fills `out` with a function of x − m and of the total Σ eˣ⁻ᵐ, where m is the largest element along the axis. */
function normalize(
  out: Tensor,
  x: Tensor,
  axis: number,
  finish: (relative: number, total: number) => number,
): void {
  const count = x.shape[axis];
  const [from, to] = [x.elements, out.elements];
  eachLine(x.shape, axis, (start, stride) => {
    const { largest, total } = sumOfExponentials(from, start, stride, count);
    for (let i = 0, at = start; i < count; i++, at += stride) to[at] = finish(from[at] - largest, total);
  });
}

/** The largest m of `count` elements, and Σ eˣ⁻ᵐ. */
function sumOfExponentials(x: Numbers, start: number, stride: number, count: number) {
  let largest = -Infinity;
  for (let i = 0, at = start; i < count; i++, at += stride) largest = Math.max(largest, x[at]);
  let total = 0;
  for (let i = 0, at = start; i < count; i++, at += stride) total += Math.exp(x[at] - largest);
  return { largest, total };
}

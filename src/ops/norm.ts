import { floating } from "../tensor/dtype.js";
import { normalizeAxes, type Axes } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { abs, div, mul } from "./arithmetic.js";
import { equal, where } from "./compare.js";
import { defineComposite, defineOp, type Op } from "./define-op.js";
import { pow } from "./exponential.js";
import { sign } from "./piecewise.js";
import { max, sum } from "./reduce.js";
import {
  checkSome,
  reducedShape,
  reduceRows,
  reduction,
  spread,
  type ReductionArgs,
  type ReductionOptions,
} from "./reduction.js";

/** Which norm, and whether its axes stay. */
export interface NormOptions extends ReductionOptions {
  /** Exponent p: 2 by default, 1 for the sum of sizes, Infinity for the largest size. */
  p?: number;
}

/**
 * p-norm over the given axes, or over all: (Σ|xᵢ|ᵖ)^(1/p). Where it is 0, so is the gradient.
 *
 * @throws ShapeError if an axis does not exist or is named twice, or is empty for p = Infinity.
 * @throws RangeError if p is not positive.
 * @example norm(tensor([3, -4])).item() // 5
 * @example norm(tensor([3, -4]), 0, { p: 1 }).item() // 7
 */
export const norm: Op<[x: Tensor, axes?: Axes, options?: NormOptions]> = defineComposite(
  "norm",
  (x, axes, { p = 2, ...options } = {}) => {
    if (!(p > 0)) throw new RangeError(`norm: p is ${p}. Expected a positive number or Infinity.`);
    const named = normalizeAxes("norm", axes, x.shape);
    if (p === 1) return sum(abs(x), named, options);
    if (p < Infinity) return powerNorm(x, named, options, p);
    checkSome("norm", "largest", x, named);
    return max(abs(x), named, options);
  },
);

const powerNorm: Op<[...ReductionArgs, p: number]> = defineOp({
  name: "norm",
  call(x: Tensor, axes: Axes | undefined, options: ReductionOptions | undefined, p: number) {
    const { inputs, params } = reduction("norm", x, axes, options);
    return { inputs, params: { ...params, p } };
  },
  dtype: floating,
  shape: reducedShape,
  forward(out, x, { axes, p }) {
    reduceRows(out, x, axes, (row) => {
      // relative to the largest, so that no power leaves the range of the numbers
      let largest = 0;
      for (const value of row) largest = Math.max(largest, Math.abs(value));
      if (largest === 0 || largest === Infinity) return largest;
      let total = 0;
      for (const value of row) total += (Math.abs(value) / largest) ** p;
      return largest * total ** (1 / p);
    });
  },
  // sign(x) (|x| / out)^(p − 1)
  backward(g, { inputs: [x], output, params }) {
    const share = div(x, spread(where(equal(output, 0), 1, output), x, params));
    const slope = params.p === 2 ? share : mul(sign(share), pow(abs(share), params.p - 1));
    return [mul(spread(g, x, params), slope)];
  },
});

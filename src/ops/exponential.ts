import { arithmetic } from "../tensor/dtype.js";
import { div, mul, sub } from "./arithmetic.js";
import { equal, where } from "./compare.js";
import type { Op, TensorLike } from "./define-op.js";
import { defineElementwise } from "./elementwise.js";

/** eˣ. @example exp(tensor([0, 1], { dtype: "float64" })).toArray() // [1, Math.E] */
export const exp: Op<[x: TensorLike]> = defineElementwise({
  name: "exp",
  value: (x) => Math.exp(x),
  backward: (g, { output }) => [mul(g, output)],
});

/** Natural logarithm; −Infinity at 0, NaN below. @example log(tensor([1, 0])).toArray() // [0, -Infinity] */
export const log: Op<[x: TensorLike]> = defineElementwise({
  name: "log",
  value: (x) => Math.log(x),
  backward: (g, { inputs: [x] }) => [div(g, x)],
});

/** √x; NaN below 0. @example sqrt(tensor([4, 9])).toArray() // [2, 3] */
export const sqrt: Op<[x: TensorLike]> = defineElementwise({
  name: "sqrt",
  value: (x) => Math.sqrt(x),
  backward: (g, { output }) => [div(g, mul(output, 2))],
});

/**
 * aᵇ. Between integers the result is an integer, its fraction dropped: 2⁻¹ is 0.
 *
 * @example pow(tensor([2, 3]), 2).toArray() // [4, 9]
 */
export const pow: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "pow",
  value: (a, b) => a ** b,
  dtype: arithmetic,
  // dA = G b aᵇ⁻¹, which is 0 for b = 0 even at a = 0;  dB = G aᵇ ln a, taken as 0 at a = 0
  backward: (g, { inputs: [a, b], output }) => [
    () => where(equal(b, 0), 0, mul(g, mul(b, pow(a, sub(b, 1))))),
    () => where(equal(a, 0), 0, mul(g, mul(output, log(a)))),
  ],
});

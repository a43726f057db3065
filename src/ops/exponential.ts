import { arithmetic } from "../tensor/dtype.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { equal, where } from "./compare.js";
import type { Op, TensorLike } from "./define-op.js";
import { defineElementwise } from "./elementwise.js";
import { powRules } from "./engine/binary.js";
import { unary } from "./engine/unary.js";
import { errorFunction } from "./kernels/error-function.js";

/** eˣ. @example exp(tensor([0, 1], { dtype: "float64" })).toArray() // [1, Math.E] */
export const exp: Op<[x: TensorLike]> = defineElementwise({
  name: "exp",
  engine: unary("exp", "output", "mul"),
  value: (x) => Math.exp(x),
  backward: (g, { output }) => [mul(g, output)],
});

/** Natural logarithm; −Infinity at 0, NaN below. @example log(tensor([1, 0])).toArray() // [0, -Infinity] */
export const log: Op<[x: TensorLike]> = defineElementwise({
  name: "log",
  engine: unary("log", "input", "div"),
  value: (x) => Math.log(x),
  backward: (g, { inputs: [x] }) => [div(g, x)],
});

/** √x; NaN below 0. @example sqrt(tensor([4, 9])).toArray() // [2, 3] */
export const sqrt: Op<[x: TensorLike]> = defineElementwise({
  name: "sqrt",
  engine: unary("sqrt", "output", "sqrtBackward"),
  value: (x) => Math.sqrt(x),
  backward: (g, { output }) => [div(g, mul(output, 2))],
});

/** eˣ − 1, exact near 0 too. @example expm1(tensor(1e-20, { dtype: "float64" })).item() // 1e-20 */
export const expm1: Op<[x: TensorLike]> = defineElementwise({
  name: "expm1",
  engine: unary("expm1", "output", "expm1Backward"),
  value: (x) => Math.expm1(x),
  backward: (g, { output }) => [mul(g, add(output, 1))],
});

/** ln(1 + x), exact near 0 too. @example log1p(tensor(1e-20, { dtype: "float64" })).item() // 1e-20 */
export const log1p: Op<[x: TensorLike]> = defineElementwise({
  name: "log1p",
  engine: unary("log1p", "input", "log1pBackward"),
  value: (x) => Math.log1p(x),
  backward: (g, { inputs: [x] }) => [div(g, add(x, 1))],
});

/** 1 / √x. @example rsqrt(tensor([4, 16])).toArray() // [0.5, 0.25] */
export const rsqrt: Op<[x: TensorLike]> = defineElementwise({
  name: "rsqrt",
  engine: unary("rsqrt", "output", "rsqrtBackward"),
  value: (x) => 1 / Math.sqrt(x),
  // −½ x^(−3/2) = −½ out³
  backward: (g, { output }) => [mul(g, mul(pow(output, 3), -0.5))],
});

/**
 * Error function 2/√π ∫₀ˣ e^(−t²) dt: a normal variable lies within x√2 standard deviations with probability erf(x).
 *
 * @see Abramowitz & Stegun (1964), Handbook of Mathematical Functions, 7.1.6.
 * @example erf(tensor([0, Infinity])).toArray() // [0, 1]
 */
export const erf: Op<[x: TensorLike]> = defineElementwise({
  name: "erf",
  engine: unary("erf", "input", "erfBackward"),
  value: errorFunction,
  backward: (g, { inputs: [x] }) => [mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))],
});

/**
 * aᵇ. Between integers the result is an integer, its fraction dropped: 2⁻¹ is 0.
 *
 * @example pow(tensor([2, 3]), 2).toArray() // [4, 9]
 */
export const pow: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "pow",
  engine: powRules,
  value: (a, b) => a ** b,
  dtype: arithmetic,
  // dA = G b aᵇ⁻¹, which is 0 for b = 0 even at a = 0;  dB = G aᵇ ln a, taken as 0 at a = 0
  backward: (g, { inputs: [a, b], output }) => [
    () => where(equal(b, 0), 0, mul(g, mul(b, pow(a, sub(b, 1))))),
    () => where(equal(a, 0), 0, mul(g, mul(output, log(a)))),
  ],
});

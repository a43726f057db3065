import { arithmetic } from "../tensor/dtype.js";
import { mul, sub } from "./arithmetic.js";
import { greater } from "./compare.js";
import type { Op, TensorLike } from "./define-op.js";
import { defineElementwise } from "./elementwise.js";

/** Hyperbolic tangent; slope 1 − tanh². @example tanh(tensor([0])).toArray() // [0] */
export const tanh: Op<[x: TensorLike]> = defineElementwise({
  name: "tanh",
  value: (x) => Math.tanh(x),
  backward: (g, { output }) => [mul(g, sub(1, mul(output, output)))],
});

/** σ(x) = 1 / (1 + e⁻ˣ); slope σ(1 − σ). @example sigmoid(tensor([0])).toArray() // [0.5] */
export const sigmoid: Op<[x: TensorLike]> = defineElementwise({
  name: "sigmoid",
  value: (x) => 1 / (1 + Math.exp(-x)),
  backward: (g, { output }) => [mul(g, mul(output, sub(1, output)))],
});

/** max(x, 0). The slope at 0 is taken as 0. @example relu(tensor([-1, 2])).toArray() // [0, 2] */
export const relu: Op<[x: TensorLike]> = defineElementwise({
  name: "relu",
  value: (x) => Math.max(x, 0),
  dtype: arithmetic,
  backward: (g, { inputs: [x] }) => [mul(g, greater(x, 0))],
});

import { add, mul, neg } from "./arithmetic.js";
import type { Op, TensorLike } from "./define-op.js";
import { defineElementwise } from "./elementwise.js";

/** Sine of an angle in radians. @example sin(tensor([0])).toArray() // [0] */
export const sin: Op<[x: TensorLike]> = defineElementwise({
  name: "sin",
  value: (x) => Math.sin(x),
  backward: (g, { inputs: [x] }) => [mul(g, cos(x))],
});

/** Cosine of an angle in radians. @example cos(tensor([0])).toArray() // [1] */
export const cos: Op<[x: TensorLike]> = defineElementwise({
  name: "cos",
  value: (x) => Math.cos(x),
  backward: (g, { inputs: [x] }) => [neg(mul(g, sin(x)))],
});

/** Tangent of an angle in radians; slope 1 + tan². @example tan(tensor([0])).toArray() // [0] */
export const tan: Op<[x: TensorLike]> = defineElementwise({
  name: "tan",
  value: (x) => Math.tan(x),
  backward: (g, { output }) => [mul(g, add(mul(output, output), 1))],
});

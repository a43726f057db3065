import { add, mul, neg } from "./arithmetic.js";
import type { Op, TensorLike } from "./define-op.js";
import { defineElementwise } from "./elementwise.js";
import { unary } from "./engine/unary.js";

/** Sine of an angle in radians. @example sin(tensor([0])).toArray() // [0] */
export const sin: Op<[x: TensorLike]> = defineElementwise({
  name: "sin",
  engine: unary("sin", "input", "sinBackward"),
  value: (x) => Math.sin(x),
  backward: (g, { inputs: [x] }) => [mul(g, cos(x))],
});

/** Cosine of an angle in radians. @example cos(tensor([0])).toArray() // [1] */
export const cos: Op<[x: TensorLike]> = defineElementwise({
  name: "cos",
  engine: unary("cos", "input", "cosBackward"),
  value: (x) => Math.cos(x),
  backward: (g, { inputs: [x] }) => [neg(mul(g, sin(x)))],
});

/** Tangent of an angle in radians; slope 1 + tan². @example tan(tensor([0])).toArray() // [0] */
export const tan: Op<[x: TensorLike]> = defineElementwise({
  name: "tan",
  engine: unary("tan", "output", "tanBackward"),
  value: (x) => Math.tan(x),
  backward: (g, { output }) => [mul(g, add(mul(output, output), 1))],
});

import { arithmetic } from "../tensor/dtype.js";
import type { Op, TensorLike } from "./define-op.js";
import { defineElementwise } from "./elementwise.js";
import { addRules, divRules, mulRules, subRules } from "./engine/binary.js";
import { negRules, unary } from "./engine/unary.js";
import { sign } from "./piecewise.js";

/** a + b. @example add(tensor([1, 2]), 10).toArray() // [11, 12] */
export const add: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "add",
  engine: addRules,
  value: (a, b) => a + b,
  dtype: arithmetic,
  backward: (g) => [g, g],
});

/** a − b. @example sub(tensor([1, 2]), tensor([[1], [2]])).toArray() // [[0, 1], [-1, 0]] */
export const sub: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "sub",
  engine: subRules,
  value: (a, b) => a - b,
  dtype: arithmetic,
  backward: (g) => [g, () => neg(g)],
});

/** a b, element by element. @example mul(tensor([1, 2]), tensor([3, 4])).toArray() // [3, 8] */
export const mul: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "mul",
  engine: mulRules,
  value: (a, b) => a * b,
  dtype: arithmetic,
  backward: (g, { inputs: [a, b] }) => [() => mul(g, b), () => mul(g, a)],
});

/** a / b; always a fraction: integers give float32. @example div(tensor([1, 2]), 2).toArray() // [0.5, 1] */
export const div: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "div",
  engine: divRules,
  value: (a, b) => a / b,
  // dA = G / B;  dB = −G A / B² = −G out / B
  backward: (g, { inputs: [, b], output }) => [() => div(g, b), () => neg(div(mul(g, output), b))],
});

/** −x. @example neg(tensor([1, -2])).toArray() // [-1, 2] */
export const neg: Op<[x: TensorLike]> = defineElementwise({
  name: "neg",
  engine: negRules,
  value: (x) => -x,
  dtype: arithmetic,
  backward: (g) => [neg(g)],
});

/** |x|. The slope at 0 is taken as 0. @example abs(tensor([-3, 2])).toArray() // [3, 2] */
export const abs: Op<[x: TensorLike]> = defineElementwise({
  name: "abs",
  engine: unary("abs", "input", "absBackward"),
  value: (x) => Math.abs(x),
  dtype: arithmetic,
  backward: (g, { inputs: [x] }) => [mul(g, sign(x))],
});

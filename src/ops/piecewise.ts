import { arithmetic, dtypeOfNumber, promote } from "../tensor/dtype.js";
import { zeros } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { mul } from "./arithmetic.js";
import { greaterEqual, lessEqual } from "./compare.js";
import type { Op, TensorLike } from "./define-op.js";
import { defineElementwise, defineUnary } from "./elementwise.js";
import { between, unary } from "./engine/unary.js";

// Functions that are flat between their jumps let gradients through, but as zeros: what comes before them learns
// nothing.

/** −1, 0 or 1, as x is negative, zero or positive. Its slope is 0. @example sign(tensor([-3, 0, 2])).toArray() // [-1, 0, 1] */
export const sign: Op<[x: TensorLike]> = defineElementwise({
  name: "sign",
  engine: unary("sign"),
  value: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
  dtype: arithmetic,
  backward: flat,
});

/** The next whole number below. Its slope is 0. @example floor(tensor([1.7, -1.2])).toArray() // [1, -2] */
export const floor: Op<[x: TensorLike]> = defineElementwise({
  name: "floor",
  engine: unary("floor"),
  value: (x) => Math.floor(x),
  dtype: arithmetic,
  backward: flat,
});

/** The next whole number above. Its slope is 0. @example ceil(tensor([1.2, -1.7])).toArray() // [2, -1] */
export const ceil: Op<[x: TensorLike]> = defineElementwise({
  name: "ceil",
  engine: unary("ceil"),
  value: (x) => Math.ceil(x),
  dtype: arithmetic,
  backward: flat,
});

/**
 * The nearest whole number; halves go to the even one, so that rounding does not shift a mean. Its slope is 0.
 *
 * @example round(tensor([0.5, 1.5, 2.4])).toArray() // [0, 2, 2]
 */
export const round: Op<[x: TensorLike]> = defineElementwise({
  name: "round",
  engine: unary("round"),
  value(x) {
    const lower = Math.floor(x);
    const rest = x - lower;
    return rest < 0.5 || (rest === 0.5 && lower % 2 === 0) ? lower : Math.ceil(x);
  },
  dtype: arithmetic,
  backward: flat,
});

/**
 * Binary step: 1 from 0 on, 0 below, the unit of McCulloch and Pitts. Its slope is 0.
 *
 * @example step(tensor([-1, 0, 2])).toArray() // [0, 1, 1]
 */
export const step: Op<[x: TensorLike]> = defineElementwise({
  name: "step",
  engine: unary("step"),
  value: (x) => (x >= 0 ? 1 : 0),
  backward: flat,
});

/**
 * x, but no smaller than `min` and no larger than `max`. The slope is 1 from `min` to `max`, 0 outside.
 *
 * @example clamp(tensor([-2, 0.5, 2]), -1, 1).toArray() // [-1, 0.5, 1]
 * @example clamp(tensor([-2, 2]), 0).toArray() // [0, 2]
 */
export const clamp: Op<[x: TensorLike, min?: number, max?: number]> = defineUnary({
  name: "clamp",
  engine: between("clampBackward"),
  defaults: [-Infinity, Infinity] as [min: number, max: number],
  dtype: (dtypes, bounds) =>
    promote([...dtypes, ...bounds.filter(Number.isFinite).map((bound) => dtypeOfNumber(bound, dtypes))]),
  value: (x, min, max) => Math.min(Math.max(x, min), max),
  backward: (g, { inputs: [x], params: [min, max] }) => [
    mul(g, mul(greaterEqual(x, min), lessEqual(x, max))),
  ],
});

function flat({ shape, dtype }: Tensor): readonly [Tensor] {
  return [zeros(shape, { dtype })];
}

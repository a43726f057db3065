import { promote } from "../tensor/dtype.js";
import { DTypeError } from "../tensor/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { add, mul } from "./arithmetic.js";
import type { DiscreteOp, Op, TensorLike } from "./define-op.js";
import { defineComparison, defineElementwise } from "./elementwise.js";
import { maximumRules, minimumRules } from "./engine/binary.js";

/** a > b, element by element. @example greater(tensor([1, 2]), 1).toArray() // [false, true] */
export const greater: DiscreteOp<[a: TensorLike, b: TensorLike]> = defineComparison({
  name: "greater",
  value: (a, b) => (a > b ? 1 : 0),
});

/** a ≥ b. @example greaterEqual(tensor([1, 2]), 2).toArray() // [false, true] */
export const greaterEqual: DiscreteOp<[a: TensorLike, b: TensorLike]> = defineComparison({
  name: "greaterEqual",
  value: (a, b) => (a >= b ? 1 : 0),
});

/** a < b. @example less(tensor([1, 2]), 2).toArray() // [true, false] */
export const less: DiscreteOp<[a: TensorLike, b: TensorLike]> = defineComparison({
  name: "less",
  value: (a, b) => (a < b ? 1 : 0),
});

/** a ≤ b. @example lessEqual(tensor([1, 2]), 1).toArray() // [true, false] */
export const lessEqual: DiscreteOp<[a: TensorLike, b: TensorLike]> = defineComparison({
  name: "lessEqual",
  value: (a, b) => (a <= b ? 1 : 0),
});

/** a = b, element by element; NaN equals nothing. @example equal(tensor([1, 2]), 2).toArray() // [false, true] */
export const equal: DiscreteOp<[a: TensorLike, b: TensorLike]> = defineComparison({
  name: "equal",
  value: (a, b) => (a === b ? 1 : 0),
});

/** a ≠ b. @example notEqual(tensor([1, 2]), 2).toArray() // [true, false] */
export const notEqual: DiscreteOp<[a: TensorLike, b: TensorLike]> = defineComparison({
  name: "notEqual",
  value: (a, b) => (a !== b ? 1 : 0),
});

/**
 * `a` where the condition holds, `b` elsewhere; all three broadcast.
 *
 * @throws DTypeError if the condition is not of dtype bool.
 * @example where(tensor([true, false]), 1, -1).toArray() // [1, -1]
 */
export const where: Op<[condition: TensorLike, a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "where",
  value: (condition, a, b) => (condition !== 0 ? a : b),
  dtype([condition, a, b]) {
    if (condition === "bool") return promote([a, b]);
    throw new DTypeError(
      `where: the condition has dtype ${condition}. Expected bool, as greater(x, 0) or cast(x, "bool") give.`,
    );
  },
  backward: (g, { inputs: [condition] }) => [
    null,
    () => where(condition, g, 0),
    () => where(condition, 0, g),
  ],
});

/**
 * The larger of a and b. Where they are equal, each gets half the gradient.
 *
 * @example maximum(tensor([1, 5]), 3).toArray() // [3, 5]
 */
export const maximum: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "maximum",
  engine: maximumRules,
  value: (a, b) => Math.max(a, b),
  dtype: promote,
  backward: (g, { inputs: [a, b] }) => [() => mul(g, precedence(a, b)), () => mul(g, precedence(b, a))],
});

/**
 * The smaller of a and b. Where they are equal, each gets half the gradient.
 *
 * @example minimum(tensor([1, 5]), 3).toArray() // [1, 3]
 */
export const minimum: Op<[a: TensorLike, b: TensorLike]> = defineElementwise({
  name: "minimum",
  engine: minimumRules,
  value: (a, b) => Math.min(a, b),
  dtype: promote,
  backward: (g, { inputs: [a, b] }) => [() => mul(g, precedence(b, a)), () => mul(g, precedence(a, b))],
});

/** 1 where a > b, ½ where a = b, 0 where a < b. */
function precedence(a: Tensor, b: Tensor): Tensor {
  return add(greater(a, b), mul(equal(a, b), 0.5));
}

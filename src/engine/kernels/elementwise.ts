import type { Pointer } from "../kernels.js";

/** `out[i] = f(x[i])` for i from `from` to `to` (excluded). `out` may be `x`. */
export type Unary = (x: Pointer, out: Pointer, from: number, to: number) => void;

/**
 * `dx[i] = g[i] f′(x[i])` for i from `from` to `to`. `saved` is what the slope is computed from: x, or f(x), as the kernel
 * says. `dx` may be `g` or `saved`.
 */
export type UnaryBackward = (g: Pointer, saved: Pointer, dx: Pointer, from: number, to: number) => void;

/**
 * `out[i] = f(a[i], b[i])`, broadcast. `out` is `[outer, middle, inner]`; `aAxes` and `bAxes` say which of these axes `a`
 * and `b` have, the others being repeated: 4 for outer, 2 for middle, 1 for inner, added up. So 7 is an operand of the
 * shape of `out`, 0 a single number, 1 a row `[inner]`, 6 a column `[outer, middle, 1]` and 2 one number per channel.
 * The range is over elements of `out`. `out` may be an operand that has all axes.
 */
export type Binary = (
  a: Pointer,
  b: Pointer,
  out: Pointer,
  middle: number,
  inner: number,
  aAxes: number,
  bAxes: number,
  from: number,
  to: number,
) => void;

/** `out[i] = f(x[i], value)`: one operand is a plain number. */
export type WithScalar = (x: Pointer, out: Pointer, value: number, from: number, to: number) => void;

/** As {@link UnaryBackward}, for a function of x and one parameter. */
export type WithScalarBackward = (
  g: Pointer,
  saved: Pointer,
  dx: Pointer,
  value: number,
  from: number,
  to: number,
) => void;

/**
 * Operations on each element by itself. Results do not depend on how a range is cut. Formulas are those of the operations of
 * the same name in `src/ops`, errors at most 2 ulp (`src/engine/assembly/math.ts` says how much each).
 */
export interface ElementwiseKernels {
  readonly neg: Unary;
  readonly abs: Unary;
  readonly sign: Unary;
  readonly floor: Unary;
  readonly ceil: Unary;
  readonly round: Unary;
  readonly step: Unary;
  readonly sqrt: Unary;
  readonly rsqrt: Unary;
  readonly exp: Unary;
  readonly expm1: Unary;
  readonly log: Unary;
  readonly log1p: Unary;
  readonly sin: Unary;
  readonly cos: Unary;
  readonly tan: Unary;
  readonly tanh: Unary;
  readonly sigmoid: Unary;
  readonly softplus: Unary;
  readonly erf: Unary;
  readonly relu: Unary;
  readonly gelu: Unary;
  readonly silu: Unary;
  /** x above 0, `value` x below. */
  readonly leakyRelu: WithScalar;
  /** x above 0, `value` (eˣ − 1) below. */
  readonly elu: WithScalar;
  /** min(max(x, min), max); NaN stays. Also hardtanh, and `maximum` and `minimum` with a plain number. */
  clamp(x: Pointer, out: Pointer, min: number, max: number, from: number, to: number): void;

  // exp: mul(g, out); log: div(g, x); neg: neg(g)
  /** From x. */
  readonly absBackward: UnaryBackward;
  /** From √x. */
  readonly sqrtBackward: UnaryBackward;
  /** From 1/√x. */
  readonly rsqrtBackward: UnaryBackward;
  /** From eˣ − 1. */
  readonly expm1Backward: UnaryBackward;
  /** From x. */
  readonly log1pBackward: UnaryBackward;
  /** From x. */
  readonly sinBackward: UnaryBackward;
  /** From x. */
  readonly cosBackward: UnaryBackward;
  /** From tan x. */
  readonly tanBackward: UnaryBackward;
  /** From tanh x. */
  readonly tanhBackward: UnaryBackward;
  /** From σ(x). */
  readonly sigmoidBackward: UnaryBackward;
  /** From x. */
  readonly softplusBackward: UnaryBackward;
  /** From x. */
  readonly erfBackward: UnaryBackward;
  /** From x, or from relu(x): both are positive at the same places. */
  readonly reluBackward: UnaryBackward;
  /** From x. */
  readonly geluBackward: UnaryBackward;
  /** From x. */
  readonly siluBackward: UnaryBackward;
  /** From x. */
  readonly leakyReluBackward: WithScalarBackward;
  /** From x. */
  readonly eluBackward: WithScalarBackward;
  /** From x. Slope 1 from min to max, both included. */
  clampBackward(
    g: Pointer,
    x: Pointer,
    dx: Pointer,
    min: number,
    max: number,
    from: number,
    to: number,
  ): void;
  /** From x. Slope 1 between min and max, both excluded. */
  hardtanhBackward(
    g: Pointer,
    x: Pointer,
    dx: Pointer,
    min: number,
    max: number,
    from: number,
    to: number,
  ): void;

  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  /** The larger; NaN if one is NaN. */
  readonly maximum: Binary;
  /** The smaller; NaN if one is NaN. */
  readonly minimum: Binary;
  /** aᵇ, as `a ** b`. */
  readonly pow: Binary;
  /** a > b, as bytes 0 and 1 in `out`. For a < b, exchange the operands. */
  readonly greater: Binary;
  /** a ≥ b, as bytes. For a ≤ b, exchange the operands. */
  readonly greaterEqual: Binary;
  /** a = b, as bytes. */
  readonly equal: Binary;
  /** a ≠ b, as bytes. */
  readonly notEqual: Binary;

  /** x + value; for x − value pass −value. */
  readonly addScalar: WithScalar;
  /** value − x. */
  readonly subFromScalar: WithScalar;
  readonly mulScalar: WithScalar;
  /** x / value. */
  readonly divScalar: WithScalar;
  /** value / x. */
  readonly divIntoScalar: WithScalar;
  /** x ** value; squares, roots and other small powers without a logarithm. */
  readonly powScalar: WithScalar;
  /** g value x ** (value − 1), from x; 0 for value 0. */
  readonly powScalarBackward: WithScalarBackward;

  /** `db[i] = −g[i] out[i] / b[i]`, where out = a / b. For the gradient of `a` use {@link div}. */
  divBackward(g: Pointer, out: Pointer, b: Pointer, db: Pointer, from: number, to: number): void;
  /** `da[i] = g[i]` where a > b, half of it where a = b, else 0. For `b`, or for the minimum, exchange the operands. */
  maximumBackward(g: Pointer, a: Pointer, b: Pointer, da: Pointer, from: number, to: number): void;
  /**
   * `out[i] = condition[i] ? a[i] : b[i]`, `condition` in bytes. An operand of step 1 goes along, one of step 0 is a
   * single number.
   */
  where(
    condition: Pointer,
    a: Pointer,
    b: Pointer,
    out: Pointer,
    aStep: number,
    bStep: number,
    from: number,
    to: number,
  ): void;

  /** `out[i] += value · x[i]`. */
  readonly addScaled: WithScalar;
  /** `out[i] += a[i] · b[i]`. */
  addProduct(a: Pointer, b: Pointer, out: Pointer, from: number, to: number): void;
  /** `out[i] = value`. */
  fill(out: Pointer, value: number, from: number, to: number): void;
}

import { arithmetic } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { normalizeAxis, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { add, mul, sub } from "./arithmetic.js";
import { greater, less, where } from "./compare.js";
import { defineComposite, type Op, type TensorLike } from "./define-op.js";
import { defineElementwise, defineUnary } from "./elementwise.js";
import { between, unary, withNumber } from "./engine/unary.js";
import { erf, exp } from "./exponential.js";
import { errorFunction } from "./kernels/error-function.js";
import { max } from "./reduce.js";
import { reshape } from "./shape.js";

/** Hyperbolic tangent; slope 1 − tanh². @example tanh(tensor([0])).toArray() // [0] */
export const tanh: Op<[x: TensorLike]> = defineElementwise({
  name: "tanh",
  engine: unary("tanh", "output", "tanhBackward"),
  value: (x) => Math.tanh(x),
  backward: (g, { output }) => [mul(g, sub(1, mul(output, output)))],
});

/** σ(x) = 1 / (1 + e⁻ˣ); slope σ(1 − σ). @example sigmoid(tensor([0])).toArray() // [0.5] */
export const sigmoid: Op<[x: TensorLike]> = defineElementwise({
  name: "sigmoid",
  engine: unary("sigmoid", "output", "sigmoidBackward"),
  value: logistic,
  backward: (g, { output }) => [mul(g, mul(output, sub(1, output)))],
});

/** max(x, 0). The slope at 0 is taken as 0. @example relu(tensor([-1, 2])).toArray() // [0, 2] */
export const relu: Op<[x: TensorLike]> = defineElementwise({
  name: "relu",
  engine: unary("relu", "input", "reluBackward"),
  value: (x) => Math.max(x, 0),
  dtype: arithmetic,
  backward: (g, { inputs: [x] }) => [mul(g, greater(x, 0))],
});

/**
 * x above 0, a fraction of it below: no unit dies. The slope at 0 is taken as that fraction.
 *
 * @see Maas, Hannun & Ng (2013), Rectifier nonlinearities improve neural network acoustic models.
 * @example leakyRelu(tensor([-1, 2]), 0.5).toArray() // [-0.5, 2]
 */
export const leakyRelu: Op<[x: TensorLike, negativeSlope?: number]> = defineUnary({
  name: "leakyRelu",
  engine: withNumber("leakyRelu", "leakyReluBackward"),
  defaults: [0.01] as [negativeSlope: number],
  value: (x, slope) => (x > 0 ? x : slope * x),
  backward: (g, { inputs: [x], params: [slope] }) => [where(greater(x, 0), g, mul(g, slope))],
});

/**
 * Exponential linear unit: x above 0, α(eˣ − 1) below.
 *
 * @see Clevert, Unterthiner & Hochreiter (2016), Fast and accurate deep network learning by ELUs.
 * @example elu(tensor([-Infinity, 2])).toArray() // [-1, 2]
 */
export const elu: Op<[x: TensorLike, alpha?: number]> = defineUnary({
  name: "elu",
  engine: withNumber("elu", "eluBackward"),
  defaults: [1] as [alpha: number],
  value: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
  // α eˣ below 0; above, the exponent is held at 0, where it cannot overflow
  backward: (g, { inputs: [x], params: [alpha] }) => [
    where(greater(x, 0), g, mul(g, mul(exp(hardtanh(x, -Infinity, 0)), alpha))),
  ],
});

/**
 * Gaussian error linear unit: x Φ(x), with Φ the normal distribution function ½ (1 + erf(x/√2)).
 *
 * @see Hendrycks & Gimpel (2016), Gaussian error linear units.
 * @example gelu(tensor([0])).toArray() // [0]
 */
export const gelu: Op<[x: TensorLike]> = defineElementwise({
  name: "gelu",
  engine: unary("gelu", "input", "geluBackward"),
  value: (x) => 0.5 * x * (1 + errorFunction(x * Math.SQRT1_2)),
  // Φ(x) + x φ(x), with φ the normal density e^(−x²/2) / √2π
  backward(g, { inputs: [x] }) {
    const distribution = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
    const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [mul(g, add(distribution, mul(x, density)))];
  },
});

/**
 * Sigmoid linear unit, also called swish: x σ(x).
 *
 * @see Elfwing, Uchibe & Doya (2018), Sigmoid-weighted linear units for neural network function approximation.
 * @example silu(tensor([0])).toArray() // [0]
 */
export const silu: Op<[x: TensorLike]> = defineElementwise({
  name: "silu",
  engine: unary("silu", "input", "siluBackward"),
  value: (x) => x * logistic(x),
  // σ + x σ(1 − σ)
  backward(g, { inputs: [x] }) {
    const s = sigmoid(x);
    return [mul(g, mul(s, add(mul(x, sub(1, s)), 1)))];
  },
});

/**
 * ln(1 + eˣ), a smooth relu; its slope is σ(x).
 *
 * @example softplus(tensor(0, { dtype: "float64" })).item() // Math.LN2
 * @example softplus(tensor([-1000, 1000])).toArray() // [0, 1000]
 */
export const softplus: Op<[x: TensorLike]> = defineElementwise({
  name: "softplus",
  engine: unary("softplus", "input", "softplusBackward"),
  // max(x, 0) + ln(1 + e^(−|x|)): the exponential cannot overflow
  value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  backward: (g, { inputs: [x] }) => [mul(g, sigmoid(x))],
});

/**
 * A straight line between two flat ends: x clipped to `min` and `max`. The slope at both is taken as 0.
 *
 * @example hardtanh(tensor([-3, 0.5, 3])).toArray() // [-1, 0.5, 1]
 */
export const hardtanh: Op<[x: TensorLike, min?: number, max?: number]> = defineUnary({
  name: "hardtanh",
  engine: between("hardtanhBackward"),
  defaults: [-1, 1] as [min: number, max: number],
  value: (x, min, max) => Math.min(Math.max(x, min), max),
  backward: (g, { inputs: [x], params: [min, max] }) => [mul(g, mul(greater(x, min), less(x, max)))],
});

/**
 * The largest of each `pieces` neighbouring elements along an axis: a unit that is the maximum of several linear ones.
 *
 * Shapes: `x [batch, units · pieces]` → `[batch, units]`.
 *
 * @throws ShapeError if `pieces` does not divide the axis.
 * @see Goodfellow, Warde-Farley, Mirza, Courville & Bengio (2013), Maxout networks.
 * @example maxout(tensor([[1, 5, 7, 2]]), 2).toArray() // [[5, 7]]
 */
export const maxout: Op<[x: Tensor, pieces: number, axis?: number]> = defineComposite(
  "maxout",
  (x, pieces, axis = -1) => {
    const at = normalizeAxis("maxout", axis, x.shape);
    const units = x.shape[at] / pieces;
    if (!(Number.isInteger(units) && Number.isInteger(pieces) && pieces > 0)) {
      throw new ShapeError(
        `maxout: axis ${at} of ${show(x.shape)} has ${x.shape[at]} elements, no multiple of ${pieces} pieces.`,
      );
    }
    return max(reshape(x, x.shape.toSpliced(at, 1, units, pieces)), at + 1);
  },
);

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

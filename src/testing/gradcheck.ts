import { grad } from "../ops/autograd.js";
import { add, mul } from "../ops/arithmetic.js";
import { sum } from "../ops/reduce.js";
import { isFloat } from "../tensor/dtype.js";
import { zeros } from "../tensor/create.js";
import { DTypeError, GradientError } from "../tensor/errors.js";
import { Generator, rand } from "../tensor/random.js";
import { indexAt, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { relativeErrorOf } from "./close.js";
import { numericalGradient } from "./numerical-gradient.js";

/** How slopes are measured, and how well they must agree. */
export interface GradcheckOptions {
  /** Step of the central difference, 1e-5 by default. */
  eps?: number;
  /** Largest error relative to the larger of the two slopes, 1e-6 by default. */
  rtol?: number;
  /** Error that is always allowed, 1e-8 by default: that of the difference itself. */
  atol?: number;
}

/**
 * Checks the gradients of `fn` against central differences. Tensor-valued results are reduced to one number by
 * a fixed random projection, Σ wᵢ yᵢ, so that errors do not cancel. Each slope a must satisfy, beside its difference n,
 * `|a − n| ≤ max(atol, rtol max(|a|, |n|))`. Returns true, or throws.
 *
 * A correct gradient agrees to about 1e-7. Keep inputs away from kinks (relu at 0), where slopes differ by side.
 *
 * @throws DTypeError if an input is not float64.
 * @throws GradientError at the first gradient that disagrees, naming the input and its worst element.
 * @example gradcheck((x) => x.mul(x), [tensor([1, 2], { dtype: "float64" })]) // true
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): true {
  return check("gradcheck", fn, inputs, options, (i) => inputs[i].label ?? `input ${i}`);
}

/**
 * Checks the gradients of the gradients of `fn`: that its backward rules are themselves differentiated correctly,
 * with respect to the inputs and to the gradient they start from.
 *
 * @throws as {@link gradcheck} does.
 * @example gradgradcheck((x) => x.pow(3), [tensor([1, 2], { dtype: "float64" })]) // true
 */
export function gradgradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): true {
  const generator = new Generator(1);
  const upstream = randomLike(fn(...inputs), generator);
  const weights = inputs.map((input) => randomLike(input, generator));
  const projectedGradient = (...all: Tensor[]): Tensor => {
    const [xs, g] = [all.slice(0, -1).map(differentiable), all.at(-1)!];
    const gradients = grad(fn(...xs), xs, { gradOutputs: g, createGraph: true });
    return gradients.map((gradient, i) => sum(mul(gradient, weights[i]))).reduce((a, b) => add(a, b));
  };
  const name = (i: number) =>
    i === inputs.length ? "the output gradient" : (inputs[i].label ?? `input ${i}`);
  return check("gradgradcheck", projectedGradient, [...inputs, upstream], options, name);
}

function check(
  checker: string,
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { eps = 1e-5, rtol = 1e-6, atol = 1e-8 }: GradcheckOptions,
  name: (i: number) => string,
): true {
  inputs.forEach(({ dtype }, i) => {
    if (dtype === "float64") return;
    throw new DTypeError(
      `${checker}: ${name(i)} is ${dtype}. Differences need float64: tensor(…, { dtype: "float64" }).`,
    );
  });
  const leaves = inputs.map((input) => differentiable(input.detach()));
  const output = fn(...leaves);
  if (!isFloat(output.dtype)) {
    throw new DTypeError(
      `${checker}: the function returned ${output.dtype}, which has no gradient. Expected float64.`,
    );
  }
  const weights = randomLike(output, new Generator(0));
  const gradients = output.requiresGrad
    ? grad(output, leaves, { gradOutputs: weights })
    : leaves.map((leaf) => zeros(leaf.shape, { dtype: "float64" }));
  leaves.forEach((leaf, i) => {
    const project = (moved: Tensor) => sum(mul(fn(...leaves.with(i, moved)), weights));
    const worst = furthestApart(gradients[i], numericalGradient(project, leaf, eps), rtol, atol);
    if (!worst || worst.excess <= 1) return;
    const { position, analytic, numeric } = worst;
    throw new GradientError(
      `${checker}: the gradient of ${name(i)} at ${show(indexAt(position, leaf.shape))} is ${analytic}, ` +
        `but central differences give ${numeric}: relative error ${relativeErrorOf(analytic, numeric).toExponential(1)}. ` +
        `Allowed: ${rtol.toExponential()}; a correct gradient reaches about 1e-7.`,
    );
  });
  return true;
}

/** The slope that exceeds its tolerance the most, and how many times over. */
function furthestApart(analytics: Tensor, numerics: Tensor, rtol: number, atol: number) {
  let worst: { position: number; analytic: number; numeric: number; excess: number } | undefined;
  analytics.data.forEach((analytic, position) => {
    const numeric = numerics.data[position];
    const error = Math.abs(analytic - numeric);
    const tolerance = Math.max(atol, rtol * Math.max(Math.abs(analytic), Math.abs(numeric)));
    const excess = Number.isFinite(error) ? error / tolerance : Infinity;
    if (!worst || excess > worst.excess) worst = { position, analytic, numeric, excess };
  });
  return worst;
}

/** The tensor, marked to require a gradient. */
function differentiable(x: Tensor): Tensor {
  x.requiresGrad = true;
  return x;
}

/** Weights of the same shape, between ½ and 1½. */
function randomLike({ shape }: Tensor, generator: Generator): Tensor {
  return add(rand(shape, { dtype: "float64", generator }), 0.5);
}

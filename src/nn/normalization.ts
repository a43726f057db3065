import { add, mul, sub } from "../ops/arithmetic.js";
import { defineOp, type Op } from "../ops/define-op.js";
import {
  affineOf,
  normalizationRules,
  type NormalizationParams,
  type Together,
} from "../ops/engine/normalization.js";
import { rsqrt } from "../ops/exponential.js";
import { mean, sum } from "../ops/reduce.js";
import { reshape } from "../ops/shape.js";
import { floating } from "../tensor/dtype.js";
import { noGrad } from "../tensor/grad-mode.js";
import type { Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { axesFrom, perChannel, standardize, type Standardized } from "./standardize.js";

type Affine = Tensor | null;

export interface Normalized {
  readonly values: Tensor;
  /** Of channels: their means and biased variances. */
  readonly statistics: readonly [mean: Tensor, variance: Tensor];
}

/**
 * `γ (x − μ) / √(σ² + ε) + β` as one operation, where μ and σ² (biased) are those of x itself.
 *
 * Shapes: `x [batch, channels, …]` and γ, β `[channels]`; of rows: `x […, ...row]` and γ, β of the row's shape.
 */
export function normalize(
  x: Tensor,
  gamma: Affine,
  beta: Affine,
  together: Together,
  eps: number,
): Normalized {
  const hasBoth = { hasGamma: gamma !== null, hasBeta: beta !== null };
  const params: NormalizationParams = { together, eps, ...hasBoth, found: null };
  const values = normalization(
    [x, gamma, beta].filter((input) => input !== null),
    params,
  );
  return { values, statistics: params.found! };
}

const normalization: Op<[inputs: readonly Tensor[], params: NormalizationParams]> = defineOp<
  [inputs: readonly Tensor[], params: NormalizationParams],
  readonly Tensor[],
  NormalizationParams
>({
  name: "normalize",
  engine: normalizationRules,
  variadic: true,
  call: (inputs, params) => ({ inputs, params }),
  dtype: floating,
  shape: ([x]) => x.shape,
  forward: (out, inputs, params) =>
    noGrad(() => {
      const [x] = inputs;
      const { gamma, beta } = affineOf(inputs, params);
      const { values, mean, variance } = standardized(x, params);
      params.found = [mean, variance];
      const scaled = gamma ? mul(values, besideX(gamma, x, params)) : values;
      out.elements.set((beta ? add(scaled, besideX(beta, x, params)) : scaled).elements);
    }),
  // With x̂ = (x − μ) s, s = 1 / √(σ² + ε) and u = γ G:
  //   dx = s (u − mean(u) − x̂ mean(u x̂)),   dγ = Σ G x̂,   dβ = Σ G
  backward(g, { inputs, params }) {
    const [x] = inputs;
    const { gamma, beta } = affineOf(inputs, params);
    const { values, variance } = standardized(x, params);
    const overX = () => {
      const { shape, axes } = groupsOf(x, params);
      const average = (each: Tensor) => mean(each, axes, { keepDims: true });
      const u = reshape(gamma ? mul(g, besideX(gamma, x, params)) : g, shape);
      const xHat = reshape(values, shape);
      const rest = sub(sub(u, average(u)), mul(xHat, average(mul(u, xHat))));
      return reshape(mul(rest, rsqrt(add(variance, params.eps))), x.shape);
    };
    const summed = (each: Tensor, like: Tensor) => reshape(sum(each, repeatedAxes(x, params)), like.shape);
    return [
      overX,
      ...(gamma ? [() => summed(mul(g, values), gamma)] : []),
      ...(beta ? [() => summed(g, beta)] : []),
    ];
  },
});

/** x in a shape of which some axes are normalised together. */
function groupsOf(
  { shape, ndim, size }: Tensor,
  { together }: NormalizationParams,
): { shape: Shape; axes: number[] } {
  switch (together.kind) {
    case "channels":
      return { shape, axes: [0, ...axesFrom(2, ndim)] };
    case "rows":
      return { shape: [size / together.length, together.length], axes: [1] };
    case "groups": {
      const count = shape[0] * together.groups;
      return { shape: [shape[0], together.groups, count === 0 ? 0 : size / count], axes: [2] };
    }
  }
}

/** x̂, of the shape of x. */
function standardized(x: Tensor, params: NormalizationParams): Standardized {
  const { shape, axes } = groupsOf(x, params);
  const result = standardize(reshape(x, shape), axes, params.eps);
  return { ...result, values: reshape(result.values, x.shape) };
}

/** γ or β as it meets x. */
function besideX(affine: Tensor, x: Tensor, { together }: NormalizationParams): Tensor {
  return together.kind === "rows" ? affine : perChannel(affine, x.ndim);
}

/** The axes of x that γ and β lack. */
function repeatedAxes(x: Tensor, { together }: NormalizationParams): number[] {
  if (together.kind !== "rows") return [0, ...axesFrom(2, x.ndim)];
  let axes = x.ndim;
  for (let rest = together.length; rest > 1; axes--) rest /= x.shape[axes - 1];
  return axesFrom(0, axes);
}

import { ShapeError } from "../tensor/errors.js";
import { sameShape, show, sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireCounts } from "./check-options.js";
import type { AffineOptions } from "./layer-options.js";
import { Module } from "./module.js";
import { normalize } from "./normalization.js";
import type { Parameter } from "./parameter.js";
import { unitScale, zeroShift } from "./standardize.js";

/** How {@link LayerNorm} normalises. */
export interface LayerNormOptions extends AffineOptions {
  /** Keeps the denominator from 0; 1e-5 by default. */
  eps?: number | undefined;
  /** Whether γ and β are learned, one for each element; true by default. */
  elementwiseAffine?: boolean | undefined;
}

/**
 * Layer normalisation: `y = γ (x − μ) / √(σ² + ε) + β`, where μ and σ² (biased) are each sample's mean and variance over the
 * last axes. Training and use do not differ, and samples do not depend on each other.
 *
 * Shapes: `x […, ...normalizedShape]` → the same; γ, β `normalizedShape`.
 * Init: γ 1, β 0. Defaults: eps 1e-5, elementwiseAffine and bias true.
 *
 * @throws ShapeError if the last axes of `x` are not `normalizedShape`.
 * @see Ba, Kiros & Hinton (2016), Layer normalization.
 * @example new nn.LayerNorm(2, { eps: 0 }).forward(tensor([[1, 3], [10, 30]])).toArray() // [[-1, 1], [-1, 1]]
 */
export class LayerNorm extends Module {
  readonly normalizedShape: Shape;
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    super();
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.normalizedShape.forEach((size, i) =>
      requireCounts("LayerNorm", { [`normalizedShape[${i}]`]: size }),
    );
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.eps = eps;
    this.weight = elementwiseAffine ? unitScale(this.normalizedShape, options) : null;
    this.bias = elementwiseAffine && bias ? zeroShift(this.normalizedShape, options) : null;
  }

  override forward(x: Tensor): Tensor {
    const first = x.ndim - this.normalizedShape.length;
    if (first < 0 || !sameShape(x.shape.slice(first), this.normalizedShape)) {
      throw new ShapeError(
        `LayerNorm: input ${show(x.shape)}. Expected its last axes to be ${show(this.normalizedShape)}.`,
      );
    }
    const length = sizeOf(this.normalizedShape);
    return normalize(x, this.weight, this.bias, { kind: "rows", length }, this.eps).values;
  }

  protected override describe(): string {
    return show(this.normalizedShape);
  }
}

import { ShapeError } from "../tensor/errors.js";
import { show, sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { affine } from "./affine.js";
import { requireCounts } from "./check-options.js";
import { uniformParameter, type AffineOptions } from "./layer-options.js";
import { Module } from "./module.js";
import type { Parameter } from "./parameter.js";

/**
 * Affine map `y = x Wᵀ + b`.
 *
 * Shapes: `x […, in]`, `weight [out, in]`, `bias [out]` → `y […, out]`.
 * Init: weight, bias ~ U(−1/√in, 1/√in). Defaults: bias true.
 *
 * @throws ShapeError if the last axis of `x` is not `in`.
 * @throws RangeError if a size is not a whole number from 1.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §6.1.
 * @example new nn.Linear(784, 10).forward(zeros([64, 784])).shape // [64, 10]
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options: AffineOptions = {}) {
    super();
    requireCounts("Linear", { inFeatures, outFeatures });
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = uniformParameter([outFeatures, inFeatures], inFeatures, options);
    this.bias = options.bias === false ? null : uniformParameter([outFeatures], inFeatures, options);
  }

  override forward(x: Tensor): Tensor {
    if (x.shape.at(-1) !== this.inFeatures) {
      throw new ShapeError(
        `Linear: input ${show(x.shape)}, weight ${show(this.weight.shape)}. ` +
          `The last axis of the input must have size ${this.inFeatures}.`,
      );
    }
    return affine(x, this.weight, this.bias);
  }

  override multiplyAdds(_input: Shape, output: Shape): number {
    return sizeOf(output) * this.inFeatures;
  }

  protected override describe(): string {
    return `${this.inFeatures} → ${this.outFeatures}${this.bias ? "" : ", no bias"}`;
  }
}

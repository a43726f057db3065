import { add, div, mul } from "../ops/arithmetic.js";
import { pow } from "../ops/exponential.js";
import { avgPool2d } from "../ops/pool.js";
import { reshape } from "../ops/shape.js";
import { ShapeError } from "../tensor/errors.js";
import { show, sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireCounts } from "./check-options.js";
import { Module } from "./module.js";

/** The constants of {@link LocalResponseNorm}. */
export interface LocalResponseNormOptions {
  /** Factor of the mean square; 1e-4 by default. */
  alpha?: number | undefined;
  /** Exponent; 0.75 by default. */
  beta?: number | undefined;
  /** What is added to the mean square; 1 by default. */
  k?: number | undefined;
}

/**
 * Local response normalisation: each element is divided by what its neighbours in other channels do,
 * `y = x / (k + α/size Σ x²)^β`, summed over `size` channels around its own; beyond the ends there are zeros.
 *
 * Shapes: `x [batch, channels, …]` → the same. Defaults: alpha 1e-4, beta 0.75, k 1.
 *
 * @throws ShapeError if `x` has fewer than three axes.
 * @see Krizhevsky, Sutskever & Hinton (2012), ImageNet classification with deep convolutional neural networks, §3.3.
 * @example new nn.LocalResponseNorm(1, { alpha: 3, beta: 1 }).forward(tensor([[[1], [1]]])).toArray() // [[[0.25], [0.25]]]
 */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(size: number, { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {}) {
    super();
    requireCounts("LocalResponseNorm", { size });
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(x: Tensor): Tensor {
    if (x.ndim < 3) {
      throw new ShapeError(`LocalResponseNorm: input ${show(x.shape)}. Expected [batch, channels, …].`);
    }
    const [batch, channels, ...places] = x.shape;
    const squares = reshape(mul(x, x), [batch, channels, sizeOf(places)]);
    const around: [number, number] = [Math.floor(this.size / 2), Math.floor((this.size - 1) / 2)];
    const means = avgPool2d(squares, [this.size, 1], { stride: 1, padding: [around, 0] });
    return div(x, pow(add(mul(reshape(means, x.shape), this.alpha), this.k), this.beta));
  }

  protected override describe(): string {
    return `size ${this.size}`;
  }
}

import { mul } from "../ops/arithmetic.js";
import { dropoutMask } from "../tensor/distributions.js";
import { isFloat } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import type { Generator } from "../tensor/random.js";
import { show, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireProbability } from "./check-options.js";
import { Module } from "./module.js";

export interface DropoutOptions {
  /** Source of randomness; a shared one by default, see `manualSeed`. */
  generator?: Generator | undefined;
}

/**
 * Sets elements to 0 with probability `p`, each by itself, and divides the others by 1 − p, so that the expectation stays
 * ("inverted" dropout). Outside training it leaves `x` as it is. Each call draws a new mask.
 *
 * Default: p 0.5.
 *
 * @throws RangeError if p is not from 0 to 1.
 * @see Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout: a simple way to prevent neural networks
 * from overfitting.
 * @example new nn.Dropout(0.5).eval().forward(tensor([1, 2])).toArray() // [1, 2]
 */
export class Dropout extends Module {
  readonly p: number;
  readonly generator: Generator | undefined;

  constructor(p = 0.5, { generator }: DropoutOptions = {}) {
    super();
    requireProbability("Dropout", "p", p);
    this.p = p;
    this.generator = generator;
  }

  override forward(x: Tensor): Tensor {
    return this.training ? drop(x, x.shape, this.p, this.generator) : x;
  }

  protected override describe(): string {
    return `p ${this.p}`;
  }
}

/**
 * As {@link Dropout}, but drops whole channels: neighbouring pixels are so alike that single ones would not be missed.
 *
 * Shapes: `x [batch, channels, …]` → the same. Default: p 0.5.
 *
 * @throws ShapeError if `x` has fewer than two axes.
 * @throws RangeError if p is not from 0 to 1.
 * @see Tompson, Goroshin, Jain, LeCun & Bregler (2015), Efficient object localization using convolutional networks.
 * @example new nn.Dropout2d(1).forward(ones([1, 2, 1, 2])).toArray() // [[[[0, 0]], [[0, 0]]]]
 */
export class Dropout2d extends Module {
  readonly p: number;
  readonly generator: Generator | undefined;

  constructor(p = 0.5, { generator }: DropoutOptions = {}) {
    super();
    requireProbability("Dropout2d", "p", p);
    this.p = p;
    this.generator = generator;
  }

  override forward(x: Tensor): Tensor {
    if (x.ndim < 2) {
      throw new ShapeError(`Dropout2d: input ${show(x.shape)}. Expected [batch, channels, …].`);
    }
    if (!this.training) return x;
    const [batch, channels, ...places] = x.shape;
    return drop(x, [batch, channels, ...places.map(() => 1)], this.p, this.generator);
  }

  protected override describe(): string {
    return `p ${this.p}`;
  }
}

function drop(x: Tensor, maskShape: Shape, p: number, generator: Generator | undefined): Tensor {
  const dtype = isFloat(x.dtype) ? x.dtype : "float32";
  return mul(x, dropoutMask(maskShape, p, { dtype, ...(generator && { generator }) }));
}

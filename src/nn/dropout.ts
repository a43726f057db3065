import { mul } from "../ops/arithmetic.js";
import { dropoutMask } from "../tensor/distributions.js";
import { isFloat } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import type { Generator } from "../tensor/random.js";
import { show, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireProbability } from "./check-options.js";
import { Module } from "./module.js";

/** Where {@link Dropout} and {@link Dropout2d} take their masks from. */
export interface DropoutOptions {
  /** Source of randomness; a shared one by default, see `manualSeed`. */
  generator?: Generator | undefined;
}

/** Multiplies by a random mask while it trains. A subclass says over which axes the mask varies: {@link maskShape}. */
abstract class RandomMask extends Module {
  readonly p: number;
  readonly generator: Generator | undefined;

  constructor(p = 0.5, { generator }: DropoutOptions = {}) {
    super();
    requireProbability(this.constructor.name, "p", p);
    this.p = p;
    this.generator = generator;
  }

  /** The shape of the mask, which is broadcast to that of `x`. */
  protected abstract maskShape(x: Tensor): Shape;

  override forward(x: Tensor): Tensor {
    const shape = this.maskShape(x);
    if (!this.training) return x;
    const dtype = isFloat(x.dtype) ? x.dtype : "float32";
    return mul(
      x,
      dropoutMask(shape, this.p, { dtype, ...(this.generator && { generator: this.generator }) }),
    );
  }

  protected override describe(): string {
    return `p ${this.p}`;
  }
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
export class Dropout extends RandomMask {
  protected override maskShape(x: Tensor): Shape {
    return x.shape;
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
export class Dropout2d extends RandomMask {
  protected override maskShape(x: Tensor): Shape {
    if (x.ndim < 2) throw new ShapeError(`Dropout2d: input ${show(x.shape)}. Expected [batch, channels, …].`);
    const [batch, channels, ...places] = x.shape;
    return [batch, channels, ...places.map(() => 1)];
  }
}

import {
  elu,
  gelu,
  hardtanh,
  leakyRelu,
  maxout,
  relu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from "../ops/activations.js";
import { step } from "../ops/piecewise.js";
import { logSoftmax, softmax } from "../ops/softmax.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

// The activations as modules, for use in Sequential. Formulas and sources stand with the operations.

/** Gives back what it gets. @example new nn.Identity().forward(tensor([-1, 2])).toArray() // [-1, 2] */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** max(x, 0). @example new nn.ReLU().forward(tensor([-1, 2])).toArray() // [0, 2] */
export class ReLU extends Module {
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/**
 * x above 0, `negativeSlope` x below. Default: negativeSlope 0.01.
 *
 * @example new nn.LeakyReLU(0.5).forward(tensor([-1, 2])).toArray() // [-0.5, 2]
 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor(negativeSlope = 0.01) {
    super();
    this.negativeSlope = negativeSlope;
  }

  override forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }

  protected override describe(): string {
    return `slope ${this.negativeSlope}`;
  }
}

/**
 * x above 0, α(eˣ − 1) below. Default: alpha 1.
 *
 * @example new nn.ELU(2).forward(tensor([-Infinity, 2])).toArray() // [-2, 2]
 */
export class ELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }

  override forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }

  protected override describe(): string {
    return `alpha ${this.alpha}`;
  }
}

/** x Φ(x). @example new nn.GELU().forward(tensor([0])).toArray() // [0] */
export class GELU extends Module {
  override forward(x: Tensor): Tensor {
    return gelu(x);
  }
}

/** x σ(x). @example new nn.SiLU().forward(tensor([0])).toArray() // [0] */
export class SiLU extends Module {
  override forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/** ln(1 + eˣ). @example new nn.Softplus().forward(tensor([-1000, 1000])).toArray() // [0, 1000] */
export class Softplus extends Module {
  override forward(x: Tensor): Tensor {
    return softplus(x);
  }
}

/** σ(x). @example new nn.Sigmoid().forward(tensor([0])).toArray() // [0.5] */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/** Hyperbolic tangent. @example new nn.Tanh().forward(tensor([0])).toArray() // [0] */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/**
 * x clipped to `min` and `max`. Defaults: −1 and 1.
 *
 * @example new nn.Hardtanh().forward(tensor([-3, 0.5, 3])).toArray() // [-1, 0.5, 1]
 */
export class Hardtanh extends Module {
  readonly min: number;
  readonly max: number;

  constructor(min = -1, max = 1) {
    super();
    this.min = min;
    this.max = max;
  }

  override forward(x: Tensor): Tensor {
    return hardtanh(x, this.min, this.max);
  }

  protected override describe(): string {
    return `${this.min} to ${this.max}`;
  }
}

/** 1 from 0 on, 0 below; nothing before it learns. @example new nn.Step().forward(tensor([-1, 0, 2])).toArray() // [0, 1, 1] */
export class Step extends Module {
  override forward(x: Tensor): Tensor {
    return step(x);
  }
}

/**
 * The largest of each `pieces` neighbours along an axis (the last by default).
 *
 * Shapes: `x [batch, units · pieces]` → `[batch, units]`.
 *
 * @throws ShapeError if `pieces` does not divide the axis.
 * @example new nn.Maxout(2).forward(tensor([[1, 5, 7, 2]])).toArray() // [[5, 7]]
 */
export class Maxout extends Module {
  readonly pieces: number;
  readonly axis: number;

  constructor(pieces: number, axis = -1) {
    super();
    this.pieces = pieces;
    this.axis = axis;
  }

  override forward(x: Tensor): Tensor {
    return maxout(x, this.pieces, this.axis);
  }

  protected override describe(): string {
    return `pieces ${this.pieces}`;
  }
}

/**
 * eˣ / Σ eˣ along one axis, the last by default.
 *
 * @throws ShapeError if the axis does not exist.
 * @example new nn.Softmax().forward(tensor([[0, 0]])).toArray() // [[0.5, 0.5]]
 */
export class Softmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  override forward(x: Tensor): Tensor {
    return softmax(x, this.axis);
  }
}

/**
 * x − ln Σ eˣ along one axis, the last by default.
 *
 * @throws ShapeError if the axis does not exist.
 * @example new nn.LogSoftmax().forward(tensor([[1000, 0]])).toArray() // [[0, -1000]]
 */
export class LogSoftmax extends Module {
  readonly axis: number;

  constructor(axis = -1) {
    super();
    this.axis = axis;
  }

  override forward(x: Tensor): Tensor {
    return logSoftmax(x, this.axis);
  }
}

import { abs, div, mul, sub } from "../ops/arithmetic.js";
import { less, where } from "../ops/compare.js";
import type { Tensor } from "../tensor/tensor.js";
import { reduceLoss, requireSameShape, type LossOptions } from "./loss-options.js";
import { Module } from "./module.js";

/**
 * Squared error (x − y)².
 *
 * Shapes: `input` and `target` equal → `[]`, or theirs with reduction "none".
 *
 * @throws ShapeError if the shapes differ.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §5.1.4.
 * @example nn.mseLoss(tensor([1, 2]), tensor([1, 5])).item() // 4.5
 */
export function mseLoss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  requireSameShape("mseLoss", input, target);
  const difference = sub(input, target);
  return reduceLoss(mul(difference, difference), reduction);
}

/**
 * Absolute error |x − y|, which outliers sway less than the squared one.
 *
 * Shapes: `input` and `target` equal → `[]`, or theirs with reduction "none".
 *
 * @throws ShapeError if the shapes differ.
 * @example nn.l1Loss(tensor([1, 2]), tensor([1, 5])).item() // 1.5
 */
export function l1Loss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  requireSameShape("l1Loss", input, target);
  return reduceLoss(abs(sub(input, target)), reduction);
}

/** Where {@link huberLoss} turns, and how it reduces its losses. */
export interface HuberOptions extends LossOptions {
  /** Where the parabola turns into a line; 1 by default. */
  delta?: number | undefined;
}

/**
 * Squared error ½ d² for |d| = |x − y| below δ, absolute error δ (|d| − ½ δ) above.
 *
 * Shapes: `input` and `target` equal → `[]`, or theirs with reduction "none".
 *
 * @throws ShapeError if the shapes differ.
 * @throws RangeError if delta is not above 0.
 * @see Huber (1964), Robust estimation of a location parameter.
 * @example nn.huberLoss(tensor([0, 0]), tensor([1, 4]), { delta: 2, reduction: "none" }).toArray() // [0.5, 6]
 */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  { delta = 1, reduction }: HuberOptions = {},
): Tensor {
  requireSameShape("huberLoss", input, target);
  if (!(delta > 0)) throw new RangeError(`huberLoss: delta is ${delta}. Expected a number above 0.`);
  return reduceLoss(huber(input, target, delta), reduction);
}

/** Where {@link smoothL1Loss} turns, and how it reduces its losses. */
export interface SmoothL1Options extends LossOptions {
  /** Where the parabola turns into a line; 1 by default. 0 is the absolute error. */
  beta?: number | undefined;
}

/**
 * Huber's loss divided by where it turns into a line: ½ d² / β for |d| = |x − y| below β, |d| − ½ β above.
 *
 * Shapes: `input` and `target` equal → `[]`, or theirs with reduction "none".
 *
 * @throws ShapeError if the shapes differ.
 * @throws RangeError if beta is negative.
 * @see Girshick (2015), Fast R-CNN.
 * @example nn.smoothL1Loss(tensor([0, 0]), tensor([1, 4]), { beta: 2, reduction: "none" }).toArray() // [0.25, 3]
 */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  { beta = 1, reduction }: SmoothL1Options = {},
): Tensor {
  requireSameShape("smoothL1Loss", input, target);
  if (!(beta >= 0)) throw new RangeError(`smoothL1Loss: beta is ${beta}. Expected a number from 0.`);
  if (beta === 0) return l1Loss(input, target, { reduction });
  return reduceLoss(div(huber(input, target, beta), beta), reduction);
}

function huber(input: Tensor, target: Tensor, delta: number): Tensor {
  const difference = sub(input, target);
  const distance = abs(difference);
  const parabola = mul(mul(difference, difference), 0.5);
  return where(less(distance, delta), parabola, mul(sub(distance, delta / 2), delta));
}

/**
 * {@link mseLoss} as a module.
 *
 * @example new nn.MSELoss({ reduction: "sum" }).forward(tensor([1, 2]), tensor([1, 5])).item() // 9
 */
export class MSELoss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: LossOptions;

  constructor(options: LossOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.options);
  }
}

/** {@link l1Loss} as a module. @example new nn.L1Loss().forward(tensor([1, 2]), tensor([1, 5])).item() // 1.5 */
export class L1Loss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: LossOptions;

  constructor(options: LossOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this.options);
  }
}

/**
 * {@link huberLoss} as a module.
 *
 * @example new nn.HuberLoss({ delta: 2 }).forward(tensor([0]), tensor([4])).item() // 6
 */
export class HuberLoss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: HuberOptions;

  constructor(options: HuberOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this.options);
  }
}

/**
 * {@link smoothL1Loss} as a module.
 *
 * @example new nn.SmoothL1Loss({ beta: 2 }).forward(tensor([0]), tensor([4])).item() // 3
 */
export class SmoothL1Loss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: SmoothL1Options;

  constructor(options: SmoothL1Options = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this.options);
  }
}

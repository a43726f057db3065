import { add, div, mul, neg, sub } from "../ops/arithmetic.js";
import { softplus } from "../ops/activations.js";
import { defineOp, type Op } from "../ops/define-op.js";
import { clamp } from "../ops/piecewise.js";
import type { Tensor } from "../tensor/tensor.js";
import { reduceLoss, requireSameShape, type LossOptions } from "./loss-options.js";
import { Module } from "./module.js";

/** How {@link binaryCrossEntropy} weighs and reduces its losses. */
export interface BCEOptions extends LossOptions {
  /** Factors for the losses, broadcast to them. */
  weight?: Tensor | undefined;
}

/**
 * Binary cross-entropy −(y ln p + (1 − y) ln(1 − p)) of probabilities p. Logarithms are held at −100, as PyTorch does,
 * so that a sure but wrong answer costs much, not infinitely much; and 0 ln 0 is 0. Prefer
 * {@link binaryCrossEntropyWithLogits}, which loses no digits.
 *
 * Shapes: `input` (probabilities) and `target` equal → `[]`, or theirs with reduction "none".
 *
 * @throws ShapeError if the shapes differ.
 * @throws RangeError if an input lies outside [0, 1].
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §6.2.2.2.
 * @example nn.binaryCrossEntropy(tensor([1, 0]), tensor([1, 1]), { reduction: "none" }).toArray() // [0, 100]
 */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  { weight, reduction }: BCEOptions = {},
): Tensor {
  requireSameShape("binaryCrossEntropy", input, target);
  const outside = input.elements.find((p) => p < 0 || p > 1);
  if (outside !== undefined) {
    throw new RangeError(
      `binaryCrossEntropy: an input is ${outside}. Expected probabilities from 0 to 1; ` +
        `binaryCrossEntropyWithLogits takes any numbers.`,
    );
  }
  const likelihood = add(mul(target, boundedLog(input)), mul(sub(1, target), boundedLog(sub(1, input))));
  return reduceLoss(weighted(neg(likelihood), weight), reduction);
}

/** How {@link binaryCrossEntropyWithLogits} weighs and reduces its losses. */
export interface BCEWithLogitsOptions extends BCEOptions {
  /** Factors for the losses of targets 1, broadcast; above 1 it makes up for their being rare. */
  posWeight?: Tensor | undefined;
}

/**
 * Binary cross-entropy of logits z, that is of probabilities σ(z): (1 − y) z + ln(1 + e⁻ᶻ). Its gradient is σ(z) − y.
 *
 * Shapes: `input` (logits) and `target` equal → `[]`, or theirs with reduction "none".
 *
 * @throws ShapeError if the shapes differ.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §6.2.2.2.
 * @example nn.binaryCrossEntropyWithLogits(tensor([0], { dtype: "float64" }), tensor([1])).item() // Math.LN2
 * @example nn.binaryCrossEntropyWithLogits(tensor([-1000]), tensor([1])).item() // 1000
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  { weight, posWeight, reduction }: BCEWithLogitsOptions = {},
): Tensor {
  requireSameShape("binaryCrossEntropyWithLogits", input, target);
  // −ln σ(z) = softplus(−z), and −ln(1 − σ(z)) = z + softplus(−z)
  const surprise = softplus(neg(input));
  const factor = posWeight ? add(mul(sub(posWeight, 1), target), 1) : null;
  const losses = add(mul(sub(1, target), input), factor ? mul(factor, surprise) : surprise);
  return reduceLoss(weighted(losses, weight), reduction);
}

/** max(ln x, −100), with slope 1/x down to 1/10⁻¹². */
const boundedLog: Op<[x: Tensor]> = defineOp({
  name: "boundedLog",
  shape: (x) => x.shape,
  forward(out, x) {
    const { elements } = out;
    x.elements.forEach((value, i) => (elements[i] = Math.max(Math.log(value), -100)));
  },
  backward: (g, { inputs: [x] }) => [div(g, clamp(x, 1e-12))],
});

function weighted(losses: Tensor, weight: Tensor | undefined): Tensor {
  return weight ? mul(losses, weight) : losses;
}

/**
 * {@link binaryCrossEntropy} as a module.
 *
 * @example new nn.BCELoss().forward(tensor([1, 0]), tensor([1, 0])).item() // 0
 */
export class BCELoss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: BCEOptions;

  constructor(options: BCEOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.options);
  }
}

/**
 * {@link binaryCrossEntropyWithLogits} as a module.
 *
 * @example new nn.BCEWithLogitsLoss().forward(tensor([1000, -1000]), tensor([1, 0])).item() // 0
 */
export class BCEWithLogitsLoss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: BCEWithLogitsOptions;

  constructor(options: BCEWithLogitsOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(input, target, this.options);
  }
}

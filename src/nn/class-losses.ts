import { add, div, mul, neg, sub } from "../ops/arithmetic.js";
import { greater, where } from "../ops/compare.js";
import { exp, log } from "../ops/exponential.js";
import { gather, indexSelect } from "../ops/gather.js";
import { sum } from "../ops/reduce.js";
import { reshape, squeeze, unsqueeze } from "../ops/shape.js";
import { logSoftmax } from "../ops/softmax.js";
import { tensor, zeros } from "../tensor/create.js";
import { ShapeError } from "../tensor/errors.js";
import { sameShape, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { labelCrossEntropy } from "./label-cross-entropy.js";
import { reduceLoss, requireSameShape, type LossOptions, type LossReduction } from "./loss-options.js";
import { Module } from "./module.js";

/** How {@link nllLoss} weighs and reduces its losses, and which labels it passes over. */
export interface NLLOptions extends LossOptions {
  /** A factor for the losses of each class, `[classes]`. The mean is then weighted, too: it divides by their sum. */
  weight?: Tensor | undefined;
  /** A label that does not count, neither in the loss nor in the mean; −100 by default. */
  ignoreIndex?: number | undefined;
}

/**
 * Negative log-likelihood −ln p[label], from logarithms of probabilities as `logSoftmax` gives them.
 *
 * Shapes: `input [batch, classes, …]`, `labels [batch, …]` → `[]`, or that of the labels with reduction "none".
 * Defaults: reduction "mean", ignoreIndex −100.
 *
 * @throws ShapeError if the shapes do not fit.
 * @throws RangeError if a label is not a whole number from 0 to classes − 1.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §6.2.2.3.
 * @example nn.nllLoss(tensor([[-1, -2], [-3, -4]]), tensor([1, 0])).item() // 2.5
 */
export function nllLoss(input: Tensor, labels: Tensor, options: NLLOptions = {}): Tensor {
  const { reduction, ...picking } = options;
  const { losses, weights } = likelihood("nllLoss", input, labels, picking);
  return average(losses, weights, reduction);
}

/** How {@link crossEntropy} weighs, smooths and reduces its losses. */
export interface CrossEntropyOptions extends NLLOptions {
  /** Part of the probability that is taken from the label and spread over all classes; 0 by default. */
  labelSmoothing?: number | undefined;
}

/**
 * Cross-entropy −Σ q ln softmax(z) of logits z with the probabilities q of the classes: 1 for the label, 0 for the
 * others, or given. Its gradient is softmax(z) − q. With label smoothing ε, q becomes (1 − ε) q + ε / classes.
 *
 * Shapes: `input [batch, classes, …]` (logits), `target [batch, …]` (labels) or as `input` (probabilities) → `[]`, or
 * `[batch, …]` with reduction "none". Defaults: reduction "mean", ignoreIndex −100, labelSmoothing 0.
 *
 * @throws ShapeError if the shapes do not fit.
 * @throws RangeError if a label is not a whole number from 0 to classes − 1, or labelSmoothing is not from 0 to 1.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §6.2.2.3; label smoothing: Szegedy, Vanhoucke, Ioffe, Shlens &
 * Wojna (2016), Rethinking the Inception architecture for computer vision.
 * @example nn.crossEntropy(zeros([1, 10], { dtype: "float64" }), tensor([3])).item() // Math.log(10)
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  { labelSmoothing = 0, reduction = "mean", ...picking }: CrossEntropyOptions = {},
): Tensor {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new RangeError(`crossEntropy: labelSmoothing is ${labelSmoothing}. Expected a number from 0 to 1.`);
  }
  const { shape } = checkedLogits("crossEntropy", input);
  const { weight, ignoreIndex = defaultIgnoreIndex } = picking;
  const plain = !weight && labelSmoothing === 0 && !sameShape(shape, target.shape);
  if (plain && (reduction === "mean" || reduction === "sum")) {
    const labels = checkedLabels("crossEntropy", input, target, ignoreIndex);
    return labelCrossEntropy(input, labels, ignoreIndex, reduction);
  }
  const logProbabilities = logSoftmax(input, 1);
  const classWeights = perClass("crossEntropy", picking.weight, input);
  const weighted = classWeights ? mul(logProbabilities, classWeights) : logProbabilities;
  const spread = labelSmoothing / input.shape[1];

  if (sameShape(input.shape, target.shape)) {
    const smooth = labelSmoothing > 0 ? add(mul(target, 1 - labelSmoothing), spread) : target;
    return average(neg(sum(mul(smooth, weighted), 1)), null, reduction);
  }
  const { losses, weights, counts } = likelihood("crossEntropy", logProbabilities, target, picking);
  if (labelSmoothing === 0) return average(losses, weights, reduction);
  const uniform = where(counts, mul(sum(weighted, 1), -spread), 0);
  return average(add(mul(losses, 1 - labelSmoothing), uniform), weights, reduction);
}

/** How {@link klDiv} reads its target and reduces its losses. */
export interface KLDivOptions {
  /** The mean of all losses (the default), that of all samples, the sum, or each by itself. */
  reduction?: LossReduction | "batchMean" | undefined;
  /** Whether the target, too, is given as logarithms; false by default. */
  logTarget?: boolean | undefined;
}

/**
 * Kullback–Leibler divergence p (ln p − ln q) of target probabilities p from a model's q, of which the logarithms are
 * given. "mean" divides by the number of elements, as PyTorch does; the divergence itself is "batchMean".
 *
 * Shapes: `input` (ln q) and `target` (p) equal → `[]`, or theirs with reduction "none".
 *
 * @throws ShapeError if the shapes differ.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §3.13.
 * @example nn.klDiv(tensor([[-1, -2]]), tensor([[1, 0]]), { reduction: "batchMean" }).item() // 1
 */
export function klDiv(
  input: Tensor,
  target: Tensor,
  { reduction, logTarget = false }: KLDivOptions = {},
): Tensor {
  requireSameShape("klDiv", input, target);
  const losses = logTarget ? mul(exp(target), sub(target, input)) : sub(entropy(target), mul(target, input));
  if (reduction !== "batchMean") return reduceLoss(losses, reduction);
  return div(sum(losses), input.shape[0] ?? 1);
}

/** p ln p, which is 0 at 0. */
function entropy(p: Tensor): Tensor {
  const positive = greater(p, 0);
  return where(positive, mul(p, log(where(positive, p, 1))), 0);
}

interface Likelihood {
  /** The losses, times the weights of their labels' classes, and 0 for labels to be ignored. */
  readonly losses: Tensor;
  /** The weight of each label's class, and 0 for labels to be ignored; null if all are 1. */
  readonly weights: Tensor | null;
  /** Which labels count. */
  readonly counts: Tensor;
}

function likelihood(
  loss: string,
  logProbabilities: Tensor,
  labels: Tensor,
  { weight, ignoreIndex = defaultIgnoreIndex }: Omit<NLLOptions, "reduction">,
): Likelihood {
  const { dtype } = checkedLogits(loss, logProbabilities);
  const given = checkedLabels(loss, logProbabilities, labels, ignoreIndex);
  const counted = Array.from(given, (label) => label !== ignoreIndex);
  const chosen = reshape(tensor(given.map((label, i) => (counted[i] ? label : 0))), labels.shape);
  const counts = reshape(tensor(counted, { dtype: "bool" }), labels.shape);
  const picked = neg(squeeze(gather(logProbabilities, 1, unsqueeze(chosen, 1)), 1));
  perClass(loss, weight, logProbabilities);
  if (!weight && !counted.includes(false)) return { losses: picked, weights: null, counts };
  const factors = weight
    ? reshape(indexSelect(weight, 0, reshape(chosen, [chosen.size])), labels.shape)
    : add(zeros(labels.shape, { dtype }), 1);
  const weights = where(counts, factors, 0);
  // where, not just a factor 0: an ignored loss may be infinite
  return { losses: where(counts, mul(picked, factors), 0), weights, counts };
}

const defaultIgnoreIndex = -100;

/** Labels that are classes, or to be ignored. */
function checkedLabels(loss: string, { shape }: Tensor, labels: Tensor, ignoreIndex: number): Int32Array {
  const [batch, classes, ...places] = shape;
  if (!sameShape(labels.shape, [batch, ...places])) {
    const alternative = loss === "crossEntropy" ? `, or probabilities ${show(shape)}` : "";
    throw new ShapeError(
      `${loss}: input ${show(shape)}, target ${show(labels.shape)}. ` +
        `Expected labels ${show([batch, ...places])}${alternative}.`,
    );
  }
  const { elements } = labels;
  const wrong = elements.findIndex(
    (label) => label !== ignoreIndex && !(Number.isInteger(label) && label >= 0 && label < classes),
  );
  if (wrong < 0) return Int32Array.from(elements);
  throw new RangeError(
    `${loss}: label ${elements[wrong]} in target ${show(labels.shape)}. ` +
      `With ${classes} classes, labels are whole numbers from 0 to ${classes - 1}.`,
  );
}

/** The class weights as they multiply `[batch, classes, …]`. */
function perClass(loss: string, weight: Tensor | undefined, { shape }: Tensor): Tensor | null {
  if (!weight) return null;
  const classes = shape[1];
  if (!sameShape(weight.shape, [classes])) {
    throw new ShapeError(`${loss}: weight ${show(weight.shape)}. Expected a factor per class: [${classes}].`);
  }
  return reshape(weight, [classes, ...shape.slice(2).map(() => 1)]);
}

function checkedLogits(loss: string, input: Tensor): Tensor {
  if (input.ndim >= 2) return input;
  throw new ShapeError(`${loss}: input ${show(input.shape)}. Expected [batch, classes, …].`);
}

function average(losses: Tensor, weights: Tensor | null, reduction: LossReduction | undefined): Tensor {
  if (weights === null || (reduction ?? "mean") !== "mean") return reduceLoss(losses, reduction);
  return div(sum(losses), sum(weights));
}

/**
 * {@link nllLoss} as a module.
 *
 * @example new nn.NLLLoss().forward(tensor([[-1, -2], [-3, -4]]), tensor([1, 0])).item() // 2.5
 */
export class NLLLoss extends Module<[input: Tensor, labels: Tensor]> {
  readonly options: NLLOptions;

  constructor(options: NLLOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, labels: Tensor): Tensor {
    return nllLoss(input, labels, this.options);
  }
}

/**
 * {@link crossEntropy} as a module.
 *
 * @example new nn.CrossEntropyLoss().forward(tensor([[1000, 0]]), tensor([1])).item() // 1000
 */
export class CrossEntropyLoss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: CrossEntropyOptions;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, this.options);
  }
}

/**
 * {@link klDiv} as a module.
 *
 * @example new nn.KLDivLoss({ reduction: "sum" }).forward(tensor([-1, -2]), tensor([1, 0])).item() // 1
 */
export class KLDivLoss extends Module<[input: Tensor, target: Tensor]> {
  readonly options: KLDivOptions;

  constructor(options: KLDivOptions = {}) {
    super();
    this.options = options;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, this.options);
  }
}

import { mean, sum } from "../ops/reduce.js";
import { ShapeError } from "../tensor/errors.js";
import { sameShape, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** What becomes of the losses of all elements: their mean (the default), their sum, or nothing. */
export type LossReduction = "mean" | "sum" | "none";

/** What becomes of the losses of all elements. */
export interface LossOptions {
  /** The mean of all losses (the default), their sum, or each by itself. */
  reduction?: LossReduction | undefined;
}

/** @throws RangeError if there is no such reduction: plain JavaScript may ask for any. */
export function reduceLoss(losses: Tensor, reduction: LossReduction = "mean"): Tensor {
  switch (reduction) {
    case "mean":
      return mean(losses);
    case "sum":
      return sum(losses);
    case "none":
      return losses;
    default:
      throw new RangeError(`reduction is ${JSON.stringify(reduction)}. Expected "mean", "sum" or "none".`);
  }
}

/** @throws ShapeError if prediction and target differ in shape: broadcasting them is never what was meant. */
export function requireSameShape(loss: string, input: Tensor, target: Tensor): void {
  if (sameShape(input.shape, target.shape)) return;
  throw new ShapeError(
    `${loss}: input ${show(input.shape)}, target ${show(target.shape)}. Their shapes must be equal.`,
  );
}

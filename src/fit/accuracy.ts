import { argmax } from "../ops/extremes.js";
import { ShapeError } from "../tensor/errors.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * The share of samples whose largest score is that of their class.
 *
 * Shapes: `scores [batch, classes]` (logits or probabilities), `labels [batch]` of int32 class numbers.
 *
 * @throws ShapeError if the shapes do not fit.
 * @example accuracy(tensor([[2, 1], [0, 3], [5, 4]]), tensor([0, 1, 1], { dtype: "int32" })) // 2 / 3
 */
export function accuracy(scores: Tensor, labels: Tensor): number {
  const [batch] = scores.shape;
  if (scores.ndim !== 2 || labels.ndim !== 1 || labels.shape[0] !== batch) {
    throw new ShapeError(
      `accuracy: scores ${show(scores.shape)} and labels ${show(labels.shape)}; expected [batch, classes] and [batch].`,
    );
  }
  const predicted = argmax(scores, 1).elements;
  return predicted.filter((label, sample) => label === labels.data[sample]).length / batch;
}

import { ShapeError } from "../tensor/errors.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineDiscreteOp, type DiscreteOp } from "./define-op.js";

/**
 * For each label a row with a 1 at its place and 0 elsewhere.
 *
 * Shapes: `labels [n]` → `[n, classes]`. dtype: int32, which takes the dtype of what it is multiplied with.
 *
 * @throws ShapeError if a label is not a whole number from 0 to `classes` − 1.
 * @example oneHot(tensor([2, 0]), 3).toArray() // [[0, 0, 1], [1, 0, 0]]
 */
export const oneHot: DiscreteOp<[labels: Tensor, classes: number]> = defineDiscreteOp({
  name: "oneHot",
  call: (labels: Tensor, classes: number) => ({ inputs: [labels] as [Tensor], params: { classes } }),
  dtype: () => "int32",
  shape(labels: Tensor, { classes }: { classes: number }) {
    const wrong = labels.elements.findIndex(
      (label) => !(Number.isInteger(label) && label >= 0 && label < classes),
    );
    if (wrong < 0) return [...labels.shape, classes];
    throw new ShapeError(
      `oneHot: label ${labels.elements[wrong]} in labels ${show(labels.shape)}. ` +
        `With ${classes} classes, labels are whole numbers from 0 to ${classes - 1}.`,
    );
  },
  forward(out: Tensor, labels: Tensor, { classes }: { classes: number }) {
    const rows = out.elements;
    labels.elements.forEach((label, i) => (rows[i * classes + label] = 1));
  },
});

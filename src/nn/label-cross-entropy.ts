import { mul, sub } from "../ops/arithmetic.js";
import { defineOp, type Op } from "../ops/define-op.js";
import { crossEntropyRules, type CrossEntropyParams } from "../ops/engine/cross-entropy.js";
import { logSoftmax, softmax } from "../ops/softmax.js";
import { zeros } from "../tensor/create.js";
import { floating } from "../tensor/dtype.js";
import { noGrad } from "../tensor/grad-mode.js";
import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * The sum or the mean of −ln softmax(z)[label] as one operation, whose gradient is softmax(z) − 1 at the label.
 *
 * Shapes: `logits [batch, classes, …]`, `labels` as many as `[batch, …]` → `[]`.
 */
export function labelCrossEntropy(
  logits: Tensor,
  labels: Int32Array,
  ignoreIndex: number,
  reduction: "mean" | "sum",
): Tensor {
  const counted = labels.reduce((count, label) => count + (label === ignoreIndex ? 0 : 1), 0);
  const scale = reduction === "mean" ? 1 / counted : 1;
  return operation(logits, { labels, ignoreIndex, scale, gradient: null });
}

const operation: Op<[logits: Tensor, params: CrossEntropyParams]> = defineOp<
  [logits: Tensor, params: CrossEntropyParams],
  [Tensor],
  CrossEntropyParams
>({
  name: "crossEntropy",
  engine: crossEntropyRules,
  call: (logits, params) => ({ inputs: [logits], params }),
  dtype: floating,
  shape: () => [],
  forward(out, logits, params) {
    const { elements } = noGrad(() => logSoftmax(logits, 1));
    let total = 0;
    eachLabel(logits, params, (position) => (total -= elements[position]));
    out.elements[0] = total * params.scale;
  },
  // (softmax(z) − 1 at the label) scale G, and 0 for a label that does not count
  backward(g, { inputs: [logits], params }) {
    const { shape, dtype } = logits;
    const [target, counts] = [zeros(shape, { dtype }), zeros(shape.with(1, 1), { dtype })];
    const [atLabel, ofLabel] = [target.elements, counts.elements];
    eachLabel(logits, params, (position, i) => {
      atLabel[position] = 1;
      ofLabel[i] = 1;
    });
    const slope = sub(mul(softmax(logits, 1), counts), target);
    return [mul(slope, mul(g, params.scale))];
  },
});

/** Calls `visit` with the position of the label's logit and the number of the label, for each label that counts. */
function eachLabel(
  { shape }: Tensor,
  { labels, ignoreIndex }: CrossEntropyParams,
  visit: (position: number, i: number) => void,
): void {
  const places = sizeOf(shape.slice(2));
  labels.forEach((label, i) => {
    if (label === ignoreIndex) return;
    const sample = Math.floor(i / places);
    visit((sample * shape[1] + label) * places + (i % places), i);
  });
}

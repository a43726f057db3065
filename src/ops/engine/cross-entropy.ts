// Cross-entropy of logits and labels, with its gradient from the same pass.
import { borrow } from "../../engine/borrow.js";
import { run } from "../../engine/run.js";
import { isGradEnabled } from "../../tensor/grad-mode.js";
import type { FusedNode } from "../../tensor/history.js";
import { emptyStorage } from "../../tensor/storage.js";
import { Tensor } from "../../tensor/tensor.js";
import { temporary } from "../temporary.js";
import { addressOf, addressOfNumbers, kernels } from "./address.js";

export interface CrossEntropyParams {
  readonly labels: Int32Array;
  readonly ignoreIndex: number;
  /** What the sum of the losses is multiplied with: 1, or 1 / count for the mean. */
  readonly scale: number;
  /** The gradient for a loss that is not multiplied any further, if it was computed with the loss. */
  gradient: Tensor | null;
}

export const crossEntropyRules = {
  forward(out: Tensor, [logits]: readonly Tensor[], params: CrossEntropyParams): boolean {
    const { labels, ignoreIndex, scale } = params;
    const { shape, size } = logits;
    if (size === 0) return false;
    const wanted = logits.requiresGrad && isGradEnabled();
    params.gradient = wanted ? new Tensor(emptyStorage("float32", size), shape, "float32") : null;
    const classes = shape[1];
    const inner = size / (shape[0] * classes);
    const losses = borrow(4 * labels.length);
    const gradient = params.gradient ? addressOf(params.gradient) : 0;
    const to = addressOfNumbers(labels);
    const sizes = [classes, inner, ignoreIndex, scale];
    run("crossEntropy", [addressOf(logits), to, losses, gradient, ...sizes], {
      units: labels.length,
      nanoseconds: 4 * size,
    });
    kernels().sum(losses, addressOf(out), labels.length, 1, scale, 0, 1);
    return true;
  },

  backward(g: Tensor, { params }: FusedNode): readonly (Tensor | null)[] | null {
    const { gradient } = params as CrossEntropyParams;
    if (!gradient) return null;
    const { shape, size } = gradient;
    const out = temporary(shape, size);
    kernels().mulScalar(addressOf(gradient), addressOf(out), g.item(), 0, size);
    return [out];
  },
};

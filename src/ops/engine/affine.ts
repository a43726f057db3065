// x Wᵀ + b and its gradients.
import type { FusedNode } from "../../tensor/history.js";
import type { Tensor } from "../../tensor/tensor.js";
import { temporary } from "../temporary.js";
import { addressOf, kernels } from "./address.js";
import { dense, multiply, transposed } from "./matmul.js";

/** The sizes `x [m, k]`, `weight [n, k]`, `out [m, n]`, with all axes of x but the last as one. */
function sizesOf(x: Tensor, weight: Tensor) {
  const [n, k] = weight.shape;
  return { m: k === 0 ? x.shape.slice(0, -1).reduce((a, b) => a * b, 1) : x.size / k, n, k };
}

export const affineRules = {
  forward(out: Tensor, [x, weight, bias]: readonly Tensor[]): boolean {
    const { m, n, k } = sizesOf(x, weight);
    const right = transposed(dense(addressOf(weight), n, k));
    const finish = bias ? { bias: addressOf(bias) } : {};
    multiply(addressOf(out), dense(addressOf(x), m, k), right, { batch: 1, m, n, k }, finish);
    return true;
  },

  // dx = G W [m, k];  dW = Gᵀ x [n, k];  db = Σ G [n]
  backward(g: Tensor, node: FusedNode): (Tensor | null)[] {
    const [x, weight, bias] = node.inputs;
    const { m, n, k } = sizesOf(x, weight);
    const dx = node.wants(0) ? temporary(x.shape, x.size) : null;
    const dWeight = node.wants(1) ? temporary(weight.shape, weight.size) : null;
    const gradients = [dx, dWeight];
    const gradient = dense(addressOf(g), m, n);
    if (dx) multiply(addressOf(dx), gradient, dense(addressOf(weight), n, k), { batch: 1, m, n: k, k: n });
    if (dWeight) {
      const left = transposed(gradient);
      multiply(addressOf(dWeight), left, dense(addressOf(x), m, k), { batch: 1, m: n, n: k, k: m });
    }
    if (bias) {
      const dBias = node.wants(2) ? temporary(bias.shape, bias.size) : null;
      if (dBias) kernels().sum(addressOf(g), addressOf(dBias), m, n, 1, 0, n);
      gradients.push(dBias);
    }
    return gradients;
  },
};

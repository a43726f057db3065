// Normalisation over channels, rows or groups, and its gradients.
import { run } from "../../engine/run.js";
import type { FusedNode } from "../../tensor/history.js";
import { emptyStorage } from "../../tensor/storage.js";
import { Tensor } from "../../tensor/tensor.js";
import { temporary } from "../temporary.js";
import { addressOf } from "./address.js";

/**
 * What is normalised together: each channel over the batch, each row of so many elements, or each sample's groups of
 * channels.
 */
export type Together =
  | { readonly kind: "channels" }
  | { readonly kind: "rows"; readonly length: number }
  | { readonly kind: "groups"; readonly groups: number };

export interface NormalizationParams {
  readonly together: Together;
  readonly eps: number;
  readonly hasGamma: boolean;
  readonly hasBeta: boolean;
  /** Mean, and variance (of channels) or 1 / √(variance + eps), as the forward pass found them. */
  found: readonly [mean: Tensor, spread: Tensor] | null;
}

/** γ and β among the inputs. */
export function affineOf<T>([, ...affine]: readonly T[], { hasGamma, hasBeta }: NormalizationParams) {
  return {
    gamma: hasGamma ? affine[0] : null,
    beta: hasBeta ? affine[hasGamma ? 1 : 0] : null,
  };
}

export const normalizationRules = {
  forward(out: Tensor, inputs: readonly Tensor[], params: NormalizationParams): boolean {
    const [x] = inputs;
    if (x.size === 0) return false;
    const { gamma, beta } = affineOf(inputs, params);
    const { together, eps } = params;
    const { units, batch, channels, length } = sizesOf(x, together);
    params.found = [statistic(units), statistic(units)];
    const [mean, spread] = params.found.map(addressOf);
    const [from, to, scale, shift] = [addressOf(x), addressOf(out), at(gamma), at(beta)];
    switch (together.kind) {
      case "channels": {
        run("channelStatistics", [from, mean, spread, batch, channels, length], divided(units, x));
        const rows = divided(batch * channels, x);
        run("batchNorm", [from, mean, spread, scale, shift, to, channels, length, eps], rows);
        break;
      }
      case "rows":
        run("layerNorm", [from, scale, shift, to, mean, spread, length, eps], divided(units, x));
        break;
      case "groups": {
        const sizes = [channels, length, together.groups];
        run("groupNorm", [from, scale, shift, to, mean, spread, ...sizes, eps], divided(units, x));
        break;
      }
    }
    return true;
  },

  backward(g: Tensor, node: FusedNode): readonly (Tensor | null)[] | null {
    const params = node.params as NormalizationParams;
    const { together, eps, found } = params;
    const { inputs } = node;
    const [x] = inputs;
    if (!found || x.size === 0) return null;
    const { gamma } = affineOf(inputs, params);
    const gradients = inputs.map((input, i) => (node.wants(i) ? temporary(input.shape, input.size) : null));
    const [dx] = gradients;
    const { gamma: dGamma, beta: dBeta } = affineOf(gradients, params);
    const { units, batch, channels, length } = sizesOf(x, together);
    const [mean, spread] = found.map(addressOf);
    const [from, seen, scale, toX, toGamma, toBeta] = [g, x, gamma, dx, dGamma, dBeta].map(at);
    switch (together.kind) {
      case "channels": {
        const sizes = [batch, channels, length];
        const values = [from, seen, mean, spread, scale, toX, toGamma, toBeta, ...sizes, eps];
        run("batchNormBackward", values, divided(units, x));
        break;
      }
      case "rows":
        if (dx) run("layerNormBackward", [from, seen, mean, spread, scale, toX, length], divided(units, x));
        if (dGamma || dBeta) {
          const values = [from, seen, mean, spread, toGamma, toBeta, units, length];
          run("layerNormAffineBackward", values, divided(length, x));
        }
        break;
      case "groups": {
        const sizes = [channels, length, together.groups];
        if (dx) run("groupNormBackward", [from, seen, mean, spread, scale, toX, ...sizes], divided(units, x));
        if (dGamma || dBeta) {
          const values = [from, seen, mean, spread, toGamma, toBeta, batch, ...sizes];
          run("groupNormAffineBackward", values, divided(channels, x));
        }
        break;
      }
    }
    return gradients;
  },
};

/** `x` as `[batch, channels, length]`, and how many means there are. */
function sizesOf({ shape, size }: Tensor, together: Together) {
  if (together.kind === "rows") {
    const { length } = together;
    return { units: size / length, batch: size / length, channels: 1, length };
  }
  const [batch, channels] = shape;
  const units = together.kind === "channels" ? channels : batch * together.groups;
  return { units, batch, channels, length: size / (batch * channels) };
}

function statistic(count: number): Tensor {
  return new Tensor(emptyStorage("float32", count), [count], "float32");
}

function at(x: Tensor | null): number {
  return x ? addressOf(x) : 0;
}

function divided(units: number, x: Tensor) {
  return { units, nanoseconds: x.size };
}

// Convolution, and its gradients with respect to input, weight and bias.
import { borrow } from "../../engine/borrow.js";
import { engine } from "../../engine/engine.js";
import type { Pointer } from "../../engine/kernels.js";
import { run } from "../../engine/run.js";
import type { FusedNode } from "../../tensor/history.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { ConvolutionSizes } from "../kernels/convolution.js";
import type { Sliding2d } from "../kernels/im2col.js";
import { drop, temporary } from "../temporary.js";
import { addressOf, kernels } from "./address.js";

/** Writes a geometry down for the kernels; see `geometryFields`. */
export function geometryAt(
  batch: number,
  groups: number,
  inChannels: number,
  outChannels: number,
  [h, w]: Sliding2d,
): Pointer {
  const fields = [
    batch, groups, inChannels, outChannels, h.size, w.size, h.kernel, w.kernel,
    h.stride, w.stride, h.dilation, w.dilation, h.before, w.before, h.count, w.count,
  ]; // prettier-ignore
  const pointer = borrow(4 * fields.length);
  new Int32Array(engine()!.memory.buffer, pointer, fields.length).set(fields);
  return pointer;
}

function geometryOf({ batch, groups, inChannels, outChannels, window }: ConvolutionSizes): Pointer {
  return geometryAt(batch, groups, inChannels, outChannels, window);
}

/** About how long one pass over all products takes. */
function nanosecondsOf({ batch, groups, inChannels, outChannels, window: [h, w] }: ConvolutionSizes): number {
  const products = batch * groups * inChannels * outChannels * h.kernel * w.kernel * h.count * w.count;
  return products / 15;
}

/** Images that make up for preparing the filters once more. */
function grainOf({ groups, window: [h, w] }: ConvolutionSizes): number {
  return groups * Math.ceil(200 / (h.count * w.count));
}

/** `out = correlation of x with weight`, plus a bias per channel if there is one. */
export function convolve(
  out: Tensor,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  sizes: ConvolutionSizes,
): void {
  const geometry = geometryOf(sizes);
  const noActivation = 0;
  run(
    "convForward",
    [addressOf(out), addressOf(x), addressOf(weight), bias ? addressOf(bias) : 0, noActivation, geometry],
    {
      units: sizes.batch * sizes.groups,
      nanoseconds: nanosecondsOf(sizes),
      scratch: kernels().convForwardScratch(geometry),
      grain: grainOf(sizes),
    },
  );
}

/** The gradient of the input for a gradient `g` of the output. */
export function convolveTransposed(dx: Tensor, g: Tensor, weight: Tensor, sizes: ConvolutionSizes): void {
  const geometry = geometryOf(sizes);
  const replace = 0;
  run("convInput", [addressOf(dx), addressOf(g), addressOf(weight), replace, geometry], {
    units: sizes.batch * sizes.groups,
    nanoseconds: nanosecondsOf(sizes),
    scratch: kernels().convInputScratch(geometry),
    grain: grainOf(sizes),
  });
}

/** The gradients of the weight and of the bias. */
export function convolveForWeight(
  dWeight: Tensor,
  dBias: Tensor | null,
  g: Tensor,
  x: Tensor,
  sizes: ConvolutionSizes,
): void {
  const geometry = geometryOf(sizes);
  const kernel = kernels();
  const chunks = kernel.convWeightChunks(geometry);
  const row = dWeight.size + sizes.groups * sizes.outChannels;
  const partials = borrow(4 * chunks * row);
  run("convWeight", [partials, addressOf(g), addressOf(x), geometry], {
    units: chunks,
    nanoseconds: nanosecondsOf(sizes),
    scratch: kernel.convWeightScratch(geometry),
  });
  kernel.convWeightSum(addressOf(dWeight), dBias ? addressOf(dBias) : 0, partials, 0, geometry);
}

export const correlationRules = {
  forward(out: Tensor, [x, weight, bias]: readonly Tensor[], sizes: ConvolutionSizes): boolean {
    convolve(out, x, weight, bias ?? null, sizes);
    return true;
  },

  backward(g: Tensor, node: FusedNode): (Tensor | null)[] {
    const [x, weight, bias] = node.inputs;
    const sizes = node.params as ConvolutionSizes;
    const dx = node.wants(0) ? temporary(x.shape, x.size) : null;
    const dWeight = node.wants(1) ? temporary(weight.shape, weight.size) : null;
    const dBias = bias && node.wants(2) ? temporary(bias.shape, bias.size) : null;
    if (dx) convolveTransposed(dx, g, weight, sizes);
    if (dWeight || dBias) {
      const into = dWeight ?? temporary(weight.shape, weight.size);
      convolveForWeight(into, dBias, g, x, sizes);
      if (!dWeight) drop(into);
    }
    return bias ? [dx, dWeight, dBias] : [dx, dWeight];
  },
};

export const transposedRules = {
  forward(out: Tensor, [g, weight]: readonly Tensor[], sizes: ConvolutionSizes): boolean {
    convolveTransposed(out, g, weight, sizes);
    return true;
  },

  // u is a gradient of the shape of the input
  backward(u: Tensor, node: FusedNode): (Tensor | null)[] {
    const [g, weight] = node.inputs;
    const sizes = node.params as ConvolutionSizes;
    const dg = node.wants(0) ? temporary(g.shape, g.size) : null;
    const dWeight = node.wants(1) ? temporary(weight.shape, weight.size) : null;
    if (dg) convolve(dg, u, weight, null, sizes);
    if (dWeight) convolveForWeight(dWeight, null, g, u, sizes);
    return [dg, dWeight];
  },
};

export const forWeightRules = {
  forward(out: Tensor, [g, x]: readonly Tensor[], sizes: ConvolutionSizes): boolean {
    convolveForWeight(out, null, g, x, sizes);
    return true;
  },
};

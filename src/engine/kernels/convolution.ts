import type { Pointer } from "../kernels.js";

/**
 * A convolution's geometry: 16 int32 in the engine's memory, in this order. Channels are those of one group;
 * `before` is the padding above and on the left; what follows from the rest (the padding after) is not there.
 */
export const geometryFields = [
  "batch", "groups", "inChannels", "outChannels", "height", "width", "kernelHeight", "kernelWidth",
  "strideHeight", "strideWidth", "dilationHeight", "dilationWidth", "beforeHeight", "beforeWidth",
  "outHeight", "outWidth",
] as const; // prettier-ignore

/**
 * Shapes: `x [batch, groups · inChannels, height, width]`,
 * `weight [groups · outChannels, inChannels, kernelHeight, kernelWidth]`,
 * `out`, `g [batch, groups · outChannels, outHeight, outWidth]`. Convolution along one axis has height 1.
 *
 * Filters of 3 × 3 with stride 1 over 16 channels or more go through Winograd's F(2 × 2, 3 × 3): results are then as
 * accurate as rounding leaves the largest numbers within 4 × 4, and a NaN or ∞ reaches all of such a tile.
 */
export interface ConvolutionKernels {
  /** `out = activation(correlation of x with weight + bias)`; `bias [groups · outChannels]` or none. Units: `batch · groups`. */
  convForward(
    out: Pointer, x: Pointer, weight: Pointer, bias: Pointer, activation: number, geometry: Pointer,
    scratch: Pointer, from: number, to: number,
  ): void; // prettier-ignore
  convForwardScratch(geometry: Pointer): number;
  /** The gradient `dx` of the input for a gradient `g` of the output: transposed convolution. Units: `batch · groups`. */
  convInput(
    dx: Pointer, g: Pointer, weight: Pointer, accumulate: number, geometry: Pointer,
    scratch: Pointer, from: number, to: number,
  ): void; // prettier-ignore
  convInputScratch(geometry: Pointer): number;
  /**
   * The gradients of weight and bias, summed over a chunk of images at a time:
   * `partials [chunks, groups · outChannels · (inChannels · kernelHeight · kernelWidth + 1)]`, each row the weight's
   * gradient followed by the bias's. Units: chunks, as many as `convWeightChunks` says.
   */
  convWeight(
    partials: Pointer, g: Pointer, x: Pointer, geometry: Pointer,
    scratch: Pointer, from: number, to: number,
  ): void; // prettier-ignore
  convWeightScratch(geometry: Pointer): number;
  convWeightChunks(geometry: Pointer): number;
  /** The sums of the partial gradients: `dWeight`, and `dBias` unless it is none. */
  convWeightSum(
    dWeight: Pointer,
    dBias: Pointer,
    partials: Pointer,
    accumulate: number,
    geometry: Pointer,
  ): void;
}

import { convTranspose2d } from "../ops/convolution.js";
import type { PerAxis } from "../ops/sliding.js";
import { sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Conv, pairOf, type ConvOptions } from "./conv.js";

/** How the filters move, how they start, and what the shape of the output leaves open. */
export interface ConvTransposeOptions extends ConvOptions {
  /** Rows and columns added at the end, to choose among the sizes that a convolution takes to the same one; 0. */
  outputPadding?: PerAxis | undefined;
}

/**
 * Transposed convolution: each element is spread over the output, weighted by the filter; enlarges images as a
 * convolution of the same stride makes them smaller.
 *
 * Shapes: `x [batch, in, H, W]`, `weight [in, out / groups, kH, kW]`, `bias [out]` → `[batch, out, oH, oW]` with
 * `oH = (H − 1) stride − padding + dilation (kH − 1) + 1 + outputPadding`, padding counted on both sides.
 * Init: weight, bias ~ U(−1/√n, 1/√n) with n = out / groups · kH · kW.
 * Defaults: stride 1, padding 0, outputPadding 0, dilation 1, groups 1, bias true.
 *
 * @throws ShapeError if `x` has other axes or channels, or nothing is left within the padding.
 * @throws RangeError if a size is not a whole number from 1, or the groups do not divide the channels.
 * @see Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning, §4.
 * @example new nn.ConvTranspose2d(8, 4, 2, { stride: 2 }).forward(zeros([1, 8, 7, 7])).shape // [1, 4, 14, 14]
 */
export class ConvTranspose2d extends Conv {
  readonly outputPadding: PerAxis;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis,
    options: ConvTransposeOptions = {},
  ) {
    super(inChannels, outChannels, pairOf("ConvTranspose2d", kernelSize), options, true);
    this.outputPadding = options.outputPadding ?? 0;
  }

  override forward(x: Tensor): Tensor {
    return convTranspose2d(x, this.weight, { ...this.options, outputPadding: this.outputPadding });
  }

  /** One for each weight that each element of the input is spread by. */
  override multiplyAdds(input: Shape): number {
    return sizeOf(input) * (this.weight.size / this.inChannels);
  }
}

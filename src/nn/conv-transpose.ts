import { convTranspose2d } from "../ops/convolution.js";
import type { PerAxis } from "../ops/sliding.js";
import { sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkChannels, describeConv, pairOf, type ConvOptions } from "./conv.js";
import { uniformParameter } from "./layer-options.js";
import { Module } from "./module.js";
import type { Parameter } from "./parameter.js";
import type { Padding } from "../ops/sliding.js";

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
export class ConvTranspose2d extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: PerAxis;
  readonly padding: Padding;
  readonly outputPadding: PerAxis;
  readonly dilation: PerAxis;
  readonly groups: number;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis,
    options: ConvTransposeOptions = {},
  ) {
    super();
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1, bias = true } = options;
    const kernel = pairOf("ConvTranspose2d", kernelSize);
    checkChannels("ConvTranspose2d", inChannels, outChannels, groups, kernel);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.stride = stride;
    this.padding = padding;
    this.outputPadding = outputPadding;
    this.dilation = dilation;
    this.groups = groups;
    const fanIn = (outChannels / groups) * sizeOf(kernel);
    this.weight = uniformParameter([inChannels, outChannels / groups, ...kernel], fanIn, options);
    this.bias = bias ? uniformParameter([outChannels], fanIn, options) : null;
  }

  override forward(x: Tensor): Tensor {
    const { stride, padding, outputPadding, dilation, groups, bias } = this;
    const options = { stride, padding, outputPadding, dilation, groups, ...(bias && { bias }) };
    return convTranspose2d(x, this.weight, options);
  }

  override multiplyAdds(input: Shape, _output: Shape): number {
    return sizeOf(input) * (this.weight.size / this.inChannels);
  }

  protected override describe(): string {
    return describeConv(this);
  }
}

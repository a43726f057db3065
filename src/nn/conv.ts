import { conv1d, conv2d, type ConvolutionOptions } from "../ops/convolution.js";
import type { PerAxis, Padding } from "../ops/sliding.js";
import { show, sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireCounts } from "./check-options.js";
import { uniformParameter, type AffineOptions } from "./layer-options.js";
import { Module } from "./module.js";
import type { Parameter } from "./parameter.js";

/** How the filters move, and how they start. */
export interface ConvOptions extends AffineOptions {
  /** How far the filter moves from place to place; 1 by default. */
  stride?: PerAxis | undefined;
  /** Zeros around the input: a number, one or a pair for each axis, "valid" (0, the default) or "same". */
  padding?: Padding | undefined;
  /** How far apart the elements of the filter lie in the input; 1 by default. */
  dilation?: PerAxis | undefined;
  /** Into how many groups the channels are divided, each with filters of its own; 1 by default. */
  groups?: number | undefined;
}

/** What convolutions and transposed ones share: filters, how they move, and a line that describes them. */
export abstract class Conv extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly stride: PerAxis;
  readonly padding: Padding;
  readonly dilation: PerAxis;
  readonly groups: number;

  constructor(
    inChannels: number,
    outChannels: number,
    kernel: Shape,
    options: ConvOptions,
    transposed = false,
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options;
    requireChannels(this.constructor.name, inChannels, outChannels, groups, kernel);
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.groups = groups;
    const [rows, columns] = transposed ? [inChannels, outChannels] : [outChannels, inChannels];
    const filter = [columns / groups, ...kernel];
    const fanIn = sizeOf(filter);
    this.weight = uniformParameter([rows, ...filter], fanIn, options);
    this.bias = bias ? uniformParameter([outChannels], fanIn, options) : null;
  }

  override multiplyAdds(_input: Shape, output: Shape): number {
    return sizeOf(output) * (this.weight.size / this.outChannels);
  }

  /** What the operation is told, out of the fields. */
  protected get options(): ConvolutionOptions {
    const { stride, padding, dilation, groups, bias } = this;
    return { stride, padding, dilation, groups, ...(bias && { bias }) };
  }

  /** Channels and kernel, and what differs from the defaults. */
  protected override describe(): string {
    const { inChannels, outChannels, weight, bias, stride, padding, dilation, groups } = this;
    const special = [
      stride === 1 ? "" : `, stride ${JSON.stringify(stride)}`,
      padding === 0 ? "" : `, padding ${JSON.stringify(padding)}`,
      dilation === 1 ? "" : `, dilation ${JSON.stringify(dilation)}`,
      groups === 1 ? "" : `, groups ${groups}`,
    ];
    const kernel = weight.shape.slice(2).join("×");
    return `${inChannels} → ${outChannels}, ${kernel}${special.join("")}${bias ? "" : ", no bias"}`;
  }
}

/**
 * Convolution along one axis; see {@link Conv2d}.
 *
 * Shapes: `x [batch, in, length]`, `weight [out, in / groups, k]`, `bias [out]` → `[batch, out, oL]`.
 * Init: weight, bias ~ U(−1/√n, 1/√n) with n = in / groups · k.
 * Defaults: stride 1, padding 0, dilation 1, groups 1, bias true.
 *
 * @throws ShapeError if `x` has other axes or channels, or the kernel is larger than the padded input.
 * @throws RangeError if a size is not a whole number from 1, or the groups do not divide the channels.
 * @example new nn.Conv1d(2, 4, 3, { padding: "same" }).forward(zeros([8, 2, 100])).shape // [8, 4, 100]
 */
export class Conv1d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: ConvOptions = {}) {
    super(inChannels, outChannels, [kernelSize], options);
  }

  override forward(x: Tensor): Tensor {
    return conv1d(x, this.weight, this.options);
  }
}

/**
 * Convolution: `out` filters slide over the image; each gives a map of how well it fits where.
 *
 * Shapes: `x [batch, in, H, W]`, `weight [out, in / groups, kH, kW]`, `bias [out]` → `[batch, out, oH, oW]` with
 * `oH = ⌊(H + padding − dilation (kH − 1) − 1) / stride⌋ + 1`.
 * Init: weight, bias ~ U(−1/√n, 1/√n) with n = in / groups · kH · kW.
 * Defaults: stride 1, padding 0, dilation 1, groups 1, bias true.
 *
 * @throws ShapeError if `x` has other axes or channels, or the kernel is larger than the padded input.
 * @throws RangeError if a size is not a whole number from 1, or the groups do not divide the channels.
 * @see LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning applied to document recognition.
 * @example new nn.Conv2d(3, 10, 5, { padding: 2 }).forward(zeros([1, 3, 32, 32])).shape // [1, 10, 32, 32]
 */
export class Conv2d extends Conv {
  constructor(inChannels: number, outChannels: number, kernelSize: PerAxis, options: ConvOptions = {}) {
    super(inChannels, outChannels, pairOf("Conv2d", kernelSize), options);
  }

  override forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.options);
  }
}

/** A kernel's height and width. */
export function pairOf(layer: string, kernelSize: PerAxis): Shape {
  if (typeof kernelSize === "number") return [kernelSize, kernelSize];
  if (kernelSize.length === 2) return kernelSize;
  throw new RangeError(
    `${layer}: kernelSize is ${show(kernelSize)}. Expected one number, or height and width.`,
  );
}

/** Refuses sizes that are no sizes, and groups that do not divide the channels. */
function requireChannels(
  layer: string,
  inChannels: number,
  outChannels: number,
  groups: number,
  kernel: Shape,
): void {
  requireCounts(layer, { inChannels, outChannels, groups });
  for (const size of kernel) requireCounts(layer, { kernelSize: size });
  if (inChannels % groups === 0 && outChannels % groups === 0) return;
  throw new RangeError(
    `${layer}: ${groups} groups do not divide ${inChannels} input and ${outChannels} output channels.`,
  );
}

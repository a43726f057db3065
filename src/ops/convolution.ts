import { arithmetic } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { show, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { add } from "./arithmetic.js";
import { defineComposite, defineOp, type Op } from "./define-op.js";
import { correlationRules, forWeightRules, transposedRules } from "./engine/convolution.js";
import {
  addToChannels,
  correlate,
  correlateForWeight,
  correlateTransposed,
  type ConvolutionSizes,
} from "./kernels/convolution.js";
import type { SlidingWindow } from "./kernels/im2col.js";
import { sum } from "./reduce.js";
import { reshape } from "./shape.js";
import {
  checkAxes,
  marginsOf,
  overTwoAxes,
  perAxis,
  slidingWindows,
  type PerAxis,
  type SlidingOptions,
} from "./sliding.js";

/** How the window moves, and what else {@link conv1d} and {@link conv2d} take. */
export interface ConvolutionOptions extends SlidingOptions {
  /** Added to each output channel, `[outChannels]`. */
  bias?: Tensor;
  /** Into how many groups the channels are divided, each with filters of its own; 1 by default. */
  groups?: number;
}

/**
 * Convolution along one axis; see {@link conv2d}, of which it is the case of height 1.
 *
 * Shapes: `x [batch, inChannels, length]`, `weight [outChannels, inChannels / groups, k]` →
 * `[batch, outChannels, ⌊(length + padding − dilation (k − 1) − 1) / stride⌋ + 1]`.
 *
 * @throws ShapeError if the shapes do not fit, or the kernel is larger than the padded input.
 * @example conv1d(tensor([[[1, 2, 3, 4]]]), tensor([[[1, -1]]])).toArray() // [[[-1, -1, -1]]]
 */
export const conv1d: Op<[x: Tensor, weight: Tensor, options?: ConvolutionOptions]> = defineComposite(
  "conv1d",
  (x, weight, options = {}) => convolve("conv1d", ["length"], ["k"], x, weight, options),
);

/**
 * Convolution, as deep learning has it: cross-correlation with filters that are not flipped.
 * `out[n, o, i, j] = bias[o] + Σ x[n, c, i s + k d − p, j s + l d − p] weight[o, c, k, l]`, summed over c, k and l.
 *
 * Shapes: `x [batch, inChannels, H, W]`, `weight [outChannels, inChannels / groups, kH, kW]` →
 * `[batch, outChannels, oH, oW]` with `oH = ⌊(H + padding − dilation (kH − 1) − 1) / stride⌋ + 1`: where the stride does
 * not divide, the last elements are not read.
 *
 * @throws ShapeError if the shapes do not fit, or the kernel is larger than the padded input.
 * @see Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning.
 * @example conv2d(zeros([1, 3, 32, 32]), zeros([10, 3, 5, 5]), { padding: 2 }).shape // [1, 10, 32, 32]
 */
export const conv2d: Op<[x: Tensor, weight: Tensor, options?: ConvolutionOptions]> = defineComposite(
  "conv2d",
  (x, weight, options = {}) => convolve("conv2d", ["height", "width"], ["kH", "kW"], x, weight, options),
);

/** The options of the convolution that is transposed, and what it leaves open. */
export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** Rows and columns added at the end, to choose among the sizes that a convolution takes to the same one; 0. */
  outputPadding?: PerAxis;
}

/**
 * Transposed convolution: each element of `x` is spread over the output, weighted by the filter. It is what {@link conv2d}
 * with the same weight and options sends back to its input as gradient.
 *
 * Shapes: `x [batch, inChannels, H, W]`, `weight [inChannels, outChannels / groups, kH, kW]` →
 * `[batch, outChannels, oH, oW]` with `oH = (H − 1) stride − padding + dilation (kH − 1) + 1 + outputPadding`.
 *
 * @throws ShapeError if the shapes do not fit, or nothing is left within the padding.
 * @see Dumoulin & Visin (2016), A guide to convolution arithmetic for deep learning.
 * @example convTranspose2d(ones([1, 1, 2, 2]), ones([1, 1, 2, 2]), { stride: 2 }).shape // [1, 1, 4, 4]
 */
export const convTranspose2d: Op<[x: Tensor, weight: Tensor, options?: TransposedConvolutionOptions]> =
  defineComposite("convTranspose2d", (x, weight, options = {}) => {
    const { bias, groups = 1, outputPadding = 0, padding = 0, stride = 1, dilation = 1 } = options;
    checkAxes("convTranspose2d", "input", x, ["batch", "channels", "height", "width"], batchHint(x, 4));
    checkAxes("convTranspose2d", "weight", weight, ["inChannels", "outChannels / groups", "kH", "kW"]);
    const [inChannels, perGroup, ...kernel] = weight.shape;
    checkGroups("convTranspose2d", groups, inChannels, "input");
    if (x.shape[1] !== inChannels) {
      throw new ShapeError(
        `convTranspose2d: input ${show(x.shape)} has ${x.shape[1]} channels, weight ${show(weight.shape)} expects ` +
          `${inChannels}. weight is [inChannels, outChannels / groups, kH, kW].`,
      );
    }
    const strides = perAxis("convTranspose2d", "stride", stride, 2, 1);
    const dilations = perAxis("convTranspose2d", "dilation", dilation, 2, 1);
    const extra = perAxis("convTranspose2d", "outputPadding", outputPadding, 2, 0);
    const margins = marginsOf("convTranspose2d", padding, kernel, strides, dilations);
    const windows = kernel.map((length, i): SlidingWindow => {
      const [count, [before, after]] = [x.shape[2 + i], margins[i]];
      const span = dilations[i] * (length - 1) + 1;
      const size = (count - 1) * strides[i] + span - before - after + extra[i];
      if (extra[i] >= Math.max(strides[i], dilations[i])) {
        throw new ShapeError(
          `convTranspose2d: outputPadding ${extra[i]} on axis ${2 + i}. ` +
            `It must be smaller than the stride ${strides[i]} or the dilation ${dilations[i]}.`,
        );
      }
      if (size < 1) {
        throw new ShapeError(
          `convTranspose2d: axis ${2 + i} of ${show(x.shape)} becomes ${size + before + after} elements long, ` +
            `and padding takes ${before + after} of them.`,
        );
      }
      return { size, kernel: length, stride: strides[i], dilation: dilations[i], before, count };
    });
    const [batch, outChannels] = [x.shape[0], perGroup * groups];
    const geometry: Geometry = {
      batch,
      groups,
      inChannels: perGroup,
      outChannels: inChannels / groups,
      window: overTwoAxes(windows),
      input: [batch, outChannels, ...windows.map(({ size }) => size)],
      weight: weight.shape,
      output: x.shape,
    };
    const out = transposed(x, weight, geometry);
    if (!bias) return out;
    checkBias("convTranspose2d", bias, outChannels);
    return add(out, reshape(bias, [outChannels, 1, 1]));
  });

/** The sizes, and the shapes that go with them. */
interface Geometry extends ConvolutionSizes {
  readonly input: Shape;
  readonly weight: Shape;
  readonly output: Shape;
}
type Convolution = Op<[x: Tensor, weight: Tensor, geometry: Geometry]>;

// Convolution is linear in the input and in the weight, and so are its transposes. The three are each other's
// derivatives:
//   y = correlation(x, w):   dx = transposed(g, w)    dw = forWeight(g, x)
//   x = transposed(g, w):    dg = correlation(u, w)   dw = forWeight(g, u)    for a gradient u of the shape of x
//   w = forWeight(g, x):     dg = correlation(x, v)   dx = transposed(g, v)   for a gradient v of the shape of w

function correlation(name: string): Op<[x: Tensor, weight: Tensor, bias: Tensor | null, geometry: Geometry]> {
  return defineOp<
    [x: Tensor, weight: Tensor, bias: Tensor | null, geometry: Geometry],
    readonly Tensor[],
    Geometry
  >({
    name,
    engine: correlationRules,
    variadic: true,
    call: (x, weight, bias, params) => ({ inputs: bias ? [x, weight, bias] : [x, weight], params }),
    dtype: arithmetic,
    shape: (_inputs, { output }) => output,
    forward(out, [x, weight, bias], geometry) {
      correlate(out.elements, x.elements, weight.elements, geometry);
      if (bias) addToChannels(out.elements, bias.elements, geometry);
    },
    backward(g, { inputs: [x, w, bias], params }) {
      const gradients = [() => transposed(g, w, params), () => forWeight(g, x, params)];
      const others = g.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
      return bias ? [...gradients, () => sum(g, others)] : gradients;
    },
  });
}

const correlations = { conv1d: correlation("conv1d"), conv2d: correlation("conv2d") };

const transposed: Convolution = defineOp({
  name: "convTranspose2d",
  engine: transposedRules,
  call: (g: Tensor, weight: Tensor, geometry: Geometry) => pair(g, weight, geometry),
  dtype: arithmetic,
  shape: (_g, _weight, { input }) => input,
  forward: (out, g, weight, geometry) =>
    correlateTransposed(out.elements, g.elements, weight.elements, geometry),
  backward: (u, { inputs: [g, w], params }) => [
    () => correlations.conv2d(u, w, null, params),
    () => forWeight(g, u, params),
  ],
});

const forWeight: Op<[g: Tensor, x: Tensor, geometry: Geometry]> = defineOp({
  name: "convForWeight",
  engine: forWeightRules,
  call: (g: Tensor, x: Tensor, geometry: Geometry) => pair(g, x, geometry),
  dtype: arithmetic,
  shape: (_g, _x, { weight }) => weight,
  forward: (out, g, x, geometry) => correlateForWeight(out.elements, g.elements, x.elements, geometry),
  backward: (v, { inputs: [g, x], params }) => [
    () => correlations.conv2d(x, v, null, params),
    () => transposed(g, v, params),
  ],
});

function pair(a: Tensor, b: Tensor, params: Geometry) {
  return { inputs: [a, b] as [Tensor, Tensor], params };
}

function convolve(
  op: keyof typeof correlations,
  axes: readonly string[],
  kernelAxes: readonly string[],
  x: Tensor,
  weight: Tensor,
  { bias, groups = 1, ...sliding }: ConvolutionOptions,
): Tensor {
  const weightAxes = ["outChannels", "inChannels / groups", ...kernelAxes];
  checkAxes(op, "input", x, ["batch", "channels", ...axes], batchHint(x, 2 + axes.length));
  checkAxes(op, "weight", weight, weightAxes);
  const [outChannels, perGroup, ...kernel] = weight.shape;
  checkGroups(op, groups, outChannels, "output");
  if (x.shape[1] !== perGroup * groups) {
    throw new ShapeError(
      `${op}: input ${show(x.shape)} has ${x.shape[1]} channels, weight ${show(weight.shape)} expects ` +
        `${perGroup * groups}. weight is [${weightAxes.join(", ")}].`,
    );
  }
  const windows = slidingWindows(op, x.shape, kernel, sliding);
  const geometry: Geometry = {
    batch: x.shape[0],
    groups,
    inChannels: perGroup,
    outChannels: outChannels / groups,
    window: overTwoAxes(windows),
    input: x.shape,
    weight: weight.shape,
    output: [x.shape[0], outChannels, ...windows.map(({ count }) => count)],
  };
  if (bias) checkBias(op, bias, outChannels);
  return correlations[op](x, weight, bias ?? null, geometry);
}

function checkBias(op: string, bias: Tensor, channels: number): void {
  if (bias.ndim === 1 && bias.size === channels) return;
  throw new ShapeError(
    `${op}: bias ${show(bias.shape)} for ${channels} output channels. Expected [${channels}].`,
  );
}

function checkGroups(op: string, groups: number, channels: number, which: string): void {
  if (Number.isInteger(groups) && groups > 0 && channels % groups === 0) return;
  throw new ShapeError(`${op}: ${groups} groups do not divide ${channels} ${which} channels.`);
}

function batchHint(x: Tensor, axes: number): string {
  return x.ndim === axes - 1 ? " unsqueeze(x, 0) makes a batch of one." : "";
}

import { col2im, im2col, type Sliding2d } from "./im2col.js";
import { matmulKernel } from "./matmul.js";
import type { Numbers } from "./strided.js";

/** The sizes of a convolution. Channels are those of one group. */
export interface ConvolutionSizes {
  readonly batch: number;
  readonly groups: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly window: Sliding2d;
}

// Each image and group is one matrix product with the image's patches as columns:
//   out [outChannels, places] = weight [outChannels, taps] · columns [taps, places],   taps = inChannels kH kW

/** Cross-correlation of `x` with `weight`. */
export function correlate(out: Numbers, x: Numbers, weight: Numbers, sizes: ConvolutionSizes): void {
  const { outChannels, inChannels, window, taps, places, image } = measures(sizes);
  const columns = workspace(x, taps * places);
  eachImage(sizes, (n, group) => {
    im2col(columns, x, n * image, inChannels, window);
    matmulKernel(out, weight, columns, [outChannels, taps, places], {
      out: n * outChannels * places,
      a: group * outChannels * taps,
      b: 0,
    });
  });
}

/** Adds a bias to each output channel. */
export function addToChannels(
  out: Numbers,
  bias: Numbers,
  { batch, groups, outChannels, window }: ConvolutionSizes,
): void {
  const [channels, places] = [groups * outChannels, window[0].count * window[1].count];
  for (let row = 0; row < batch * channels; row++) {
    for (let i = row * places; i < (row + 1) * places; i++) out[i] += bias[row % channels];
  }
}

/** Its transpose with respect to `x`: columns = weightᵀ · g, each added to the places of the image it came from. */
export function correlateTransposed(x: Numbers, g: Numbers, weight: Numbers, sizes: ConvolutionSizes): void {
  const { outChannels, inChannels, window, taps, places, image } = measures(sizes);
  const columns = workspace(x, taps * places);
  const transposed = workspace(weight, sizes.groups * taps * outChannels);
  for (let group = 0; group < sizes.groups; group++) {
    transpose(
      transposed,
      weight,
      [outChannels, taps],
      group * outChannels * taps,
      group * outChannels * taps,
    );
  }
  eachImage(sizes, (n, group) => {
    matmulKernel(columns, transposed, g, [taps, outChannels, places], {
      out: 0,
      a: group * outChannels * taps,
      b: n * outChannels * places,
    });
    col2im(x, columns, n * image, inChannels, window);
  });
}

/** Its transpose with respect to the weight: the sum over all images of g · columnsᵀ. */
export function correlateForWeight(weight: Numbers, g: Numbers, x: Numbers, sizes: ConvolutionSizes): void {
  const { outChannels, inChannels, window, taps, places, image } = measures(sizes);
  const columns = workspace(x, taps * places);
  const rows = workspace(x, places * taps);
  const product = new Float64Array(outChannels * taps);
  const total = new Float64Array(sizes.groups * outChannels * taps);
  eachImage(sizes, (n, group) => {
    im2col(columns, x, n * image, inChannels, window);
    transpose(rows, columns, [taps, places], 0, 0);
    matmulKernel(product, g, rows, [outChannels, places, taps], {
      out: 0,
      a: n * outChannels * places,
      b: 0,
    });
    const start = group * outChannels * taps;
    for (let i = 0; i < product.length; i++) total[start + i] += product[i];
  });
  for (let i = 0; i < total.length; i++) weight[i] = total[i];
}

/** An array like another: loops that always meet arrays of one kind run several times faster. */
function workspace(like: Numbers, size: number): Numbers {
  return like instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
}

function measures(sizes: ConvolutionSizes) {
  const { inChannels, window } = sizes;
  const [h, w] = window;
  return {
    ...sizes,
    taps: inChannels * h.kernel * w.kernel,
    places: h.count * w.count,
    image: inChannels * h.size * w.size,
  };
}

/** Calls `visit(n, group)` with the position of each group of channels of each image, counted in groups. */
function eachImage({ batch, groups }: ConvolutionSizes, visit: (n: number, group: number) => void): void {
  for (let n = 0; n < batch * groups; n++) visit(n, n % groups);
}

/** `out [n, m]` = `x [m, n]` transposed, each from its own start. */
function transpose(
  out: Numbers,
  x: Numbers,
  [m, n]: readonly [number, number],
  startOut: number,
  startX: number,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) out[startOut + j * m + i] = x[startX + i * n + j];
  }
}

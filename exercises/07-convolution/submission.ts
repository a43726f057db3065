// Lesson 7 – Convolution arithmetic – your answers. Derived from solutions/07-convolution/lesson.md by gradlab tangle.

/** @shared conv-images */
/** Images [N, C, H, W], or filters [C_out, C_in, K_H, K_W]: x[n][c][i][j]. */
export type Images = number[][][][];

/** How a window moves. */
export interface Sliding {
  /** S: how far apart neighbouring windows begin; 1 by default. */
  stride?: number;
  /** P: how many zeros stand at each end of an axis; 0 by default. */
  padding?: number;
  /** D: how far apart the inputs are that neighbouring weights read; 1 by default. */
  dilation?: number;
}

/** The four sizes of a batch of images, or of filters. */
export function sizesOf(x: Images): number[] {
  return [x.length, x[0].length, x[0][0].length, x[0][0][0].length];
}

/** Images of the given four sizes, each number made by `make`: all 0 unless told. */
export function newImages([n, c, h, w]: number[], make: () => number = () => 0): Images {
  const list = <T>(length: number, item: () => T) => Array.from({ length }, item);
  return list(n, () => list(c, () => list(h, () => list(w, make))));
}

/** Applies f to every channel of every image, a plane [H, W], on its own. */
export function eachPlane(x: Images, f: (plane: number[][]) => number[][]): Images {
  return x.map((image) => image.map((plane) => f(plane)));
}

/** A list cut into rows of the given length. */
export function inRows(list: number[], length: number): number[][] {
  return Array.from({ length: list.length / length }, (_, i) =>
    list.slice(i * length, (i + 1) * length),
  );
}

/** Takes `padding` rows and columns away on each side of a plane. */
export function crop2d(plane: number[][], padding: number): number[][] {
  return plane
    .slice(padding, plane.length - padding)
    .map((row) => row.slice(padding, row.length - padding));
}

/** @exercise conv-output-size */
/** How many places a window has along an axis of `size` inputs: ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1. */
export function outputSize(
  size: number,
  kernel: number,
  { stride = 1, padding = 0, dilation = 1 }: Sliding = {},
): number {
  // TODO: count the places of the window; throw a RangeError if there are none
  throw new Error("TODO conv-output-size: count the places of the window; throw a RangeError if there are none");
}

/** @exercise pad2d */
/** The plane [H, W] within a margin of zeros: [H + 2P, W + 2P]. */
export function pad2d(plane: number[][], padding: number): number[][] {
  // TODO: put a margin of zeros around the plane
  throw new Error("TODO pad2d: put a margin of zeros around the plane");
}

/** @exercise conv2d-forward */
/** Convolution: x [N, C_in, H, W], weight [C_out, C_in, K_H, K_W], bias [C_out] → [N, C_out, H′, W′]. */
export function conv2dForward(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [batch, inChannels, height, width] = sizesOf(x);
  const [outChannels, , kH, kW] = sizesOf(weight);
  // TODO: pad; then, for every output, start at the bias and add up the products under the window
  throw new Error("TODO conv2d-forward: pad; then, for every output, start at the bias and add up the products under the window");
}

/** @exercise conv2d-backward */
/** What a convolution sends back: dx as x, dWeight as weight, dBias [C_out]. */
export interface ConvGradients {
  dx: Images;
  dWeight: Images;
  dBias: number[];
}

/** From the gradient of the output [N, C_out, H′, W′], those of conv2dForward's x, weight and bias. */
export function conv2dBackward(
  gradient: Images,
  x: Images,
  weight: Images,
  options: Sliding = {},
): ConvGradients {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [outChannels, inChannels, kH, kW] = sizesOf(weight);
  const [batch, , rows, columns] = sizesOf(gradient);
  const dWeight = newImages(sizesOf(weight));
  const dBias = weight.map(() => 0);
  // TODO: pad; let every product report to the weight and the input it came from; crop
  throw new Error("TODO conv2d-backward: pad; let every product report to the weight and the input it came from; crop");
}

/** @exercise max-pool2d */
/** Row and column of the largest value in the window whose upper left corner is given; of equals, the first. */
export function largestIn(
  plane: number[][],
  top: number,
  left: number,
  size: number,
): [row: number, column: number] {
  // TODO: go through the window, and move on to what is larger
  throw new Error("TODO max-pool2d: go through the window, and move on to what is larger");
}

/** The largest value of each window of size × size: plane [H, W] → [H′, W′]. */
export function maxPool(plane: number[][], size: number, stride = size): number[][] {
  const [rows, columns] = [plane, plane[0]].map((axis) =>
    outputSize(axis.length, size, { stride }),
  );
  const [[out]] = newImages([1, 1, rows, columns]);
  // TODO: read the plane where each window is largest
  throw new Error("TODO max-pool2d: read the plane where each window is largest");
  return out;
}

/** From the gradient of the output [H′, W′] that of the plane [H, W]. */
export function maxPoolBackward(
  gradient: number[][],
  plane: number[][],
  size: number,
  stride = size,
): number[][] {
  const [[dPlane]] = newImages([1, 1, plane.length, plane[0].length]);
  // TODO: send each window's gradient to where it is largest
  throw new Error("TODO max-pool2d: send each window's gradient to where it is largest");
  return dPlane;
}

/** @exercise im2col-conv */
/** The windows of an image [C, H, W] as columns: [C · kH · kW, H′ · W′]. */
export function im2col(image: number[][][], kH: number, kW: number, options: Sliding = {}): number[][] {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [height, width] = [image[0].length, image[0][0].length];
  const columns: number[][] = [];
  // TODO: for every c, k, l add a row with what all windows have there
  throw new Error("TODO im2col-conv: for every c, k, l add a row with what all windows have there");
  return columns;
}

/** The same as conv2dForward, by one matrix product for each image. */
export function conv2dByMatrix(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const [, , , width] = sizesOf(x);
  const [, , kH, kW] = sizesOf(weight);
  return x.map((image) => {
    // TODO: multiply each filter, as a row, with the columns; add its bias; cut the result into rows
    throw new Error("TODO im2col-conv: multiply each filter, as a row, with the columns; add its bias; cut the result into rows");
  });
}

/** @exercise receptive-field */
/** How many inputs wide, along one axis, the part of the input is that one output of the last layer depends on. */
export function receptiveField(layers: { kernel: number; stride?: number; dilation?: number }[]): number {
  // TODO: widen the field by each window, then let its stride widen the jump
  throw new Error("TODO receptive-field: widen the field by each window, then let its stride widen the jump");
}

/** @shared conv-layers */
/** One layer of a network, as tables describe it. */
export type Layer =
  | { kind: "conv"; out: number; kernel: number; stride?: number; padding?: number }
  | { kind: "pool"; kernel: number; stride: number }
  | { kind: "linear"; out: number };

/** What a layer makes of one image, and what it costs. */
export interface Cost {
  /** [C, H, W], or [n] behind a linear layer. */
  shape: number[];
  parameters: number;
  /** Multiplications with an addition each; biases are not counted. */
  multiplyAdds: number;
}

/** LeNet-5, which read the digits on bank cheques; its input is [1, 28, 28]. */
export const leNet5: Layer[] = [
  { kind: "conv", out: 6, kernel: 5, padding: 2 },
  { kind: "pool", kernel: 2, stride: 2 },
  { kind: "conv", out: 16, kernel: 5 },
  { kind: "pool", kernel: 2, stride: 2 },
  { kind: "linear", out: 120 },
  { kind: "linear", out: 84 },
  { kind: "linear", out: 10 },
];

/** @exercise lenet-cost */
/** Output shape, parameters and multiply–adds of each layer, for one image of shape [C, H, W]. */
export function layerCosts(input: number[], layers: Layer[]): Cost[] {
  let shape = input;
  return layers.map((layer) => {
    // TODO: work out the new shape, the parameters and the multiply–adds of the layer
    throw new Error("TODO lenet-cost: work out the new shape, the parameters and the multiply–adds of the layer");
  });
}

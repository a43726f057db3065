// Lesson 7 – Convolution arithmetic – the reference answers. Derived from solutions/07-convolution/lesson.md by gradlab tangle.

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
  const span = dilation * (kernel - 1) + 1;
  const places = Math.floor((size + 2 * padding - span) / stride) + 1;
  if (places < 1) {
    throw new RangeError(
      `outputSize: the window spans ${span} inputs, the axis has ${size + 2 * padding}.`,
    );
  }
  return places;
}

/** @exercise pad2d */
/** The plane [H, W] within a margin of zeros: [H + 2P, W + 2P]. */
export function pad2d(plane: number[][], padding: number): number[][] {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  const width = plane[0].length + 2 * padding;
  const margin = () => Array.from({ length: padding }, () => zeros(width));
  const rows = plane.map((row) => [...zeros(padding), ...row, ...zeros(padding)]);
  return [...margin(), ...rows, ...margin()];
}

/** @exercise conv2d-forward */
/** Convolution: x [N, C_in, H, W], weight [C_out, C_in, K_H, K_W], bias [C_out] → [N, C_out, H′, W′]. */
export function conv2dForward(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [batch, inChannels, height, width] = sizesOf(x);
  const [outChannels, , kH, kW] = sizesOf(weight);
  const padded = eachPlane(x, (plane) => pad2d(plane, padding));
  const [rows, columns] = [outputSize(height, kH, options), outputSize(width, kW, options)];
  const out = newImages([batch, outChannels, rows, columns]);
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let sum = bias[o];
          for (let c = 0; c < inChannels; c++)
            for (let k = 0; k < kH; k++)
              for (let l = 0; l < kW; l++)
                sum +=
                  padded[n][c][i * stride + k * dilation][j * stride + l * dilation] *
                  weight[o][c][k][l];
          out[n][o][i][j] = sum;
        }
  return out;
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
  const padded = eachPlane(x, (plane) => pad2d(plane, padding));
  const dPadded = newImages(sizesOf(padded));
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          const slope = gradient[n][o][i][j];
          dBias[o] += slope;
          for (let c = 0; c < inChannels; c++)
            for (let k = 0; k < kH; k++)
              for (let l = 0; l < kW; l++) {
                const [r, q] = [i * stride + k * dilation, j * stride + l * dilation];
                dWeight[o][c][k][l] += slope * padded[n][c][r][q];
                dPadded[n][c][r][q] += slope * weight[o][c][k][l];
              }
        }
  return { dx: eachPlane(dPadded, (plane) => crop2d(plane, padding)), dWeight, dBias };
}

/** @exercise max-pool2d */
/** Row and column of the largest value in the window whose upper left corner is given; of equals, the first. */
export function largestIn(
  plane: number[][],
  top: number,
  left: number,
  size: number,
): [row: number, column: number] {
  let [row, column] = [top, left];
  for (let r = top; r < top + size; r++)
    for (let q = left; q < left + size; q++)
      if (plane[r][q] > plane[row][column]) [row, column] = [r, q];
  return [row, column];
}

/** The largest value of each window of size × size: plane [H, W] → [H′, W′]. */
export function maxPool(plane: number[][], size: number, stride = size): number[][] {
  const [rows, columns] = [plane, plane[0]].map((axis) =>
    outputSize(axis.length, size, { stride }),
  );
  const [[out]] = newImages([1, 1, rows, columns]);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const [r, q] = largestIn(plane, i * stride, j * stride, size);
      out[i][j] = plane[r][q];
    }
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
  gradient.forEach((row, i) =>
    row.forEach((slope, j) => {
      const [r, q] = largestIn(plane, i * stride, j * stride, size);
      dPlane[r][q] += slope;
    }),
  );
  return dPlane;
}

/** @exercise im2col-conv */
/** The windows of an image [C, H, W] as columns: [C · kH · kW, H′ · W′]. */
export function im2col(image: number[][][], kH: number, kW: number, options: Sliding = {}): number[][] {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [height, width] = [image[0].length, image[0][0].length];
  const columns: number[][] = [];
  const [oH, oW] = [outputSize(height, kH, options), outputSize(width, kW, options)];
  const padded = image.map((plane) => pad2d(plane, padding));
  for (const plane of padded)
    for (let k = 0; k < kH; k++)
      for (let l = 0; l < kW; l++) {
        const row: number[] = [];
        for (let i = 0; i < oH; i++)
          for (let j = 0; j < oW; j++)
            row.push(plane[i * stride + k * dilation][j * stride + l * dilation]);
        columns.push(row);
      }
  return columns;
}

/** The same as conv2dForward, by one matrix product for each image. */
export function conv2dByMatrix(x: Images, weight: Images, bias: number[], options: Sliding = {}): Images {
  const [, , , width] = sizesOf(x);
  const [, , kH, kW] = sizesOf(weight);
  return x.map((image) => {
    const columns = im2col(image, kH, kW, options);
    return weight.map((filter, o) => {
      const row = filter.flat(2);
      const list = columns[0].map((_, place) =>
        row.reduce((sum, value, tap) => sum + value * columns[tap][place], bias[o]),
      );
      return inRows(list, outputSize(width, kW, options));
    });
  });
}

/** @exercise receptive-field */
/** How many inputs wide, along one axis, the part of the input is that one output of the last layer depends on. */
export function receptiveField(layers: { kernel: number; stride?: number; dilation?: number }[]): number {
  let field = 1;
  let jump = 1;
  for (const { kernel, stride = 1, dilation = 1 } of layers) {
    field += dilation * (kernel - 1) * jump;
    jump *= stride;
  }
  return field;
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
    if (layer.kind === "linear") {
      const inputs = shape.reduce((a, b) => a * b);
      shape = [layer.out];
      return { shape, parameters: (inputs + 1) * layer.out, multiplyAdds: inputs * layer.out };
    }
    const [channels, height, width] = shape;
    const places = [height, width].map((size) => outputSize(size, layer.kernel, layer));
    shape = [layer.kind === "conv" ? layer.out : channels, ...places];
    if (layer.kind === "pool") return { shape, parameters: 0, multiplyAdds: 0 };
    const taps = channels * layer.kernel ** 2;
    return {
      shape,
      parameters: (taps + 1) * layer.out,
      multiplyAdds: taps * layer.out * places[0] * places[1],
    };
  });
}

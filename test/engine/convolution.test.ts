import { assert, integer, oneof, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { geometryFields } from "../../src/engine/kernels/convolution.js";
import { kernelMemories, numbers, type KernelMemory } from "./kernel-memory.js";

type Geometry = Record<(typeof geometryFields)[number], number>;

interface Convolution {
  geometry: Geometry;
  accumulate: number;
  activation: number;
  bias: boolean;
  shift: number;
  seed: number;
}

/** Along one axis: sizes of the output and the filter, and how the filter goes over an input that fits. */
const axis = (largest: number) =>
  record({
    out: integer({ min: 1, max: largest }),
    kernel: integer({ min: 1, max: 5 }),
    stride: integer({ min: 1, max: 3 }),
    dilation: integer({ min: 1, max: 3 }),
    before: integer({ min: 0, max: 4 }),
    after: integer({ min: 0, max: 4 }),
    /** Elements at the end that no window reaches. */
    rest: integer({ min: 0, max: 2 }),
  }).map(({ out, kernel, stride, dilation, before, after, rest }) => {
    const span = (out - 1) * stride + dilation * (kernel - 1) + 1;
    return { out, kernel, stride, dilation, before, size: Math.max(1, span - before - after + rest) };
  });

const convolutions = (images: number, channels: number, largest: number) =>
  record({
    batch: integer({ min: 0, max: images }),
    groups: integer({ min: 1, max: 3 }),
    inChannels: integer({ min: 1, max: channels }),
    outChannels: integer({ min: 1, max: channels }),
    h: axis(largest),
    w: axis(largest),
    accumulate: integer({ min: 0, max: 1 }),
    activation: integer({ min: 0, max: 1 }),
    bias: integer({ min: 0, max: 1 }),
    shift: integer({ min: 0, max: 3 }),
    seed: integer({ min: 0, max: 1000 }),
  }).map(({ batch, groups, inChannels, outChannels, h, w, bias, ...rest }): Convolution => ({
    geometry: {
      ...{ batch, groups, inChannels, outChannels, height: h.size, width: w.size },
      ...{ kernelHeight: h.kernel, kernelWidth: w.kernel, strideHeight: h.stride, strideWidth: w.stride },
      ...{ dilationHeight: h.dilation, dilationWidth: w.dilation },
      ...{ beforeHeight: h.before, beforeWidth: w.before, outHeight: h.out, outWidth: w.out },
    },
    bias: bias === 1,
    ...rest,
  }));

/** Filters of 3 × 3 over many channels go a way of their own. */
const inTiles = record({
  batch: integer({ min: 0, max: 3 }),
  groups: integer({ min: 1, max: 2 }),
  inChannels: integer({ min: 16, max: 19 }),
  outChannels: integer({ min: 16, max: 22 }),
  outHeight: integer({ min: 1, max: 9 }),
  outWidth: integer({ min: 1, max: 19 }),
  beforeHeight: integer({ min: 0, max: 4 }),
  beforeWidth: integer({ min: 0, max: 4 }),
  after: integer({ min: 0, max: 3 }),
  accumulate: integer({ min: 0, max: 1 }),
  shift: integer({ min: 0, max: 3 }),
  seed: integer({ min: 0, max: 1000 }),
}).map(({ after, accumulate, shift, seed, ...g }): Convolution => {
  const sizeOf = (out: number, before: number) => Math.max(1, out + 2 - before - after);
  const steps = { strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1 };
  const [height, width] = [sizeOf(g.outHeight, g.beforeHeight), sizeOf(g.outWidth, g.beforeWidth)];
  const geometry = { ...g, ...steps, kernelHeight: 3, kernelWidth: 3, height, width };
  return { geometry, accumulate, activation: seed % 2, bias: seed % 3 > 0, shift, seed };
});

function sizes(g: Geometry) {
  return {
    x: g.batch * g.groups * g.inChannels * g.height * g.width,
    weight: g.groups * g.outChannels * g.inChannels * g.kernelHeight * g.kernelWidth,
    bias: g.groups * g.outChannels,
    out: g.batch * g.groups * g.outChannels * g.outHeight * g.outWidth,
  };
}

function data({ geometry, seed }: Convolution) {
  const { x, weight, bias, out } = sizes(geometry);
  return {
    x: numbers(x, seed),
    weight: numbers(weight, seed + 1),
    bias: numbers(bias, seed + 2),
    /** The gradient of the output. */
    g: numbers(out, seed + 3),
    /** What gradients are added to. */
    before: numbers(Math.max(x, weight, bias), seed + 4),
  };
}

/** Calls `visit` with the positions of each product of a convolution: in its output, its input and its weight. */
function eachProduct(g: Geometry, visit: (out: number, x: number, weight: number) => void): void {
  let out = 0;
  for (let n = 0; n < g.batch; n++) {
    for (let channel = 0; channel < g.groups * g.outChannels; channel++) {
      const group = Math.floor(channel / g.outChannels);
      for (let i = 0; i < g.outHeight; i++) {
        for (let j = 0; j < g.outWidth; j++, out++) {
          let weight = channel * g.inChannels * g.kernelHeight * g.kernelWidth;
          for (let c = 0; c < g.inChannels; c++) {
            const plane = (n * g.groups + group) * g.inChannels + c;
            for (let kh = 0; kh < g.kernelHeight; kh++) {
              for (let kw = 0; kw < g.kernelWidth; kw++, weight++) {
                const y = i * g.strideHeight + kh * g.dilationHeight - g.beforeHeight;
                const x = j * g.strideWidth + kw * g.dilationWidth - g.beforeWidth;
                const inside = y >= 0 && y < g.height && x >= 0 && x < g.width;
                if (inside) visit(out, (plane * g.height + y) * g.width + x, weight);
              }
            }
          }
        }
      }
    }
  }
}

/** Sums in double precision, with what the rounding of float32 terms can add up to. */
class Sums {
  readonly values: Float64Array;
  private readonly magnitudes: Float64Array;
  private readonly counts: Float64Array;

  constructor(length: number) {
    this.values = new Float64Array(length);
    this.magnitudes = new Float64Array(length);
    this.counts = new Float64Array(length);
  }

  add(at: number, term: number): void {
    this.values[at] += term;
    this.magnitudes[at] += Math.abs(term);
    this.counts[at]++;
  }

  /**
   * Each within its own terms' rounding; or, in tiles, where terms of neighbours meet before they cancel, within what
   * numbers up to 1 have in the longest of the sums.
   */
  expectClose(what: string, got: Float32Array, inTiles: boolean): void {
    const longest = this.counts.reduce((most, count) => Math.max(most, count), 0);
    const bound = (i: number) =>
      inTiles ? 4 * longest * 2 ** -23 : (this.counts[i] + 2) * 2 ** -23 * this.magnitudes[i];
    const worst = got.findIndex((value, i) => !(Math.abs(value - this.values[i]) <= bound(i)));
    const found =
      worst < 0 ? "within rounding" : `${what}[${worst}]: ${got[worst]} not ${this.values[worst]}`;
    expect(found).toBe("within rounding");
  }
}

function reference(convolution: Convolution) {
  const { geometry, accumulate, activation, bias } = convolution;
  const { x, weight, bias: biases, g, before } = data(convolution);
  const [out, dx] = [new Sums(g.length), new Sums(x.length)];
  const [dWeight, dBias] = [new Sums(weight.length), new Sums(biases.length)];
  const plane = geometry.outHeight * geometry.outWidth;
  const channelOf = (at: number) => Math.floor(at / plane) % biases.length;
  eachProduct(geometry, (o, i, w) => {
    out.add(o, x[i] * weight[w]);
    dx.add(i, g[o] * weight[w]);
    dWeight.add(w, g[o] * x[i]);
  });
  for (let o = 0; o < g.length; o++) {
    if (bias) out.add(o, biases[channelOf(o)]);
    dBias.add(channelOf(o), g[o]);
    if (activation) out.values[o] = Math.max(0, out.values[o]);
  }
  for (const sums of accumulate ? [dx, dWeight, dBias] : []) {
    for (let i = 0; i < sums.values.length; i++) sums.add(i, before[i]);
  }
  return { out, dx, dWeight, dBias };
}

/** Runs all three kernels, each on pieces of so many units. */
function outcome(memory: KernelMemory, convolution: Convolution, piece: number) {
  const { geometry, accumulate, activation, bias, shift } = convolution;
  const { x, weight, bias: biases, g, before } = data(convolution);
  const { kernels } = memory;
  memory.clear();
  const pGeometry = memory.putInt32(geometryFields.map((field) => geometry[field]));
  const [px, pWeight] = [memory.put(x, shift), memory.put(weight, (shift + 1) % 4)];
  const [pBias, pg] = [memory.put(biases, (shift + 2) % 4), memory.put(g, (shift + 3) % 4)];
  const result = (length: number, at: number) =>
    accumulate ? memory.put(before.subarray(0, length), at) : memory.room(length, at);
  const scratch = (bytes: number) => memory.room(Math.ceil(bytes / 4));
  const inPieces = (units: number, work: (from: number, to: number) => void) => {
    work(0, 0);
    for (let from = 0; from < units; from += piece) work(from, Math.min(units, from + piece));
  };

  const units = geometry.batch * geometry.groups;
  const out = memory.room(g.length, (shift + 1) % 4);
  const forForward = scratch(kernels.convForwardScratch(pGeometry));
  inPieces(units, (from, to) =>
    kernels.convForward(out, px, pWeight, bias ? pBias : 0, activation, pGeometry, forForward, from, to),
  );

  const dx = result(x.length, shift);
  const forInput = scratch(kernels.convInputScratch(pGeometry));
  inPieces(units, (from, to) =>
    kernels.convInput(dx, pg, pWeight, accumulate, pGeometry, forInput, from, to),
  );

  const chunks = kernels.convWeightChunks(pGeometry);
  const partials = memory.room(chunks * (weight.length + biases.length), (shift + 1) % 4);
  const forWeight = scratch(kernels.convWeightScratch(pGeometry));
  inPieces(chunks, (from, to) => kernels.convWeight(partials, pg, px, pGeometry, forWeight, from, to));
  const [dWeight, dBias] = [result(weight.length, (shift + 2) % 4), result(biases.length, shift)];
  kernels.convWeightSum(dWeight, dBias, partials, accumulate, pGeometry);

  memory.expectGuardsIntact();
  return {
    out: memory.floats(out, g.length),
    dx: memory.floats(dx, x.length),
    dWeight: memory.floats(dWeight, weight.length),
    dBias: memory.floats(dBias, biases.length),
  };
}

function check(memory: KernelMemory, convolution: Convolution, inTiles = false): void {
  const got = outcome(memory, convolution, Infinity);
  const expected = reference(convolution);
  for (const name of ["out", "dx", "dWeight", "dBias"] as const) {
    expected[name].expectClose(name, got[name], inTiles && name !== "dBias");
  }
}

describe.for(kernelMemories)("convolution of the %s binary", ([, memory]) => {
  test("and its gradients are the definition, up to rounding", { timeout: 120_000 }, () => {
    assert(
      property(convolutions(4, 7, 7), (convolution) => check(memory, convolution)),
      { numRuns: 400 },
    );
  });

  test("also in tiles", { timeout: 120_000 }, () => {
    assert(
      property(inTiles, (convolution) => check(memory, convolution, true)),
      { numRuns: 40 },
    );
  });

  test("the layers of LeNet and of residual networks", { timeout: 120_000 }, () => {
    const layers = [
      [1, 6, 28, 5, 1, 2],
      [6, 16, 14, 5, 1, 0],
      [3, 16, 32, 3, 1, 1],
      [16, 16, 32, 3, 1, 1],
      [16, 32, 32, 3, 2, 1],
      [32, 64, 16, 1, 2, 0],
      [64, 64, 8, 3, 1, 1],
    ];
    for (const [inChannels, outChannels, size, kernel, stride, pad] of layers) {
      const count = Math.floor((size + 2 * pad - kernel) / stride) + 1;
      const geometry: Geometry = {
        ...{ batch: 2, groups: 1, inChannels, outChannels, height: size, width: size },
        ...{ kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride, strideWidth: stride },
        ...{ dilationHeight: 1, dilationWidth: 1, beforeHeight: pad, beforeWidth: pad },
        ...{ outHeight: count, outWidth: count },
      };
      check(memory, { geometry, accumulate: 1, activation: 0, bias: true, shift: 1, seed: 3 });
    }
  });

  test("gives the same bits however the images are divided", { timeout: 120_000 }, () => {
    assert(
      property(oneof(convolutions(9, 5, 6), inTiles), integer({ min: 1, max: 3 }), (convolution, piece) => {
        const whole = outcome(memory, convolution, Infinity);
        const pieces = outcome(memory, convolution, piece);
        for (const name of ["out", "dx", "dWeight", "dBias"] as const) {
          expect(Buffer.from(pieces[name].buffer).equals(Buffer.from(whole[name].buffer))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

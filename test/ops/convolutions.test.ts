import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, grad, ones, rand, tensor, zeros, type Shape, type Tensor } from "../../src/index.js";

const generator = new Generator(10);
const random = (shape: Shape) => rand(shape, { dtype: "float64", generator }).sub(0.5);

interface Setting {
  size: readonly [number, number];
  kernel: readonly [number, number];
  stride: readonly [number, number];
  padding: readonly [readonly [number, number], readonly [number, number]];
  dilation: readonly [number, number];
}
const twice = <T>(value: fc.Arbitrary<T>) => fc.tuple(value, value);
const small = (most: number) => fc.integer({ min: 1, max: most });
/** Settings in which the kernel fits into the padded input. */
const settings: fc.Arbitrary<Setting> = fc
  .record({
    size: twice(small(6)),
    kernel: twice(small(3)),
    stride: twice(small(3)),
    padding: twice(twice(fc.nat(2))),
    dilation: twice(small(2)),
  })
  .filter((setting) => outputSize(setting).every((count) => count >= 1));

/** ⌊(W − D(K − 1) − 1 + padding) / S⌋ + 1 */
function outputSize({ size, kernel, stride, padding, dilation }: Setting): number[] {
  return size.map((length, axis) => {
    const span = dilation[axis] * (kernel[axis] - 1) + 1;
    return Math.floor((length - span + padding[axis][0] + padding[axis][1]) / stride[axis]) + 1;
  });
}

/** The input position that element `k` of the window reads at place `i`; undefined in the padding. */
function source({ size, stride, padding, dilation }: Setting, axis: 0 | 1, i: number, k: number) {
  const at = i * stride[axis] - padding[axis][0] + k * dilation[axis];
  return at >= 0 && at < size[axis] ? at : undefined;
}

/** The matrix `[outChannels · oH · oW, inChannels · H · W]` that a convolution is. */
function denseMatrix(weight: Tensor, groups: number, setting: Setting): Tensor {
  const [outChannels, perGroup, kH, kW] = weight.shape;
  const [H, W] = setting.size;
  const [oH, oW] = outputSize(setting);
  const columns = perGroup * groups * H * W;
  const entries = new Float64Array(outChannels * oH * oW * columns);
  for (let o = 0; o < outChannels; o++)
    for (let c = 0; c < perGroup; c++)
      for (let i = 0; i < oH; i++)
        for (let j = 0; j < oW; j++)
          for (let k = 0; k < kH; k++)
            for (let l = 0; l < kW; l++) {
              const [y, x] = [source(setting, 0, i, k), source(setting, 1, j, l)];
              if (y === undefined || x === undefined) continue;
              const channel = Math.floor(o / (outChannels / groups)) * perGroup + c;
              const entry = ((o * oH + i) * oW + j) * columns + (channel * H + y) * W + x;
              entries[entry] += weight.index([o, c, k, l]).item();
            }
  return tensor(entries).reshape([outChannels * oH * oW, columns]);
}

describe("convolution", () => {
  test("has the size that arithmetic says and is a product with a sparse matrix, and so are its transposes", () => {
    fc.assert(
      fc.property(settings, small(2), small(2), small(2), (setting, groups, inPerGroup, outPerGroup) => {
        const { size, kernel, stride, padding, dilation } = setting;
        const [inChannels, outChannels] = [inPerGroup * groups, outPerGroup * groups];
        const x = random([2, inChannels, ...size]);
        const weight = random([outChannels, inPerGroup, ...kernel]);
        const options = { stride, padding, dilation, groups };
        const out = x.conv2d(weight, options);
        expect(out.shape).toEqual([2, outChannels, ...outputSize(setting)]);

        const matrix = denseMatrix(weight, groups, setting);
        const flat = x.flatten(1).matmul(matrix.transpose());
        expect(out.flatten(1)).toBeAllClose(flat, { atol: 1e-12 });

        const y = random(out.shape);
        x.requiresGrad = true;
        const gradient = grad(x.conv2d(weight, options), x, { gradOutputs: y });
        expect(gradient.flatten(1)).toBeAllClose(y.flatten(1).matmul(matrix), { atol: 1e-12 });
      }),
      { numRuns: 60 },
    );
  });

  test("is a matrix product with the unfolded input; folding back counts every patch", () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const { size, kernel, ...options } = setting;
        const [x, weight] = [random([2, 3, ...size]), random([4, 3, ...kernel])];
        const columns = x.unfold(kernel, options);
        const product = weight.flatten(1).matmul(columns);
        expect(product.reshape([2, 4, ...outputSize(setting)])).toBeAllClose(x.conv2d(weight, options), {
          atol: 1e-12,
        });
        const counts = ones(x.shape).unfold(kernel, options).fold(size, kernel, options);
        expect(columns.fold(size, kernel, options)).toBeAllClose(x.mul(counts), { atol: 1e-6 });
      }),
      { numRuns: 60 },
    );
  });

  test("transposed convolution is the gradient of convolution", () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const { size, kernel, stride, padding, dilation } = setting;
        const [x, weight] = [random([1, 2, ...size]), random([3, 2, ...kernel])];
        x.requiresGrad = true;
        const out = x.conv2d(weight, { stride, padding, dilation });
        const y = random(out.shape);
        const gradient = grad(out, x, { gradOutputs: y });
        const outputPadding = size.map((length, axis) => {
          const [before, after] = padding[axis];
          return (length + before + after - dilation[axis] * (kernel[axis] - 1) - 1) % stride[axis];
        });
        const spread = y.convTranspose2d(weight, { stride, padding, dilation, outputPadding });
        expect(spread).toBeAllClose(gradient, { atol: 1e-12 });
      }),
      { numRuns: 60 },
    );
  });

  test("along one axis is convolution of height 1", () => {
    fc.assert(
      fc.property(small(7), small(3), small(2), (length, k, stride) => {
        fc.pre(length + 2 >= k);
        const [x, weight] = [random([2, 3, length]), random([4, 3, k])];
        const bias = random([4]);
        const flat = x
          .unsqueeze(2)
          .conv2d(weight.unsqueeze(2), { bias, stride: [1, stride], padding: [0, 1] });
        expect(x.conv1d(weight, { bias, stride, padding: 1 })).toEqual(flat.squeeze(2));
      }),
    );
  });

  test("padding same keeps the size, whatever the kernel", () => {
    fc.assert(
      fc.property(small(4), small(4), small(3), (kH, kW, dilation) => {
        const out = random([1, 1, 5, 4]).conv2d(random([1, 1, kH, kW]), { padding: "same", dilation });
        expect(out.shape).toEqual([1, 1, 5, 4]);
      }),
    );
  });

  test("two in a row are one, with the filters convolved", () => {
    const [x, first, second] = [random([1, 1, 7, 7]), random([1, 1, 3, 3]), random([1, 1, 2, 3])];
    const both = first.convTranspose2d(second);
    expect(x.conv2d(first).conv2d(second)).toBeAllClose(x.conv2d(both), { atol: 1e-12 });
  });
});

describe("the numbers of the syllabus", () => {
  const image = tensor([
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
  ]).reshape([1, 1, 5, 5]);
  const filter = tensor([
    [1, 0, 1],
    [0, 1, 0],
    [1, 0, 1],
  ]).reshape([1, 1, 3, 3]);

  test("the 5 × 5 image under a 3 × 3 filter, stride 1 and 2", () => {
    expect(image.conv2d(filter).toArray()).toEqual([
      [
        [
          [4, 3, 4],
          [2, 4, 3],
          [2, 3, 4],
        ],
      ],
    ]);
    expect(image.conv2d(filter, { stride: 2 }).toArray()).toEqual([
      [
        [
          [4, 4],
          [2, 4],
        ],
      ],
    ]);
  });

  test("7 × 7 → 5 × 5: a full matrix has 1225 weights, a filter 9", () => {
    const weight = random([1, 1, 3, 3]);
    const one = [1, 1] as const;
    const setting: Setting = {
      size: [7, 7],
      kernel: [3, 3],
      stride: one,
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilation: one,
    };
    const matrix = denseMatrix(weight, 1, setting);
    expect(matrix.size).toBe(1225);
    expect(new Set(matrix.maskedSelect(matrix.notEqual(0)).data).size).toBe(9);
  });

  test("3 × 32 × 32 under ten 5 × 5 filters with padding 2: 10 × 32 × 32, 760 parameters, 768 000 multiply-adds", () => {
    const [weight, bias] = [zeros([10, 3, 5, 5]), zeros([10])];
    const out = zeros([1, 3, 32, 32]).conv2d(weight, { bias, padding: 2 });
    expect(out.shape).toEqual([1, 10, 32, 32]);
    expect(weight.size + bias.size).toBe(760);
    expect(out.size * weight.shape.slice(1).reduce((a, b) => a * b)).toBe(768_000);
  });
});

describe("pooling", () => {
  test("is the maximum and the mean over the window, with padding left out or counted", () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
    const poolable = settings.filter((setting) =>
      ([0, 1] as const).every((axis) =>
        upTo(outputSize(setting)[axis]).every((i) =>
          upTo(setting.kernel[axis]).some((k) => source(setting, axis, i, k) !== undefined),
        ),
      ),
    );
    fc.assert(
      fc.property(poolable, (setting) => {
        const { size, kernel, dilation, stride, padding } = setting;
        const x = random([2, ...size]);
        const [oH, oW] = outputSize(setting);
        const elements = (n: number, i: number, j: number, at: Setting) =>
          upTo(kernel[0] * kernel[1]).flatMap((tap) => {
            const y = source(at, 0, i, Math.floor(tap / kernel[1]));
            const z = source(at, 1, j, tap % kernel[1]);
            return y === undefined || z === undefined ? [] : [x.index([n, y, z]).item()];
          });
        const expected = (pool: (elements: number[]) => number, at: Setting) =>
          Array.from({ length: 2 * oH * oW }, (_, p) =>
            pool(elements(Math.floor(p / (oH * oW)), Math.floor(p / oW) % oH, p % oW, at)),
          );
        const max = x.maxPool2d(kernel, { stride, padding, dilation });
        expect(max.shape).toEqual([2, oH, oW]);
        expect(max.data).toBeAllClose(expected((window) => Math.max(...window), setting));

        if (dilation.some((step) => step > 1)) return;
        const total = (window: number[]) => window.reduce((a, b) => a + b);
        const [whole, inside] = [true, false].map((countIncludePad) =>
          x.avgPool2d(kernel, { stride, padding, countIncludePad }),
        );
        const counted = expected((window) => total(window) / (kernel[0] * kernel[1]), setting);
        expect(whole.data).toBeAllClose(counted, { atol: 1e-12 });
        const left = expected((window) => total(window) / window.length, setting);
        expect(inside.data).toBeAllClose(left, { atol: 1e-12 });
      }),
      { numRuns: 60 },
    );
  });

  test("adaptive pooling to one place is global, to the own size changes nothing", () => {
    const x = random([2, 3, 4, 5]);
    expect(x.adaptiveAvgPool2d(1).flatten(1)).toBeAllClose(x.globalAvgPool2d());
    expect(x.adaptiveAvgPool2d([4, 5])).toBeAllClose(x);
    expect(x.adaptiveAvgPool2d([2, 5])).toBeAllClose(x.avgPool2d([2, 1]));
    expect(x.adaptiveAvgPool1d(1)).toBeAllClose(x.mean(-1, { keepDims: true }));
  });

  test("the gradient of max pooling goes to the winner, that of average pooling to all", () => {
    const x = tensor([1, 5, 2, 3], { dtype: "float64", requiresGrad: true });
    const g = tensor([10, 20], { dtype: "float64" });
    expect(grad(x.maxPool1d(2), x, { gradOutputs: g })).toBeAllClose([0, 10, 0, 20]);
    expect(grad(x.avgPool1d(2), x, { gradOutputs: g })).toBeAllClose([5, 5, 10, 10]);
  });

  test("a window with a NaN has no maximum", () => {
    expect(tensor([NaN, 1, 2, NaN, 3, 4]).maxPool1d(2).toArray()).toEqual([NaN, NaN, 4]);
  });

  test("average pooling undoes nearest upsampling", () => {
    const x = random([2, 3, 4]);
    expect(x.upsampleNearest2d([2, 3]).avgPool2d([2, 3])).toBeAllClose(x);
  });
});

test("an empty batch goes through everything", () => {
  const x = zeros([0, 2, 4, 4]);
  expect(x.conv2d(zeros([3, 2, 3, 3])).shape).toEqual([0, 3, 2, 2]);
  expect(x.maxPool2d(2).avgPool2d(2).shape).toEqual([0, 2, 1, 1]);
  expect(x.unfold(2).shape).toEqual([0, 8, 9]);
  expect(x.convTranspose2d(zeros([2, 3, 3, 3])).shape).toEqual([0, 3, 6, 6]);
});

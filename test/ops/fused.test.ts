// In float32 the engine computes gradients by rules of its own, in few passes; gradients that are to be differentiated again
// follow the rules for all dtypes. Both must agree.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  avgPool2d,
  adaptiveAvgPool2d,
  conv2d,
  convTranspose2d,
  Generator,
  grad,
  max,
  maxPool2d,
  mean,
  nn,
  randn,
  reshape,
  softmax,
  logSoftmax,
  sum,
  tensor,
  transpose,
  uniform,
  type Tensor,
} from "../../src/index.js";

const generator = new Generator(5);
const leaf = (shape: readonly number[], low = 0.5, high = 2) =>
  uniform(shape, low, high, { generator, requiresGrad: true });

/** Checks the gradients of `fn` at float32 inputs, along a random direction. */
function agree(fn: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): void {
  const output = fn(...inputs);
  const gradOutputs = randn(output.shape, { generator });
  const fused = grad(output, inputs, { gradOutputs, retainGraph: true });
  const general = grad(output, inputs, { gradOutputs, createGraph: true });
  const limits = { rtol: 1e-4, atol: 1e-5 * Math.max(1, Math.sqrt(output.size)) };
  fused.forEach((gradient, i) => {
    expect(gradient.shape).toEqual(inputs[i].shape);
    expect(gradient).toBeAllClose(general[i], limits);
  });
}

const binary = ["add", "sub", "mul", "div", "maximum", "minimum", "pow"] as const;

/** Two shapes that broadcast: sizes of the common shape, and for each operand which axes it lacks and which are 1. */
const shapes = fc
  .array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
  .chain((common) =>
    fc.tuple(
      ...[0, 1].map(() =>
        fc
          .tuple(fc.nat(common.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
          .map(([missing, ones]) => common.map((size, axis) => (ones[axis] ? 1 : size)).slice(missing)),
      ),
    ),
  );

describe("pairs of elements", () => {
  test.for(binary)("%s, broadcast in any way", (name) => {
    fc.assert(
      fc.property(shapes, ([a, b]) => agree((x, y) => x[name](y), leaf(a), leaf(b))),
      { numRuns: 60, seed: 3 },
    );
  });

  test.for(binary)("%s with a plain number on either side", (name) => {
    agree((x) => x[name](1.5), leaf([3, 5]));
    if (name !== "pow") agree((x) => tensor(1.5)[name](x), leaf([3, 5]));
  });
});

const unary: [string, (x: Tensor) => Tensor][] = [
  ...(
    ["neg", "abs", "exp", "log", "sqrt", "rsqrt", "expm1", "log1p", "erf", "sin", "cos", "tan"] as const
  ).map((name): [string, (x: Tensor) => Tensor] => [name, (x) => x[name]()]),
  ...(["tanh", "sigmoid", "relu", "gelu", "silu", "softplus", "leakyRelu", "elu", "hardtanh"] as const).map(
    (name): [string, (x: Tensor) => Tensor] => [name, (x) => x.sub(1.2)[name]()],
  ),
  ["clamp", (x) => x.clamp(0.8, 1.5)],
  ["leakyRelu with a slope", (x) => x.sub(1).leakyRelu(0.3)],
  ["elu with a scale", (x) => x.sub(1).elu(2)],
];

test.for(unary)("%s", ([, op]) => {
  for (const size of [1, 3, 4, 67]) agree(op, leaf([size]));
});

describe("reductions", () => {
  test.for([undefined, 0, 1, 2, [0, 1], [1, 2], [0, 2]] as const)("over axes %o", (axes) => {
    const x = leaf([3, 4, 5]);
    agree((x) => sum(x, axes), x);
    agree((x) => mean(x, axes, { keepDims: true }), x);
    agree((x) => max(x, axes), x);
    agree((x) => x.min(axes), x);
    agree((x) => x.variance(axes), x);
  });

  test("softmax and its logarithm", () => {
    for (const axis of [0, 1, 2]) {
      agree((x) => softmax(x, axis), leaf([3, 4, 5]));
      agree((x) => logSoftmax(x, axis), leaf([3, 4, 5]));
    }
  });
});

test("matrix products, with shared and with broadcast matrices", () => {
  const pairs = [
    [
      [3, 4],
      [4, 5],
    ],
    [[4], [4, 5]],
    [[3, 4], [4]],
    [[4], [4]],
    [
      [2, 3, 4],
      [4, 5],
    ],
    [
      [3, 4],
      [2, 4, 5],
    ],
    [
      [2, 1, 3, 4],
      [3, 4, 5],
    ],
  ];
  for (const [a, b] of pairs) agree((x, y) => x.matmul(y), leaf(a), leaf(b));
});

test("an affine layer, with and without bias, of vectors and of batches", () => {
  for (const bias of [true, false]) {
    const layer = new nn.Linear(4, 3, { bias, generator });
    for (const shape of [[4], [2, 4], [2, 5, 4]]) {
      const parameters = [...layer.parameters()];
      agree((x) => layer.forward(x), leaf(shape), ...parameters);
    }
  }
});

describe("convolution and pooling", () => {
  test.for([{}, { stride: 2, padding: 1 }, { dilation: 2 }, { groups: 2 }])("conv2d %o", (options) => {
    const groups = "groups" in options ? 2 : 1;
    const run = (x: Tensor, weight: Tensor, bias: Tensor) => conv2d(x, weight, { ...options, bias });
    agree(run, leaf([2, 4, 7, 8]), leaf([6, 4 / groups, 3, 3]), leaf([6]));
  });

  test("transposed convolution", () => {
    const run = (x: Tensor, weight: Tensor) => convTranspose2d(x, weight, { stride: 2 });
    agree(run, leaf([2, 3, 4, 4]), leaf([3, 2, 3, 3]));
  });

  test("largest and mean of windows", () => {
    const x = leaf([2, 3, 7, 6]);
    agree((x) => maxPool2d(x, 3, { stride: 2, padding: 1 }), x);
    agree((x) => avgPool2d(x, 3, { stride: 2, padding: 1 }), x);
    agree((x) => avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }), x);
    agree((x) => adaptiveAvgPool2d(x, [3, 4]), x);
  });
});

describe("normalisation", () => {
  const layers: [string, nn.Module, number[]][] = [
    ["BatchNorm1d", new nn.BatchNorm1d(3), [5, 3]],
    ["BatchNorm2d", new nn.BatchNorm2d(3), [2, 3, 4, 5]],
    ["without γ and β", new nn.BatchNorm2d(3, { affine: false }), [2, 3, 4, 5]],
    ["LayerNorm", new nn.LayerNorm([4, 5]), [2, 3, 4, 5]],
    ["LayerNorm without β", new nn.LayerNorm(5, { bias: false }), [2, 3, 5]],
    ["GroupNorm", new nn.GroupNorm(2, 4), [2, 4, 3, 3]],
    ["InstanceNorm2d", new nn.InstanceNorm2d(3, { affine: true }), [2, 3, 4, 5]],
  ];
  test.for(layers)("%s", ([, layer, shape]) => {
    agree((x) => layer.forward(x), leaf(shape), ...layer.parameters());
  });
});

test("cross-entropy, with labels that do not count, summed or averaged", () => {
  const labels = tensor([0, 2, -100, 1], { dtype: "int32" });
  for (const reduction of ["mean", "sum"] as const) {
    agree((x) => nn.crossEntropy(x, labels, { reduction }), leaf([4, 3], -2, 2));
    const grid = reshape(labels, [2, 2]);
    agree((x) => nn.crossEntropy(x, grid, { reduction }).mul(3), leaf([2, 3, 2], -2, 2));
  }
});

test("moving elements about", () => {
  agree((x) => transpose(x).mul(transpose(x)), leaf([3, 4, 5]));
  agree((x) => x.permute([2, 0, 1]).exp(), leaf([3, 4, 5]));
  agree((x) => x.reshape([5, 12]).exp().reshape([60]), leaf([3, 4, 5]));
  agree((x) => x.slice(1, 5, { axis: 1, step: 2 }).exp(), leaf([3, 6]));
  agree((x) => x.expand([2, 3, 4]).exp(), leaf([3, 1]));
});

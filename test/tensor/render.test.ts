import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { arange, displaySymbol, tensor, zeros, type Tensor } from "../../src/index.js";
import { tensorText } from "../../src/tensor/render.js";

const cases: [string, Tensor, string][] = [
  ["a single number", tensor(2.5), "tensor(2.5, shape=[], dtype=float32)"],
  ["whole numbers keep their point", tensor([1, 2]), "tensor([1., 2.], shape=[2], dtype=float32)"],
  [
    "points in line",
    tensor([
      [1, -2.25],
      [30, 4.5],
    ]),
    "tensor([[ 1.  , -2.25],\n        [30.  ,  4.5 ]], shape=[2, 2], dtype=float32)",
  ],
  ["four digits", tensor([1 / 3, 2]), "tensor([0.3333, 2.    ], shape=[2], dtype=float32)"],
  ["very different sizes", tensor([1.5, 1e-5]), "tensor([1.5e+00, 1.0e-05], shape=[2], dtype=float32)"],
  ["sizes a thousandfold apart", tensor([2000, -1]), "tensor([ 2e+03, -1e+00], shape=[2], dtype=float32)"],
  ["large numbers", tensor(123456789, { dtype: "float64" }), "tensor(1.2346e+08, shape=[], dtype=float64)"],
  [
    "not numbers",
    tensor([NaN, -Infinity, 0.5]),
    "tensor([      NaN, -Infinity,       0.5], shape=[3], dtype=float32)",
  ],
  ["integers", tensor([1, -20], { dtype: "int32" }), "tensor([  1, -20], shape=[2], dtype=int32)"],
  ["booleans", tensor([true, false]), "tensor([ true, false], shape=[2], dtype=bool)"],
  ["nothing", zeros([2, 0]), "tensor([[],\n        []], shape=[2, 0], dtype=float32)"],
  [
    "matrices stand apart",
    zeros([2, 1, 1]),
    "tensor([[[0.]],\n\n        [[0.]]], shape=[2, 1, 1], dtype=float32)",
  ],
  [
    "a name and a gradient to come",
    tensor(1, { label: "w", requiresGrad: true }),
    'tensor(1., label="w", shape=[], dtype=float32, requiresGrad=true)',
  ],
];

test.for(cases)("%s", ([, x, text]) => {
  expect(x.toString()).toBe(text);
  expect(inspect(x)).toBe(text);
});

describe("beyond 1000 elements", () => {
  test("only three at either end of each axis are shown", () => {
    expect(arange(1001).toString()).toBe(
      "tensor([   0.,    1.,    2., ...,  998.,  999., 1000.], shape=[1001], dtype=float32)",
    );
    expect(arange(1000).toString()).not.toContain("...");
    const rows = zeros([500, 4]).toString().split("\n");
    expect(rows).toHaveLength(7);
    expect(rows[3]).toBe("        ...,");
  });

  test("what is hidden is not looked at", () => {
    const read = new Set<string | symbol>();
    const elements = new Proxy({}, { get: (_, index) => (read.add(index), 0) });
    const large = { shape: [3000, 3000], size: 9_000_000, dtype: "int32", elements };
    expect(tensorText(large as unknown as Tensor).split("\n")).toHaveLength(7);
    expect(read.size).toBe(36);
  });
});

test("long rows are wrapped at 80 columns and stay in line", () => {
  const lines = arange(40).toString().split("\n");
  expect(lines.slice(0, -1).every((line) => line.length <= 80)).toBe(true);
  expect(lines[1]).toMatch(/^ {8}\d/);
});

test("the gradient follows on its own lines", () => {
  const x = tensor(
    [
      [1, 2],
      [3, 4],
    ],
    { requiresGrad: true },
  );
  x.mul(x).sum().backward();
  expect(x.toString()).toBe(
    "tensor([[1., 2.],\n        [3., 4.]], shape=[2, 2], dtype=float32, requiresGrad=true)\n" +
      "  grad: [[2., 4.],\n         [6., 8.]]",
  );
});

test("in a notebook: text, and HTML with shape, dtype, values and gradient, names escaped", () => {
  const x = tensor([1, 2], { requiresGrad: true, label: "<w>" });
  x.sum().backward();
  const bundle = x[displaySymbol]();
  expect(bundle["text/plain"]).toBe(x.toString());
  const html = bundle["text/html"] as string;
  expect(html).toContain("<b>&lt;w&gt;</b>");
  for (const part of ["shape=[2]", "dtype=float32", "[1., 2.]", "gradient", "[1., 1.]"])
    expect(html).toContain(part);
});

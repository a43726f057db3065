import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, nn, ones, randn } from "../../src/index.js";

const n = 20_000;

describe.for([0.1, 0.5, 0.8])("Dropout(%f)", (p) => {
  test("drops a share p, keeps the mean, and scales what is left", () => {
    const y = new nn.Dropout(p, { generator: new Generator(2) }).forward(ones([n], { dtype: "float64" }));
    const dropped = Array.from(y.data).filter((value) => value === 0).length;
    const sigma = Math.sqrt((p * (1 - p)) / n);
    expect(Math.abs(dropped / n - p)).toBeLessThan(4 * sigma);
    expect(Math.abs(y.mean().item() - 1)).toBeLessThan((4 * sigma) / (1 - p));
    expect(y.max().item()).toBeAllClose(1 / (1 - p));
  });

  test("sends gradients through the same mask", () => {
    const x = randn([n], { generator: new Generator(1) });
    x.requiresGrad = true;
    const y = new nn.Dropout(p, { generator: new Generator(2) }).forward(x);
    y.sum().backward();
    expect(x.grad!.mul(x)).toBeAllClose(y);
  });
});

test("whatever p, its expectation is the input: elements are 0 or divided by 1 − p, and 0 as often as p says", () => {
  const count = 2000;
  fc.assert(
    fc.property(fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.nat(1e6), (p, seed) => {
      const x = randn([count], { dtype: "float64", generator: new Generator(seed + 1) });
      const y = new nn.Dropout(p, { generator: new Generator(seed) }).forward(x);
      const kept = y.notEqual(0);
      expect(y).toBeAllClose(x.div(1 - p).mul(kept), { rtol: 1e-12, atol: 0 });
      // six standard deviations: once in 500 million draws
      const share = kept.sum().item() / count;
      expect(Math.abs(share - (1 - p))).toBeLessThan(6 * Math.sqrt((p * (1 - p)) / count));
    }),
  );
});

test("every call draws a new mask, and a generator of the same seed repeats them", () => {
  const [first, second] = [
    new nn.Dropout(0.5, { generator: new Generator(4) }),
    new nn.Dropout(0.5, { generator: new Generator(4) }),
  ];
  const x = ones([64]);
  const masks = [first.forward(x), first.forward(x)].map((mask) => mask.toArray());
  expect(masks[0]).not.toEqual(masks[1]);
  expect([second.forward(x), second.forward(x)].map((mask) => mask.toArray())).toEqual(masks);
});

test("p 0 keeps everything, p 1 nothing", () => {
  expect(new nn.Dropout(0).forward(ones([50]))).toBeAllClose(ones([50]));
  expect(
    new nn.Dropout(1)
      .forward(ones([50]))
      .abs()
      .sum(),
  ).toBeAllClose(0);
});

test("Dropout2d drops whole channels", () => {
  const layer = new nn.Dropout2d(0.4, { generator: new Generator(3) });
  const means = layer.forward(ones([40, 50, 3, 2], { dtype: "float64" })).mean([2, 3]);
  const kinds = new Set(Array.from(means.data, (mean) => Number(mean.toFixed(12))));
  expect(kinds).toEqual(new Set([0, Number((1 / 0.6).toFixed(12))]));
  const dropped = Array.from(means.data).filter((mean) => mean === 0).length / means.size;
  expect(Math.abs(dropped - 0.4)).toBeLessThan(4 * Math.sqrt((0.4 * 0.6) / means.size));
});

import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, nn, zeros, type Tensor } from "../../src/index.js";
import { casesOf } from "./recorded.js";

interface FansCase {
  shape: number[];
  fanIn: number;
  fanOut: number;
}
interface GainCase {
  activation: nn.init.GainActivation;
  slope: number | null;
  gain: number;
}
const cases = casesOf<FansCase | GainCase>("init");
const weightShapes = cases.filter((each) => "shape" in each);

test.for(weightShapes)("fans of $shape as PyTorch counts them", ({ shape, fanIn, fanOut }) => {
  expect(nn.init.fans(shape)).toEqual({ fanIn, fanOut });
});

test.for(cases.filter((each) => "gain" in each))("gain of $activation, slope $slope", (recorded) => {
  const { activation, slope, gain } = recorded;
  expect(nn.init.gain(activation, slope ?? undefined)).toBeAllClose(gain, { rtol: 1e-15 });
});

type Rule = (target: Tensor, options?: nn.init.FanOptions) => Tensor;
const { fans, gain } = nn.init;
// [rule, kind, standard deviation as the papers have it]
const rules: [name: string, rule: Rule, kind: "uniform" | "normal", std: (shape: number[]) => number][] = [
  ["lecunUniform", nn.init.lecunUniform, "uniform", (shape) => Math.sqrt(1 / fans(shape).fanIn)],
  ["lecunNormal", nn.init.lecunNormal, "normal", (shape) => Math.sqrt(1 / fans(shape).fanIn)],
  ["xavierUniform", nn.init.xavierUniform, "uniform", xavier],
  ["xavierNormal", nn.init.xavierNormal, "normal", xavier],
  [
    "xavierNormal with the gain of tanh",
    (target, options) => nn.init.xavierNormal(target, { gain: gain("tanh"), ...options }),
    "normal",
    (shape) => (5 / 3) * xavier(shape),
  ],
  ["heUniform", nn.init.heUniform, "uniform", (shape) => Math.sqrt(2 / fans(shape).fanIn)],
  ["heNormal", nn.init.heNormal, "normal", (shape) => Math.sqrt(2 / fans(shape).fanIn)],
  [
    "heNormal by fanOut",
    (target, options) => nn.init.heNormal(target, { mode: "fanOut", ...options }),
    "normal",
    (shape) => Math.sqrt(2 / fans(shape).fanOut),
  ],
  [
    "uniform",
    (target, options) => nn.init.uniform(target, -3, 1, options),
    "uniform",
    () => 4 / Math.sqrt(12),
  ],
  ["normal", (target, options) => nn.init.normal(target, -1, 2, options), "normal", () => 2],
];

describe.for(rules)("%s", ([name, rule, kind, std]) => {
  const mean = name === "uniform" || name === "normal" ? -1 : 0;

  test.for(weightShapes)("mean and variance of $shape lie within 4 standard errors", ({ shape }) => {
    const drawn = rule(zeros(shape, { dtype: "float64" }), { generator: new Generator(11) });
    const [n, sigma] = [drawn.size, std(shape)];
    expect(Math.abs(drawn.mean().item() - mean)).toBeLessThan((4 * sigma) / Math.sqrt(n));
    // var of the variance: σ⁴ (kurtosis − 1) / n, with kurtosis 3 for normal and 9/5 for uniform numbers
    const kurtosis = kind === "normal" ? 3 : 9 / 5;
    const standardError = sigma ** 2 * Math.sqrt((kurtosis - 1) / n);
    expect(Math.abs(drawn.variance().item() - sigma ** 2)).toBeLessThan(4 * standardError);
    const reach = drawn.sub(mean).abs().max().item();
    if (kind === "uniform") expect(reach).toBeLessThanOrEqual(Math.sqrt(3) * sigma);
    else expect(reach).toBeGreaterThan(3 * sigma);
  });

  test("the same generator state gives the same numbers, another one others", () => {
    const draw = (seed: number) => rule(zeros([4, 3]), { generator: new Generator(seed) }).toArray();
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

test.for([nn.init.lecunNormal, nn.init.xavierUniform, nn.init.heNormal])("%s needs two axes", (rule) => {
  expect(() => rule(zeros([5]))).toThrow(
    "fans: [5] has 1 axes. A weight has at least two: [out, in, …kernel].",
  );
});

test("layers start as PyTorch's: U(−1/√in, 1/√in)", () => {
  const { weight, bias } = new nn.Linear(400, 200, { generator: new Generator(3) });
  for (const parameter of [weight, bias!]) {
    expect(parameter.abs().max().item()).toBeLessThanOrEqual(0.05);
    expect(parameter.abs().max().item()).toBeGreaterThan(0.048);
  }
  const standardError = (0.05 ** 2 / 3) * Math.sqrt(0.8 / weight.size);
  expect(Math.abs(weight.variance().item() - 0.05 ** 2 / 3)).toBeLessThan(4 * standardError);
  const words = new nn.Embedding(300, 100, { generator: new Generator(3) }).weight;
  expect(Math.abs(words.variance().item() - 1)).toBeLessThan(4 * Math.sqrt(2 / words.size));
});

function xavier(shape: number[]): number {
  const { fanIn, fanOut } = fans(shape);
  return Math.sqrt(2 / (fanIn + fanOut));
}

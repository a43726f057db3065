import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  bernoulli,
  dropoutMask,
  Generator,
  manualSeed,
  normal,
  permutation,
  randint,
  ShapeError,
  uniform,
  type Tensor,
} from "../../src/index.js";

const n = 20_000;
const options = (seed: number) => ({ generator: new Generator(seed), dtype: "float64" as const });
const within = (sigma: number) => ({ rtol: 0, atol: (4 * sigma) / Math.sqrt(n) });
const moments = (x: Tensor) => [x.mean(), x.variance()] as const;

describe("moments, within four standard errors", () => {
  test("uniform on [-1, 3): mean 1, variance 16 / 12, all inside", () => {
    const x = uniform([n], -1, 3, options(1));
    const [mean, variance] = moments(x);
    expect(x.data.every((value) => value >= -1 && value < 3)).toBe(true);
    expect(mean).toBeAllClose(1, within(Math.sqrt(16 / 12)));
    expect(variance).toBeAllClose(16 / 12, within(16 * Math.sqrt(1 / 180)));
  });

  test("normal with mean 5 and standard deviation 2", () => {
    const [mean, variance] = moments(normal([n], 5, 2, options(2)));
    expect(mean).toBeAllClose(5, within(2));
    expect(variance).toBeAllClose(4, within(4 * Math.SQRT2));
  });

  test("bernoulli: a share p of ones", () => {
    const x = bernoulli([n], 0.3, options(3));
    expect(new Set(x.data)).toEqual(new Set([0, 1]));
    expect(x.mean()).toBeAllClose(0.3, within(Math.sqrt(0.3 * 0.7)));
  });

  test("a dropout mask has mean 1: what is kept makes up for what is dropped", () => {
    const p = 0.2;
    const mask = dropoutMask([n], p, options(4));
    expect(mask.mean()).toBeAllClose(1, within(Math.sqrt(p / (1 - p))));
    expect(mask.equal(0).mean()).toBeAllClose(p, within(Math.sqrt(p * (1 - p))));
    expect(mask.max()).toBeAllClose(1.25);
    expect(dropoutMask([3], 1).toArray()).toEqual([0, 0, 0]);
    expect(dropoutMask([3], 0).toArray()).toEqual([1, 1, 1]);
  });

  test("randint: every number equally often", () => {
    const x = randint(-2, 3, [n], { generator: new Generator(5) });
    expect(x.dtype).toBe("int32");
    for (let value = -2; value < 3; value++) {
      expect(x.equal(value).mean(), `${value}`).toBeAllClose(0.2, within(0.4));
    }
  });

  test("permutation: every order of three equally often", () => {
    const generator = new Generator(6);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = permutation(3, { generator }).data.join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    for (const count of counts.values()) {
      expect(count / 6000).toBeAllClose(1 / 6, { rtol: 0, atol: 4 * Math.sqrt(5 / 36 / 6000) });
    }
  });
});

test("a permutation has every number once; of nothing there is one", () => {
  const order = permutation(50, { generator: new Generator(7) });
  expect(Array.from(order.data).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(order.dtype).toBe("int32");
  expect(permutation(0).shape).toEqual([0]);
});

test("draws come from the shared generator, or from the one that is passed", () => {
  const draw = () => [
    uniform([2]),
    normal([2]),
    bernoulli([9]),
    dropoutMask([9]),
    randint(0, 99, [3]),
    permutation(9),
  ];
  manualSeed(8);
  const first = draw();
  expect(draw()).not.toEqual(first);
  manualSeed(8);
  expect(draw()).toEqual(first);
  const passed = (seed: number) => randint(0, 99, [8], { generator: new Generator(seed) });
  expect(passed(1)).toEqual(passed(1));
  expect(passed(1)).not.toEqual(passed(2));
});

const errors: [run: () => unknown, error: Error][] = [
  [() => uniform([2], 1, 0), new RangeError("uniform: low 1 is above high 0.")],
  [() => normal([2], 0, -1), new RangeError("normal: standard deviation -1. Expected 0 or more.")],
  [() => bernoulli([2], 1.5), new RangeError("bernoulli: probability 1.5. Expected a number from 0 to 1.")],
  [
    () => dropoutMask([2], NaN),
    new RangeError("dropoutMask: probability NaN. Expected a number from 0 to 1."),
  ],
  [
    () => randint(3, 3, [2]),
    new RangeError("randint: from 3 to 3. Expected whole numbers, the first below the second."),
  ],
  [
    () => permutation(-1),
    new ShapeError("permutation: shape [-1]: axis 0 has size -1. Sizes are whole numbers from 0."),
  ],
];
test.for(errors.map(([run, error]) => [error.message, run, error] as const))("%s", ([, run, error]) => {
  expect(run).toThrow(error);
});

import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { numericalGradient, tensor, type Tensor } from "../../src/index.js";

describe("numericalGradient", () => {
  test("of a number: ten digits at the default step", () => {
    expect(numericalGradient(Math.sin, 1)).toBeAllClose(Math.cos(1), { rtol: 1e-9 });
  });

  test("is exact for parabolas whatever the step, and second order for the rest", () => {
    expect(numericalGradient((x) => x * x, 3, 0.5)).toBeAllClose(6, { rtol: 1e-12 });
    const error = (h: number) => Math.abs(numericalGradient(Math.exp, 0, h) - 1);
    expect(error(1e-2) / error(1e-3)).toBeAllClose(100, { rtol: 1e-2 });
  });

  test("of an array, which f may not see changed", () => {
    const x = [2, 5];
    const seen: number[][] = [];
    const slopes = numericalGradient((point) => {
      seen.push(point);
      return point[0] ** 2 * point[1];
    }, x);
    expect(slopes).toBeAllClose([20, 4]);
    expect(x).toEqual([2, 5]);
    expect(new Set(seen).size).toBe(4);
  });

  test("of a tensor: its shape, in float64 whatever its dtype", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const slopes = numericalGradient((point: Tensor) => point.pow(3).sum(), x);
    expect(slopes.dtype).toBe("float64");
    expect(slopes).toBeAllClose(
      [
        [3, 12],
        [27, 48],
      ],
      { rtol: 1e-9 },
    );
  });

  const bad: [() => unknown, string][] = [
    [
      () => numericalGradient((() => undefined) as unknown as (x: number) => number, 1, 0.5),
      "numericalGradient: at x = 1.5, f returned undefined. Expected one number.",
    ],
    [
      () =>
        numericalGradient((async () => Promise.resolve(1)) as unknown as (x: number[]) => number, [1], 0.5),
      "numericalGradient: at x[0] = 1.5, f returned a promise. Expected one number.",
    ],
    [
      () => numericalGradient((x: Tensor) => x.mul(2), tensor([[1, 2]]), 0.5),
      "numericalGradient: at x[0, 0] = 1.5, f returned a tensor of shape [1, 2]. Expected one number.",
    ],
  ];
  test.for(bad.map(([run, message]) => [message, run] as const))("%s", ([message, run]) => {
    expect(run).toThrow(new TypeError(message));
  });
});

import { describe, expect, test } from "vitest";
import type { Kernels, Pointer } from "../../src/engine/kernels.js";
import { errorFunction } from "../../src/ops/kernels/error-function.js";
import { kernelMemories, type KernelMemory } from "./kernel-memory.js";

const functions = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  erf: errorFunction,
} satisfies Partial<Record<keyof Kernels, (x: number) => number>>;

/** The distance between float32 numbers at x, which double precision knows exactly. */
function ulp(x: number): number {
  const size = Math.max(Math.abs(x), 2 ** -126);
  return 2 ** (Math.floor(Math.log2(size)) - 23);
}

function compute(memory: KernelMemory, name: keyof typeof functions, x: Float32Array): Float32Array {
  memory.clear();
  const [at, out]: Pointer[] = [memory.put(x), memory.room(x.length)];
  memory.kernels[name](at, out, 0, x.length);
  return memory.floats(out, x.length);
}

/** Every 20011th float32 there is, so that signs, exponents and NaNs are among them. */
const dense = new Float32Array(
  Uint32Array.from({ length: Math.floor(2 ** 32 / 20011) }, (_, i) => i * 20011).buffer,
);
/** Every number around 0 where logarithms, tanh and erf change their formula, and the range that is used most. */
const usual = Float32Array.from({ length: 200_000 }, (_, i) => (i - 100_000) / 9973);

describe.each(kernelMemories)("functions of the %s binary", (_name, memory) => {
  test.each(Object.entries(functions) as [keyof typeof functions, (x: number) => number][])(
    "%s is within 2 ulp of double precision",
    (name, exact) => {
      let worst = { error: 0, x: 0, received: 0, expected: 0 };
      for (const x of [dense, usual]) {
        const y = compute(memory, name, x);
        for (let i = 0; i < x.length; i++) {
          const expected = exact(x[i]);
          if (Number.isNaN(expected)) {
            if (!Number.isNaN(y[i])) worst = { error: Infinity, x: x[i], received: y[i], expected };
            continue;
          }
          // beyond the largest number by less than its ulp, either side is right
          const received = Number.isFinite(y[i]) ? y[i] : Math.sign(y[i]) * 2 ** 128;
          const target = Math.abs(expected) < 2 ** 128 ? expected : Math.sign(expected) * 2 ** 128;
          const error = Math.abs(received - target) / ulp(Math.min(Math.abs(expected), 2 ** 127));
          if (!(error <= worst.error)) worst = { error, x: x[i], received: y[i], expected };
        }
      }
      expect(worst).toSatisfy(({ error }: typeof worst) => error <= 2);
    },
  );

  const [inf, tiny] = [Infinity, 2 ** -149];
  test.each([
    [
      "exp",
      [0, -0, inf, -inf, NaN, 89, -104, -87.5],
      [1, 1, inf, 0, NaN, inf, 0, Math.fround(Math.exp(-87.5))],
    ],
    ["expm1", [0, -0, inf, -inf, NaN, tiny, -tiny, 89], [0, -0, inf, -1, NaN, tiny, -tiny, inf]],
    [
      "log",
      [0, -0, inf, -1, NaN, 1, tiny, -inf],
      [-inf, -inf, inf, NaN, NaN, 0, Math.fround(-149 * Math.LN2), NaN],
    ],
    ["log1p", [0, -0, inf, -1, NaN, -2, tiny, -tiny], [0, -0, inf, -inf, NaN, NaN, tiny, -tiny]],
    ["sin", [0, -0, inf, -inf, NaN, tiny], [0, -0, NaN, NaN, NaN, tiny]],
    ["cos", [0, -0, inf, -inf, NaN, tiny], [1, 1, NaN, NaN, NaN, 1]],
    ["tan", [0, -0, inf, -inf, NaN, tiny], [0, -0, NaN, NaN, NaN, tiny]],
    ["tanh", [0, -0, inf, -inf, NaN, tiny, -tiny], [0, -0, 1, -1, NaN, tiny, -tiny]],
    ["sigmoid", [0, -0, inf, -inf, NaN, 200, -200], [0.5, 0.5, 1, 0, NaN, 1, 0]],
    ["softplus", [inf, -inf, NaN, 1000, -1000], [inf, 0, NaN, 1000, 0]],
    ["erf", [0, -0, inf, -inf, NaN, 5, -5], [0, -0, 1, -1, NaN, 1, -1]],
  ] as const)("%s at its ends", (name, x, expected) => {
    expect([...compute(memory, name, Float32Array.from(x))]).toEqual([...expected]);
  });

  test("exp of subnormal size is rounded as any other", () => {
    const x = Float32Array.from({ length: 1000 }, (_, i) => -87 - i / 60);
    const y = compute(memory, "exp", x);
    x.forEach((value, i) => expect(Math.abs(y[i] - Math.exp(value))).toBeLessThanOrEqual(2 ** -149));
  });
});

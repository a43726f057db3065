import { array, assert, constantFrom, double, float, integer, oneof, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import * as g from "../../src/index.js";
import type { Kernels } from "../../src/engine/kernels.js";
import type { Binary, Unary, UnaryBackward, WithScalar } from "../../src/engine/kernels/elementwise.js";
import { expectNear } from "./expect-near.js";
import { kernelMemories, numbers } from "./kernel-memory.js";
import { runKernel } from "./run-kernel.js";

type Name<Signature> = {
  [K in keyof Kernels]: [Kernels[K], Signature] extends [Signature, Kernels[K]] ? K : never;
}[keyof Kernels];
type Op = (x: g.Tensor) => g.Tensor;

/** Numbers of the size that networks have, and now and then a special one. */
const element = oneof(
  { weight: 8, arbitrary: float({ min: -8, max: 8, noNaN: true }) },
  { weight: 1, arbitrary: constantFrom(0, -0, 1, -1, 0.5, 2.5, 1e-30, -1e-30, 100, -100) },
);
const place = { shift: integer({ min: 0, max: 3 }), cut: double({ min: 0, max: 1, noNaN: true }) };
const arrays = record({
  values: array(element, { maxLength: 70 }),
  seed: integer({ min: 0, max: 999 }),
  ...place,
});
const doubles = (values: ArrayLike<number>) =>
  g.tensor(Array.from(values), { dtype: "float64", requiresGrad: true });

const unary: [name: Name<Unary>, op: Op][] = [
  ["neg", g.neg],
  ["abs", g.abs],
  ["sign", g.sign],
  ["floor", g.floor],
  ["ceil", g.ceil],
  ["round", g.round],
  ["step", g.step],
  ["sqrt", g.sqrt],
  ["rsqrt", g.rsqrt],
  ["exp", g.exp],
  ["expm1", g.expm1],
  ["log", g.log],
  ["log1p", g.log1p],
  ["sin", g.sin],
  ["cos", g.cos],
  ["tan", g.tan],
  ["tanh", g.tanh],
  ["sigmoid", g.sigmoid],
  ["softplus", g.softplus],
  ["erf", g.erf],
  ["relu", g.relu],
  ["gelu", g.gelu],
  ["silu", g.silu],
];

const products = ["gelu", "silu"];

/** Gradients, and whether they are computed from x or from the result. */
const slopes: [name: Name<UnaryBackward>, from: "x" | "out", op: Op, domain?: (x: number) => number][] = [
  ["absBackward", "x", g.abs],
  ["sqrtBackward", "out", g.sqrt, (x) => Math.abs(x) + 0.01],
  ["rsqrtBackward", "out", g.rsqrt, (x) => Math.abs(x) + 0.01],
  ["expm1Backward", "out", g.expm1, (x) => Math.abs(x) % 8],
  ["log1pBackward", "x", g.log1p, Math.abs],
  ["sinBackward", "x", g.sin],
  ["cosBackward", "x", g.cos],
  ["tanBackward", "out", g.tan],
  ["tanhBackward", "out", g.tanh],
  ["sigmoidBackward", "out", g.sigmoid],
  ["softplusBackward", "x", g.softplus],
  ["erfBackward", "x", g.erf],
  ["reluBackward", "x", g.relu],
  ["reluBackward", "out", g.relu],
  ["geluBackward", "x", g.gelu],
  ["siluBackward", "x", g.silu],
];

describe.each(kernelMemories)("elementwise kernels of the %s binary", (_name, memory) => {
  const { kernels } = memory;

  test.each(unary)("%s has the values of the operation", (name, op) => {
    assert(
      property(arrays, ({ values, shift, cut }) => {
        const x = Float32Array.from(values);
        const run = { inputs: [x], outs: [x], units: x.length, shift, cut };
        const [y] = runKernel(memory, run, ([from], [out], a, b) => kernels[name](from, out, a, b));
        // x Φ(x) and x σ(x): below 0, Φ is only exact relative to 1, and σ may be subnormal
        expectNear(y, op(doubles(x)).data, 4, (i) =>
          products.includes(name) ? Math.abs(x[i]) * (name === "gelu" ? 1 : 2 ** -126) : 0,
        );
        const [inPlace] = runKernel(memory, { ...run, inputs: [] }, (_, [out], a, b) =>
          kernels[name](out, out, a, b),
        );
        expect(inPlace).toEqual(y);
      }),
    );
  });

  test.each(unary)("%s of NaN and infinities", (name, op) => {
    const x = Float32Array.of(NaN, Infinity, -Infinity);
    const run = { inputs: [x], outs: [x], units: 3, shift: 0, cut: 1 };
    const [y] = runKernel(memory, run, ([from], [out], a, b) => kernels[name](from, out, a, b));
    expect([...y]).toEqual([...op(doubles(x)).data]);
  });

  test.each(slopes)("%s, from %s, has the gradient of the operation", (name, from, op, domain) => {
    assert(
      property(arrays, ({ values, seed, shift, cut }) => {
        const x = Float32Array.from(values, domain ?? ((value) => value));
        const input = doubles(x);
        const out = op(input);
        const gradient = numbers(x.length, seed);
        const saved = from === "x" ? x : Float32Array.from(out.data);
        const [dx] = runKernel(
          memory,
          { inputs: [gradient, saved], outs: [x], units: x.length, shift, cut },
          ([at, from], [into], a, b) => kernels[name](at, from, into, a, b),
        );
        // the slope is computed from the rounded result: relative to 1 where it becomes small
        const slope = Math.max(1, ...Array.from(out.data, (y) => (from === "out" ? y * y : 1)));
        const expected = g.grad(out.mul(doubles(gradient)).sum(), input);
        const scale = (i: number) => Math.abs(gradient[i]) * slope * Math.max(1, Math.abs(x[i]));
        expectNear(dx, expected.data, 4, name === "rsqrtBackward" ? undefined : scale);
      }),
    );
  });

  const parameters = constantFrom(0.01, 0.5, 1, 1.7, 2, 3, -1, 0, -0.5);
  const scalar: [name: Name<WithScalar>, op: (x: g.Tensor, value: number) => g.Tensor][] = [
    ["leakyRelu", g.leakyRelu],
    ["elu", g.elu],
    ["addScalar", g.add],
    ["subFromScalar", (x, value) => g.sub(value, x)],
    ["mulScalar", g.mul],
    ["divScalar", g.div],
    ["divIntoScalar", (x, value) => g.div(value, x)],
    ["powScalar", g.pow],
    ["addScaled", (x, value) => g.add(g.mul(x, value), x)],
  ];
  test.each(scalar)("%s has the values of the operation", (name, op) => {
    assert(
      property(arrays, parameters, ({ values, shift, cut }, parameter) => {
        const x = Float32Array.from(values);
        const value = Math.fround(parameter);
        const run = { inputs: [x], outs: [x], units: x.length, shift, cut };
        const [y] = runKernel(memory, run, ([from], [out], a, b) => kernels[name](from, out, value, a, b));
        expectNear(y, op(doubles(x), value).data, 4, (i) =>
          name === "addScaled" || name === "addScalar" || name === "subFromScalar"
            ? Math.abs(x[i])
            : 2 ** -126,
        );
      }),
    );
  });

  test.each([
    ["leakyReluBackward", g.leakyRelu],
    ["eluBackward", g.elu],
    ["powScalarBackward", (x: g.Tensor, value: number) => g.pow(x, value)],
  ] as const)("%s has the gradient of the operation", (name, op) => {
    assert(
      property(arrays, parameters, ({ values, seed, shift, cut }, parameter) => {
        const x = Float32Array.from(values, (v) => (name === "powScalarBackward" ? Math.abs(v) + 0.01 : v));
        const value = Math.fround(parameter);
        const gradient = numbers(x.length, seed);
        const [dx] = runKernel(
          memory,
          { inputs: [gradient, x], outs: [x], units: x.length, shift, cut },
          ([at, from], [into], a, b) => kernels[name](at, from, into, value, a, b),
        );
        const input = doubles(x);
        const expected = g.grad(op(input, value).mul(doubles(gradient)).sum(), input);
        expectNear(dx, expected.data, 5);
      }),
    );
  });

  test.each([
    ["clamp", "clampBackward", g.clamp],
    ["clamp", "hardtanhBackward", g.hardtanh],
  ] as const)("%s and %s", (name, backward, op) => {
    assert(
      property(arrays, ({ values, seed, shift, cut }) => {
        const x = Float32Array.from(values, (value, i) => (i % 5 === 0 ? -1 : i % 5 === 1 ? 2.5 : value));
        const gradient = numbers(x.length, seed);
        const run = { inputs: [x, gradient], outs: [x, x], units: x.length, shift, cut };
        const [y, dx] = runKernel(memory, run, ([from, at], [out, into], a, b) => {
          kernels[name](from, out, -1, 2.5, a, b);
          kernels[backward](at, from, into, -1, 2.5, a, b);
        });
        const input = doubles(x);
        expect(y).toEqual(Float32Array.from(op(input, -1, 2.5).data));
        const expected = g.grad(op(input, -1, 2.5).mul(doubles(gradient)).sum(), input);
        expectNear(dx, expected.data, 0);
      }),
    );
  });

  const binary: [name: Name<Binary>, value: (a: number, b: number) => number][] = [
    ["add", (a, b) => a + b],
    ["sub", (a, b) => a - b],
    ["mul", (a, b) => a * b],
    ["div", (a, b) => a / b],
    ["maximum", Math.max],
    ["minimum", Math.min],
    ["pow", (a, b) => a ** b],
    ["greater", (a, b) => Number(a > b)],
    ["greaterEqual", (a, b) => Number(a >= b)],
    ["equal", (a, b) => Number(a === b)],
    ["notEqual", (a, b) => Number(a !== b)],
  ];
  const axes = integer({ min: 0, max: 7 });
  const size = integer({ min: 0, max: 9 });
  const shapes = record({
    outer: size,
    middle: size,
    inner: integer({ min: 0, max: 25 }),
    a: axes,
    b: axes,
    ...place,
  });
  test.each(binary)("%s broadcasts", (name, value) => {
    assert(
      property(shapes, array(element, { minLength: 9, maxLength: 90 }), (shape, pool) => {
        const { outer, middle, inner, shift, cut } = shape;
        const [aAxes, bAxes] = [shape.a, shape.b | (7 & ~shape.a)];
        const sizes = (mask: number) => [mask & 4 ? outer : 1, mask & 2 ? middle : 1, mask & 1 ? inner : 1];
        const make = (mask: number, step: number) =>
          Float32Array.from(
            { length: sizes(mask).reduce((p, q) => p * q) },
            (_, i) => pool[(i * step) % pool.length],
          );
        const [a, b] = [make(aAxes, 1), make(bAxes, 7)];
        const bytes = ["greater", "greaterEqual", "equal", "notEqual"].includes(name);
        const length = outer * middle * inner;
        const out = new Float32Array(bytes ? Math.ceil(length / 4) : length);
        const [y] = runKernel(
          memory,
          { inputs: [a, b], outs: [out], units: length, shift, cut },
          ([at, bt], [into], from, to) => kernels[name](at, bt, into, middle, inner, aAxes, bAxes, from, to),
        );
        const place = (mask: number, o: number, m: number, i: number) => {
          const [, sm, si] = sizes(mask);
          return ((mask & 4 ? o : 0) * sm + (mask & 2 ? m : 0)) * si + (mask & 1 ? i : 0);
        };
        const expected = Array.from({ length }, (_, at) => {
          const [o, m, i] = [Math.floor(at / inner / middle), Math.floor(at / inner) % middle, at % inner];
          return value(a[place(aAxes, o, m, i)], b[place(bAxes, o, m, i)]);
        });
        if (bytes) expect([...new Uint8Array(y.buffer)].slice(0, length)).toEqual(expected);
        else expectNear(y, expected, 2);
      }),
    );
  });

  test("pow follows JavaScript at its ends", () => {
    const ends = [0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1e-40, Infinity, -Infinity, NaN].map(Math.fround);
    const a = Float32Array.from(ends.flatMap((x) => ends.map(() => x)));
    const b = Float32Array.from(ends.flatMap(() => ends));
    const [y] = runKernel(
      memory,
      { inputs: [a, b], outs: [a], units: a.length, shift: 0, cut: 0.3 },
      ([at, bt], [into], from, to) => kernels.pow(at, bt, into, 1, a.length, 7, 7, from, to),
    );
    expect([...y]).toEqual(Array.from(a, (x, i) => Math.fround(x ** b[i])));
  });

  test("gradients of quotients, of the larger of two, and products added in place", () => {
    assert(
      property(arrays, ({ values, seed, shift, cut }) => {
        const a = Float32Array.from(values);
        const b = Float32Array.from(numbers(a.length, seed), (x, i) => (i % 3 === 0 ? a[i] || 1 : x || 1));
        const gradient = numbers(a.length, seed + 1);
        const quotient = a.map((x, i) => x / b[i]);
        const [db, da, sum] = runKernel(
          memory,
          { inputs: [gradient, a, b, quotient], outs: [a, a, gradient], units: a.length, shift, cut },
          ([at, as, bs, quotients], [dbAt, daAt, sumAt], from, to) => {
            kernels.divBackward(at, quotients, bs, dbAt, from, to);
            kernels.maximumBackward(at, as, bs, daAt, from, to);
            kernels.addProduct(as, bs, sumAt, from, to);
          },
        );
        // the product of g and the quotient may be subnormal
        const expected = gradient.map((x, i) => (-x * quotient[i]) / b[i]);
        expectNear(db, expected, 3, (i) => 2 ** -126 / Math.abs(b[i]));
        expectNear(
          da,
          gradient.map((x, i) => (a[i] > b[i] ? x : a[i] === b[i] ? x / 2 : 0)),
          0,
        );
        expectNear(
          sum,
          gradient.map((x, i) => x + a[i] * b[i]),
          2,
          (i) => Math.abs(a[i] * b[i]) + 1,
        );
      }),
    );
  });

  test("where chooses, fill fills", () => {
    assert(
      property(arrays, integer({ min: 0, max: 3 }), ({ values, seed, shift, cut }, steps) => {
        const [a, b] = [Float32Array.from(values), numbers(values.length, seed)];
        const condition = Uint8Array.from({ length: 4 * Math.ceil(a.length / 4) }, (_, i) => (i * seed) % 2);
        const [aStep, bStep] = [steps & 1, steps >> 1];
        const [chosen, filled] = runKernel(
          memory,
          { inputs: [a, b, new Float32Array(condition.buffer)], outs: [a, b], units: a.length, shift, cut },
          ([at, bt, conditions], [out, fillAt], from, to) => {
            kernels.where(conditions, at, bt, out, aStep, bStep, from, to);
            kernels.fill(fillAt, 1.5, from, to);
          },
        );
        expect(chosen).toEqual(a.map((_, i) => (condition[i] ? a[i * aStep] : b[i * bStep])));
        expect(filled).toEqual(a.map(() => 1.5));
      }),
    );
  });
});

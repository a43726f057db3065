import { assert, constantFrom, double, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import * as g from "../../src/index.js";
import { expectNear } from "./expect-near.js";
import { kernelMemories, numbers } from "./kernel-memory.js";
import { runKernel } from "./run-kernel.js";

const views = record({
  outer: integer({ min: 0, max: 4 }),
  count: constantFrom(0, 1, 2, 3, 5, 16, 17, 33, 64, 100, 513),
  inner: constantFrom(1, 1, 2, 3, 4, 7, 16, 21),
  seed: integer({ min: 0, max: 999 }),
  shift: integer({ min: 0, max: 3 }),
  cut: double({ min: 0, max: 1, noNaN: true }),
}).map((view) => ({ ...view, size: view.outer * view.count * view.inner, lines: view.outer * view.inner }));

const doubles = (values: ArrayLike<number>, shape: readonly number[]) =>
  g.reshape(g.tensor(Array.from(values), { dtype: "float64" }), shape).detach();

describe.each(kernelMemories)("reducing kernels of the %s binary", (_name, memory) => {
  const { kernels } = memory;

  test("sums and means, of numbers and of products", () => {
    assert(
      property(views, ({ outer, count, inner, seed, shift, cut, size, lines }) => {
        const [a, b] = [numbers(size, seed), numbers(size, seed + 1)];
        const out = new Float32Array(lines);
        const [sums, means, products] = runKernel(
          memory,
          { inputs: [a, b], outs: [out, out, out], units: lines, shift, cut },
          ([at, bt], [sum, mean, product], from, to) => {
            kernels.sum(at, sum, count, inner, 1, from, to);
            kernels.sum(at, mean, count, inner, 1 / count, from, to);
            kernels.mulSum(at, bt, product, count, inner, 2, from, to);
          },
        );
        const [x, y] = [a, b].map((values) => doubles(values, [outer, count, inner]));
        const sizes = g.abs(x).sum(1).data;
        const scale = (i: number) => sizes[i];
        expectNear(sums, g.sum(x, 1).data, 3, scale);
        expectNear(means, g.mean(x, 1).data, 3, (i) => scale(i) / count);
        expectNear(products, g.mul(x, y).sum(1).mul(2).data, 6, scale);
      }),
    );
  });

  test("the error of a sum does not grow with the count", () => {
    for (const [count, inner] of [
      [1_000_000, 1],
      [60_000, 16],
    ]) {
      const x = numbers(count * inner, 3).map((value) => value + 1);
      const [y] = runKernel(
        memory,
        { inputs: [x], outs: [new Float32Array(inner)], units: inner, shift: 1, cut: 0.4 },
        ([at], [out], from, to) => kernels.sum(at, out, count, inner, 1, from, to),
      );
      expectNear(y, doubles(x, [count, inner]).sum(0).data, 1);
    }
  });

  test("chunks give the sum of all at once, bit for bit", () => {
    const n = 5 * 16384 + 1234;
    const [a, b] = [numbers(n, 1), numbers(n, 2)];
    memory.clear();
    const [at, bt, partials, out] = [memory.put(a), memory.put(b), memory.room(20), memory.room(4)];
    const chunks = Math.ceil(n / 16384);
    kernels.sumChunks(at, partials, n, 3, chunks);
    kernels.sumChunks(at, partials, n, 0, 3);
    kernels.sumPartials(partials, out, chunks, 0.5);
    kernels.sum(at, out + 4, n, 1, 0.5, 0, 1);
    kernels.mulSumChunks(at, bt, partials, n, 0, chunks);
    kernels.sumPartials(partials, out + 8, chunks, 1);
    kernels.mulSum(at, bt, out + 12, n, 1, 1, 0, 1);
    const [halves, halvesAtOnce, products, productsAtOnce] = memory.floats(out, 4);
    expect([halves, products]).toEqual([halvesAtOnce, productsAtOnce]);
    const total = a.reduce((sum, x) => sum + x, 0);
    expectNear(Float32Array.of(halves), [total / 2], 1, () => 1);
  });

  test("sums over batch and length of each channel", () => {
    const shapes = record({
      batch: integer({ min: 0, max: 20 }),
      channels: integer({ min: 0, max: 21 }),
      length: constantFrom(1, 2, 9, 64),
      shift: integer({ min: 0, max: 3 }),
      cut: double({ min: 0, max: 1, noNaN: true }),
    });
    assert(
      property(shapes, ({ batch, channels, length, shift, cut }) => {
        const size = batch * channels * length;
        const [a, b] = [numbers(size, batch), numbers(size, channels)];
        const out = new Float32Array(channels);
        const [sums, products] = runKernel(
          memory,
          { inputs: [a, b], outs: [out, out], units: channels, shift, cut },
          ([at, bt], [sum, product], from, to) => {
            kernels.channelSum(at, sum, batch, channels, length, from, to);
            kernels.channelMulSum(at, bt, product, batch, channels, length, from, to);
          },
        );
        const [x, y] = [a, b].map((values) => doubles(values, [batch, channels, length]));
        const sizes = g.abs(x).sum([0, 2]).data;
        const scale = (i: number) => sizes[i];
        expectNear(sums, x.sum([0, 2]).data, 3, scale);
        expectNear(products, g.mul(x, y).sum([0, 2]).data, 3, scale);
      }),
    );
  });

  test("largest and smallest, where they stand, and their gradient", () => {
    const special = constantFrom<number | null>(null, null, NaN, Infinity, -Infinity);
    assert(
      property(views, special, ({ outer, count, inner, seed, shift, cut, size, lines }, odd) => {
        if (count === 0) return;
        // few different numbers, so that some tie
        const x = numbers(size, seed).map((value) => Math.round(value * 4));
        if (odd !== null && size > 0) x[seed % size] = odd;
        const gradient = numbers(lines, seed + 1);
        const out = new Float32Array(lines);
        const [most, least, mostAt, leastAt, dx] = runKernel(
          memory,
          { inputs: [x, gradient], outs: [out, out, out, out, x], units: lines, shift, cut },
          ([at, gAt], [max, min, argmax, argmin, into], from, to) => {
            kernels.max(at, max, count, inner, from, to);
            kernels.min(at, min, count, inner, from, to);
            kernels.argmax(at, argmax, count, inner, from, to);
            kernels.argmin(at, argmin, count, inner, from, to);
            kernels.extremeBackward(gAt, at, max, into, count, inner, from, to);
          },
        );
        const input = g.tensor(Array.from(x), { dtype: "float64", requiresGrad: true });
        const cube = g.reshape(input, [outer, count, inner]);
        const max = g.max(cube, 1);
        // of zeros, either sign may come first
        expectNear(most, max.data, 0);
        expectNear(least, g.min(cube, 1).data, 0);
        expect([...new Int32Array(mostAt.buffer)]).toEqual([...g.argmax(cube, 1).data]);
        expect([...new Int32Array(leastAt.buffer)]).toEqual([...g.argmin(cube, 1).data]);
        if (Number.isNaN(odd)) return;
        const expected = g.grad(max.mul(doubles(gradient, [outer, inner])).sum(), input);
        expectNear(dx, expected.data, 1);
      }),
    );
  });

  test("products, variances, and repetition", () => {
    assert(
      property(views, integer({ min: 0, max: 2 }), (view, correction) => {
        const { outer, count, inner, seed, shift, cut, size, lines } = view;
        const x = numbers(size, seed).map((value) => value * 1.5 + 3);
        const out = new Float32Array(lines);
        const [products, variances] = runKernel(
          memory,
          { inputs: [x], outs: [out, out], units: lines, shift, cut },
          ([at], [product, variance], from, to) => {
            kernels.prod(at, product, count, inner, from, to);
            kernels.variance(at, variance, count, inner, correction, from, to);
          },
        );
        const cube = doubles(x, [outer, count, inner]);
        expectNear(products, g.prod(cube, 1).data, 1);
        const expected = g.variance(cube, 1, { correction });
        if (count > correction) expectNear(variances, expected.data, 3, () => 1e-3);
        const repeated = runKernel(
          memory,
          { inputs: [x.slice(0, lines)], outs: [x], units: outer * count, shift, cut },
          ([at], [into], from, to) => kernels.repeat(at, into, count, inner, 0.5, from, to),
        );
        if (count === 0) return;
        const line = doubles(x.slice(0, lines), [outer, 1, inner]).mul(0.5);
        expectNear(repeated[0], g.broadcastTo(line, [outer, count, inner]).data, 1);
      }),
    );
  });

  test("a variance far from 0 keeps its digits", () => {
    const x = numbers(1000, 5).map((value) => 4096 + value);
    const [y] = runKernel(
      memory,
      { inputs: [x], outs: [new Float32Array(1)], units: 1, shift: 0, cut: 0 },
      ([at], [out], from, to) => kernels.variance(at, out, 1000, 1, 1, from, to),
    );
    expectNear(y, [g.variance(doubles(x, [1000])).item()], 4);
  });

  test("squares and sizes of all elements", () => {
    assert(
      property(integer({ min: 0, max: 70 }), integer({ min: 0, max: 3 }), (n, shift) => {
        const x = numbers(n, n);
        memory.clear();
        const at = memory.put(x, shift);
        const squares = x.reduce((sum, value) => sum + value * value, 0);
        expect(kernels.sumOfSquares(at, n)).toBeCloseTo(squares, 12);
        expect(kernels.largestSize(at, n)).toBe(
          x.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
        );
      }),
    );
    memory.clear();
    expect(kernels.sumOfSquares(memory.put([1e30, 1e-30]), 2)).toBeCloseTo(Math.fround(1e30) ** 2, -50);
    expect(kernels.largestSize(memory.put([1, NaN, 2, -3, 4]), 5)).toBeNaN();
    expect(kernels.largestSize(memory.put([1, -Infinity, 2]), 3)).toBe(Infinity);
  });
});

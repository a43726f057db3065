import { assert, constantFrom, double, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import * as g from "../../src/index.js";
import { expectNear } from "./expect-near.js";
import { kernelMemories, numbers } from "./kernel-memory.js";
import { runKernel } from "./run-kernel.js";

const views = record({
  outer: integer({ min: 0, max: 5 }),
  count: constantFrom(1, 2, 3, 4, 10, 33, 100),
  inner: constantFrom(1, 1, 2, 3, 4, 5, 9),
  spread: constantFrom(1, 10, 300),
  seed: integer({ min: 0, max: 999 }),
  shift: integer({ min: 0, max: 3 }),
  cut: double({ min: 0, max: 1, noNaN: true }),
}).map((view) => ({ ...view, size: view.outer * view.count * view.inner, lines: view.outer * view.inner }));

const doubles = (values: ArrayLike<number>) =>
  g.tensor(Array.from(values), { dtype: "float64", requiresGrad: true });

describe.each(kernelMemories)("softmax kernels of the %s binary", (_name, memory) => {
  const { kernels } = memory;

  test("softmax, its logarithm, ln Σ eˣ, and their gradients", () => {
    assert(
      property(views, ({ outer, count, inner, spread, seed, shift, cut, size, lines }) => {
        const x = numbers(size, seed).map((value) => value * spread);
        const gradient = numbers(size, seed + 1);
        const totals = new Float32Array(lines);
        const [y, logY, logSums, dx, dLog, inPlace] = runKernel(
          memory,
          { inputs: [x, gradient], outs: [x, x, totals, x, gradient, x], units: lines, shift, cut },
          ([at, gAt], [soft, log, logSum, into, intoLog, own], from, to) => {
            kernels.softmax(at, soft, count, inner, from, to);
            kernels.logSoftmax(at, log, count, inner, from, to);
            kernels.logSumExp(at, logSum, count, inner, from, to);
            kernels.softmaxBackward(gAt, soft, into, count, inner, from, to);
            kernels.logSoftmaxBackward(intoLog, log, intoLog, count, inner, from, to);
            kernels.softmax(own, own, count, inner, from, to);
          },
        );
        const shape = [outer, count, inner];
        const cube = g.reshape(doubles(x), shape).detach();
        const upstream = g.reshape(doubles(gradient), shape).detach();
        const gradientOf = (op: typeof g.softmax) => {
          const input = cube.detach();
          input.requiresGrad = true;
          return g.grad(op(input, 1).mul(upstream).sum(), input).data;
        };
        // the difference x − m is rounded, which its exponential multiplies
        expectNear(y, g.softmax(cube, 1).data, 4 + spread);
        expect(inPlace).toEqual(y);
        expectNear(logY, g.logSoftmax(cube, 1).data, 2, () => spread);
        expectNear(logSums, g.logSumExp(cube, 1).data, 2, () => spread);
        expectNear(dx, gradientOf(g.softmax), 4 + spread, () => 1);
        const scale = Math.sqrt(count) * (4 + spread);
        expectNear(dLog, gradientOf(g.logSoftmax), scale, () => 1);
      }),
    );
  });

  test("infinite logits", () => {
    const x = Float32Array.of(-Infinity, 0, -Infinity, Infinity, 0, 0, -Infinity, -Infinity, -Infinity);
    for (const inner of [1, 3]) {
      const [y, logSums] = runKernel(
        memory,
        { inputs: [x], outs: [x, new Float32Array(3)], units: 3, shift: 0, cut: 0.5 },
        ([at], [soft, logSum], from, to) => {
          kernels.softmax(at, soft, 3, inner, from, to);
          kernels.logSumExp(at, logSum, 3, inner, from, to);
        },
      );
      const cube = g.reshape(doubles(x), [3 / inner, 3, inner]);
      expectNear(y, g.softmax(cube, 1).data, 1);
      expectNear(logSums, g.logSumExp(cube, 1).data, 1);
    }
  });

  test("cross-entropy and its gradient", () => {
    assert(
      property(views, integer({ min: 0, max: 3 }), (view, wanted) => {
        const { outer, count, inner, spread, seed, shift, cut, size, lines } = view;
        const x = numbers(size, seed).map((value) => value * spread);
        const labels = Int32Array.from(
          numbers(lines, seed + 1),
          (value) => Math.floor(((value + 1) / 2) * (count + 1)) - 1,
        );
        const outs = [new Float32Array(lines), x];
        const [losses, dx] = runKernel(
          memory,
          { inputs: [x], labels, outs, units: lines, shift, cut },
          ([at, labelsAt], [lossAt, into], from, to) => {
            const [loss, gradient] = [wanted & 1 ? lossAt : 0, wanted & 2 ? into : 0];
            kernels.crossEntropy(
              wanted === 2 ? into : at,
              labelsAt,
              loss,
              gradient,
              count,
              inner,
              -1,
              0.25,
              from,
              to,
            );
          },
        );
        const input = doubles(x);
        const places = g.reshape(g.tensor(labels), [outer, inner]);
        const expected = g.nn.crossEntropy(g.reshape(input, [outer, count, inner]), places, {
          reduction: "none",
          ignoreIndex: -1,
        });
        if (wanted & 1) expectNear(losses, expected.data, 2, () => spread);
        if (wanted & 2) expectNear(dx, g.grad(expected.sum().mul(0.25), input).data, 4 + spread, () => 0.25);
      }),
    );
  });

  test("a small loss keeps its digits", () => {
    const x = Float32Array.of(20, 0);
    const [loss] = runKernel(
      memory,
      { inputs: [x], labels: Int32Array.of(0), outs: [new Float32Array(1)], units: 1, shift: 0, cut: 0 },
      ([at, labels], [out], from, to) => kernels.crossEntropy(at, labels, out, 0, 2, 1, -100, 1, from, to),
    );
    expectNear(loss, [Math.log1p(Math.exp(-20))], 3);
  });
});

import { assert, constantFrom, double, integer, property, record } from "fast-check";
import { describe, test } from "vitest";
import * as g from "../../src/index.js";
import { expectNear } from "./expect-near.js";
import { kernelMemories, numbers } from "./kernel-memory.js";
import { runKernel } from "./run-kernel.js";

const eps = 1e-3;
const views = record({
  batch: integer({ min: 1, max: 6 }),
  members: integer({ min: 1, max: 3 }),
  groups: integer({ min: 1, max: 4 }),
  length: constantFrom(1, 1, 2, 7, 16, 37),
  affine: constantFrom(0, 1),
  seed: integer({ min: 0, max: 999 }),
  shift: integer({ min: 0, max: 3 }),
  cut: double({ min: 0, max: 1, noNaN: true }),
}).map((view) => {
  const channels = view.members * view.groups;
  return { ...view, channels, size: view.batch * channels * view.length };
});

const leaf = (values: ArrayLike<number>, shape: readonly number[]) => {
  const x = g.reshape(g.tensor(Array.from(values), { dtype: "float64" }), shape).detach();
  x.requiresGrad = true;
  return x;
};

/** (x − μ) / √(σ² + ε) over the axes, in double precision. */
function standardized(x: g.Tensor, axes: readonly number[]): g.Tensor {
  const mean = g.mean(x, axes, { keepDims: true });
  const variance = g.variance(x, axes, { keepDims: true, correction: 0 });
  return g.div(g.sub(x, mean), g.sqrt(g.add(variance, eps)));
}

const widened = (values: ArrayLike<number>) => Float32Array.from(values, (value) => 2 * value + 1);

describe.each(kernelMemories)("normalising kernels of the %s binary", (_name, memory) => {
  const { kernels } = memory;

  test("batch normalisation and its gradients", () => {
    assert(
      property(views, (view) => {
        const { batch, channels, length, affine, seed, shift, cut, size } = view;
        const x = widened(numbers(size, seed));
        const [gamma, beta] = [numbers(channels, seed + 1), numbers(channels, seed + 2)];
        const gradient = numbers(size, seed + 3);
        const each = new Float32Array(channels);
        const [mean, variance] = runKernel(
          memory,
          { inputs: [x], outs: [each, each], units: channels, shift, cut },
          ([at], [means, variances], from, to) =>
            kernels.channelStatistics(at, means, variances, batch, channels, length, from, to),
        );
        const rows = length === 1 ? size : batch * channels;
        const [y] = runKernel(
          memory,
          { inputs: [mean, variance, gamma, beta], outs: [x], units: rows, shift, cut },
          ([means, variances, gammas, betas], [at], from, to) => {
            const [weight, bias] = affine ? [gammas, betas] : [0, 0];
            kernels.batchNorm(at, means, variances, weight, bias, at, channels, length, eps, from, to);
          },
        );
        const [dx, dgamma, dbeta] = runKernel(
          memory,
          { inputs: [x, mean, variance, gamma], outs: [gradient, each, each], units: channels, shift, cut },
          ([at, means, variances, gammas], [into, weights, biases], from, to) => {
            const [weight, dWeight, dBias] = affine ? [gammas, weights, biases] : [0, 0, 0];
            kernels.batchNormBackward(
              into,
              at,
              means,
              variances,
              weight,
              into,
              dWeight,
              dBias,
              batch,
              channels,
              length,
              eps,
              from,
              to,
            );
          },
        );
        const shape = [batch, channels, length];
        const inputs = [leaf(x, shape), leaf(affine ? gamma : gamma.map(() => 1), [channels, 1])];
        inputs.push(leaf(affine ? beta : beta.map(() => 0), [channels, 1]));
        const [input, weight, bias] = inputs;
        const expected = g.add(g.mul(standardized(input, [0, 2]), weight), bias);
        expectNear(mean, g.mean(input, [0, 2]).data, 2, () => 3);
        expectNear(variance, g.variance(input, [0, 2], { correction: 0 }).data, 4, () => 3);
        expectNear(y, expected.data, 300, () => 1);
        const slopes = g.grad(expected.mul(leaf(gradient, shape)).sum(), inputs);
        expectNear(dx, slopes[0].data, 3000, () => 10);
        if (!affine) return;
        expectNear(dgamma, slopes[1].data, 300, () => batch * length);
        expectNear(dbeta, slopes[2].data, 4, () => batch * length);
      }),
    );
  });

  test("layer normalisation and its gradients", () => {
    assert(
      property(views, (view) => {
        const { batch: rows, length, channels, affine, seed, shift, cut, size } = view;
        const n = channels * length;
        const x = widened(numbers(size, seed));
        const [gamma, beta] = [numbers(n, seed + 1), numbers(n, seed + 2)];
        const gradient = numbers(size, seed + 3);
        const each = new Float32Array(rows);
        const [y, mean, scale] = runKernel(
          memory,
          { inputs: [gamma, beta], outs: [x, each, each], units: rows, shift, cut },
          ([gammas, betas], [at, means, scales], from, to) => {
            const [weight, bias] = affine ? [gammas, betas] : [0, 0];
            kernels.layerNorm(at, weight, bias, at, means, scales, n, eps, from, to);
          },
        );
        const [dx] = runKernel(
          memory,
          { inputs: [x, mean, scale, gamma], outs: [gradient], units: rows, shift, cut },
          ([at, means, scales, gammas], [into], from, to) =>
            kernels.layerNormBackward(into, at, means, scales, affine ? gammas : 0, into, n, from, to),
        );
        const [dgamma, dbeta] = runKernel(
          memory,
          { inputs: [gradient, x, mean, scale], outs: [gamma, beta], units: n, shift, cut },
          ([gAt, at, means, scales], [weights, biases], from, to) =>
            kernels.layerNormAffineBackward(gAt, at, means, scales, weights, biases, rows, n, from, to),
        );
        const inputs = [leaf(x, [rows, n]), leaf(affine ? gamma : gamma.map(() => 1), [n])];
        inputs.push(leaf(affine ? beta : beta.map(() => 0), [n]));
        const [input, weight, bias] = inputs;
        const expected = g.add(g.mul(standardized(input, [1]), weight), bias);
        expectNear(y, expected.data, 300, () => 1);
        const slopes = g.grad(expected.mul(leaf(gradient, [rows, n])).sum(), inputs);
        expectNear(dx, slopes[0].data, 3000, () => 10);
        expectNear(dgamma, slopes[1].data, 300, () => rows);
        expectNear(dbeta, slopes[2].data, 4, () => rows);
      }),
    );
  });

  test("group normalisation and its gradients", () => {
    assert(
      property(views, (view) => {
        const { batch, channels, groups, length, affine, seed, shift, cut, size } = view;
        const x = widened(numbers(size, seed));
        const [gamma, beta] = [numbers(channels, seed + 1), numbers(channels, seed + 2)];
        const gradient = numbers(size, seed + 3);
        const each = new Float32Array(batch * groups);
        const [y, mean, scale] = runKernel(
          memory,
          { inputs: [gamma, beta], outs: [x, each, each], units: batch * groups, shift, cut },
          ([gammas, betas], [at, means, scales], from, to) => {
            const [weight, bias] = affine ? [gammas, betas] : [0, 0];
            kernels.groupNorm(at, weight, bias, at, means, scales, channels, length, groups, eps, from, to);
          },
        );
        const [dx] = runKernel(
          memory,
          { inputs: [x, mean, scale, gamma], outs: [gradient], units: batch * groups, shift, cut },
          ([at, means, scales, gammas], [into], from, to) => {
            const weight = affine ? gammas : 0;
            kernels.groupNormBackward(
              into,
              at,
              means,
              scales,
              weight,
              into,
              channels,
              length,
              groups,
              from,
              to,
            );
          },
        );
        const [dgamma, dbeta] = runKernel(
          memory,
          { inputs: [gradient, x, mean, scale], outs: [gamma, beta], units: channels, shift, cut },
          ([gAt, at, means, scales], [weights, biases], from, to) =>
            kernels.groupNormAffineBackward(
              gAt,
              at,
              means,
              scales,
              weights,
              biases,
              batch,
              channels,
              length,
              groups,
              from,
              to,
            ),
        );
        const shape = [batch, channels, length];
        const inputs = [leaf(x, shape), leaf(affine ? gamma : gamma.map(() => 1), [channels, 1])];
        inputs.push(leaf(affine ? beta : beta.map(() => 0), [channels, 1]));
        const [input, weight, bias] = inputs;
        const grouped = standardized(g.reshape(input, [batch, groups, size / batch / groups]), [2]);
        const expected = g.add(g.mul(g.reshape(grouped, shape), weight), bias);
        expectNear(y, expected.data, 300, () => 1);
        const slopes = g.grad(expected.mul(leaf(gradient, shape)).sum(), inputs);
        expectNear(dx, slopes[0].data, 3000, () => 10);
        expectNear(dgamma, slopes[1].data, 300, () => batch * length);
        expectNear(dbeta, slopes[2].data, 4, () => batch * length);
      }),
    );
  });
});

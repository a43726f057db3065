import { tensor, type Tensor } from "gradlab";
import { exercise, expect, student, type Handle } from "gradlab/testing";

type Matrix = number[][];
const f64 = (numbers: number[] | Matrix) => tensor(numbers, { dtype: "float64" });
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const draw = (random: () => number, count: number) => Array.from({ length: count }, () => 2 * random() - 1);
const drawMatrix = (random: () => number, rows: number, columns: number) =>
  Array.from({ length: rows }, () => draw(random, columns));
const norm = (values: Iterable<number>) =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value ** 2, 0));

exercise("chain-slope", ({ test }) => {
  test("no layer: the input passes with slope 1", async () => {
    expect(await student.chainSlope([], 3)).toBeAllClose(1);
  });

  test("ten random chains of random length agree with a measurement", async ({ random }) => {
    for (let trial = 0; trial < 10; trial++) {
      const w = draw(random, 1 + Math.floor(6 * random())).map((value) => 3 * value);
      const x = 4 * random() - 2;
      const output = (at: number) => w.reduce((o, weight) => sigmoid(weight * o), at);
      const measured = (output(x + 1e-5) - output(x - 1e-5)) / 2e-5;
      expect(await student.chainSlope(w, x)).toBeAllClose(measured, { rtol: 1e-4, atol: 1e-10 });
    }
  });

  test("saturated units pass nothing, on either side", async () => {
    expect(await student.chainSlope([800], 1)).toBeAllClose(0);
    expect(await student.chainSlope([800], -1)).toBeAllClose(0);
  });

  test("the weights stay as they are", async () => {
    const { args } = await student.chainSlope.observe([1, -2, 3], 0.5);
    expect(args[0]).toEqual([1, -2, 3]);
  });
});

interface Layer {
  W: Matrix;
  input: number[];
  slopes: number[];
}

/** ∂L/∂W of layer k, entry by entry, as a sum over the paths of a linearised net: the boxed formula, multiplied out. */
function gradientByProduct(layers: Layer[], lossGradient: number[], k: number): Matrix {
  // From the loss to z of layer k: a row vector times W and slopes of each layer on the way.
  let row = lossGradient.map((value, i) => value * layers[layers.length - 1].slopes[i]);
  for (let i = layers.length - 1; i > k; i--) {
    const { W } = layers[i];
    row = W[0].map((_, j) => layers[i - 1].slopes[j] * W.reduce((sum, w, unit) => sum + row[unit] * w[j], 0));
  }
  return row.map((delta) => layers[k].input.map((entry) => delta * entry));
}

function gradientsOf(layers: Layer[], lossGradient: number[]) {
  return [
    layers.map(({ W }) => f64(W)),
    layers.map(({ input }) => f64(input)),
    layers.map(({ slopes }) => f64(slopes)),
    f64(lossGradient),
  ] as const;
}

function drawLayers(random: () => number, sizes: number[]): Layer[] {
  return sizes.slice(1).map((size, k) => ({
    W: drawMatrix(random, size, sizes[k]),
    input: draw(random, sizes[k]),
    slopes: draw(random, size),
  }));
}

exercise("layer-gradients", ({ test }) => {
  test("widths that grow, shrink, and are 1", async ({ random }) => {
    for (const sizes of [
      [1, 4, 1],
      [6, 2, 5, 3],
      [2, 2, 2, 2, 2],
      [3, 1],
    ]) {
      const layers = drawLayers(random, sizes);
      const lossGradient = draw(random, sizes[sizes.length - 1]);
      const received = (await student.layerGradients(...gradientsOf(layers, lossGradient))) as Tensor[];
      expect(received).toHaveLength(layers.length);
      for (const [k, gradient] of received.entries())
        expect(gradient).toBeAllClose(gradientByProduct(layers, lossGradient, k));
    }
  });

  test("forty layers of one unit: the product of section 3", async () => {
    const layers = Array.from({ length: 40 }, () => ({ W: [[1.5]], input: [2], slopes: [0.5] }));
    const [first] = (await student.layerGradients(...gradientsOf(layers, [1]))) as Tensor[];
    expect(first).toBeAllClose([[2 * 0.5 * 0.75 ** 39]]);
  });

  test("what was passed stays as it is", async ({ random }) => {
    const layers = drawLayers(random, [3, 3, 3]);
    const { args } = await student.layerGradients.observe(...gradientsOf(layers, [1, 2, 3]));
    const [W, inputs, slopes] = args as Tensor[][];
    expect(W.map((weight) => weight.toArray())).toEqual(layers.map((layer) => layer.W));
    expect(inputs.map((input) => input.toArray())).toEqual(layers.map(({ input }) => input));
    expect(slopes.map((slope) => slope.toArray())).toEqual(layers.map((layer) => layer.slopes));
    expect(args[3]).toBeAllClose([1, 2, 3]);
  });

  test("no layer, no gradient", { gated: true }, async () => {
    expect(await student.layerGradients([], [], [], f64([1]))).toEqual([]);
  });
});

exercise("spectral-norm", ({ test }) => {
  test("random 2 × 2 matrices, against the formula for their larger singular value", async ({ random }) => {
    for (let trial = 0; trial < 10; trial++) {
      const [[a, b], [c, d]] = drawMatrix(random, 2, 2);
      const [total, determinant] = [a * a + b * b + c * c + d * d, a * d - b * c];
      const exact = Math.sqrt((total + Math.sqrt(total ** 2 - 4 * determinant ** 2)) / 2);
      const W = f64([
        [a, b],
        [c, d],
      ]);
      expect(await student.spectralNorm(W, f64([0.8, 0.6]), 500)).toBeAllClose(exact, { rtol: 1e-3 });
    }
  });

  test("one row, one column: the length of the vector", async () => {
    expect(await student.spectralNorm(f64([[3, 4]]), f64([1, 0]), 5)).toBeAllClose(5);
    expect(await student.spectralNorm(f64([[3], [4]]), f64([-2]), 5)).toBeAllClose(5);
  });

  test("a wide diagonal matrix: the largest entry in size, though negative", async () => {
    const W = f64([
      [1, 0, 0, 0],
      [0, -7, 0, 0],
      [0, 0, 2, 0],
    ]);
    expect(await student.spectralNorm(W, f64([1, 1, 1, 1]), 30)).toBeAllClose(7);
  });

  test("tiny matrices, too", async () => {
    expect(await student.spectralNorm(f64([[1e-30, 0]]), f64([1, 1]), 20)).toBeAllClose(1e-30, { atol: 0 });
  });

  test("a start vector that the matrix sends to 0: the answer is 0 from the first step on", async () => {
    const W = f64([
      [1, 0],
      [0, 0],
    ]);
    expect(await student.spectralNorm(W, f64([0, 1]), 4)).toBeAllClose(0);
    expect(await student.spectralNorm(W, f64([0, 1]), 0)).toBeAllClose(0);
  });

  test("matrix and start vector stay as they are", async () => {
    const { args } = await student.spectralNorm.observe(f64([[2, 1]]), f64([1, 5]), 3);
    expect(args[0]).toBeAllClose([[2, 1]]);
    expect(args[1]).toBeAllClose([1, 5]);
  });
});

interface NetOptions {
  depth: number;
  width: number;
  activation: "sigmoid" | "tanh" | "relu";
  seed: number;
  inputs: number;
  classes: number;
}

async function makeNet(options: NetOptions, x: Matrix, labels: number[]) {
  const model = (await student.plainNet(options)) as Handle;
  const loss = await student.lossOn(model, f64(x), tensor(labels, { dtype: "int32" }));
  const parameters = (await model.call("parameters")) as Tensor[];
  const weights = parameters.filter(({ shape }) => shape.length === 2).map((W) => W.toArray() as Matrix);
  return { model, loss, weights };
}

const activations = { sigmoid, tanh: Math.tanh, relu: (z: number) => Math.max(z, 0) };

/** Mean cross-entropy of a net without biases, by the definition. */
function meanLoss(options: NetOptions, weights: Matrix[], x: Matrix, labels: number[]): number {
  const losses = x.map((example, n) => {
    let o = example;
    weights.forEach((W, k) => {
      const z = W.map((row) => row.reduce((sum, weight, j) => sum + weight * o[j], 0));
      o = k < weights.length - 1 ? z.map(activations[options.activation]) : z;
    });
    return Math.log(o.reduce((sum, logit) => sum + Math.exp(logit), 0)) - o[labels[n]];
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

exercise("gradient-norms", ({ test }) => {
  for (const activation of ["sigmoid", "tanh", "relu"] as const) {
    test(`two layers with ${activation}, a batch of three, agree with a measurement`, async ({ random }) => {
      const options = { depth: 2, width: 3, activation, seed: 8, inputs: 2, classes: 3 };
      const [x, labels] = [drawMatrix(random, 3, 2), [2, 0, 1]];
      const { model, loss, weights } = await makeNet(options, x, labels);
      const measured = weights.map((W, k) =>
        norm(
          W.flatMap((row, i) =>
            row.map((value, j) => {
              const at = (moved: number) =>
                meanLoss(options, weights.with(k, W.with(i, row.with(j, moved))), x, labels);
              return (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
            }),
          ),
        ),
      );
      // Looser than elsewhere: a ReLU may have its kink nearby.
      expect(await student.gradientNorms(model, loss)).toBeAllClose(measured, { rtol: 1e-4 });
    });
  }

  test("two models in turn do not disturb each other", async () => {
    const options = { depth: 2, width: 3, activation: "tanh", seed: 1, inputs: 2, classes: 2 } as const;
    const one = await makeNet(options, [[1, 2]], [0]);
    const other = await makeNet({ ...options, seed: 2 }, [[-1, 1]], [1]);
    const first = await student.gradientNorms(one.model, one.loss);
    await student.gradientNorms(other.model, other.loss);
    expect(await student.gradientNorms(one.model, one.loss)).toBeAllClose(first);
  });

  test("measuring changes no weight", async () => {
    const options = { depth: 3, width: 3, activation: "relu", seed: 3, inputs: 2, classes: 2 } as const;
    const { model, loss, weights } = await makeNet(options, [[1, 2]], [0]);
    await student.gradientNorms(model, loss);
    const after = ((await model.call("parameters")) as Tensor[]).filter(({ shape }) => shape.length === 2);
    expect(after.map((W) => W.toArray())).toEqual(weights);
  });
});

exercise("draw-weights", ({ test }) => {
  const variances: Record<string, (fanIn: number, fanOut: number) => number> = {
    lecun: (fanIn) => 1 / fanIn,
    xavier: (fanIn, fanOut) => 2 / (fanIn + fanOut),
    he: (fanIn) => 2 / fanIn,
  };
  for (const [rule, variance] of Object.entries(variances))
    for (const distribution of ["normal", "uniform"] as const)
      test(`${rule}, ${distribution}: mean and variance of narrow and wide layers`, async ({ random }) => {
        for (const [fanIn, fanOut] of [
          [400, 25],
          [25, 400],
        ]) {
          const seed = Math.floor(1e6 * random());
          const { data, shape } = (await student.drawWeights(
            rule,
            fanIn,
            fanOut,
            seed,
            distribution,
          )) as Tensor;
          expect(shape).toEqual([fanOut, fanIn]);
          const expected = variance(fanIn, fanOut);
          // Five standard errors: these seeds are each student's own.
          const spread = distribution === "normal" ? 2 : 0.8;
          const received = norm(data) ** 2 / data.length;
          expect(received).toBeAllClose(expected, { rtol: 5 * Math.sqrt(spread / data.length) });
          const mean = Array.from(data).reduce((sum, value) => sum + value, 0) / data.length;
          expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(expected / data.length));
          if (distribution === "uniform") {
            const largest = Math.max(...data.map(Math.abs));
            expect(largest).toBeLessThanOrEqual(Math.sqrt(3 * expected) * (1 + 1e-6));
          }
        }
      });

  test("one input, one output", async () => {
    expect(((await student.drawWeights("he", 1, 1, 1)) as Tensor).shape).toEqual([1, 1]);
  });

  test("uniform draws depend on the seed, too, and on nothing drawn before", async () => {
    const first = (await student.drawWeights("he", 3, 2, 9, "uniform")) as Tensor;
    const other = (await student.drawWeights("he", 3, 2, 10, "uniform")) as Tensor;
    expect(await student.drawWeights("he", 3, 2, 9, "uniform")).toBeAllClose(first);
    expect(other.data[0]).not.toBe(first.data[0]);
  });
});

exercise("clip-by-norm", ({ test }) => {
  const clipped = async (gradients: (number[] | Matrix)[], maxNorm: number) =>
    (await student.clipByNorm(gradients.map(f64), maxNorm)) as Tensor[];

  test("exactly at the limit nothing changes", async () => {
    expect((await clipped([[3, 4]], 5))[0]).toBeAllClose([3, 4]);
  });

  test("shapes stay, of vectors, rows and columns", async () => {
    const received = await clipped([[1, 2, 3], [[4, 5]], [[6], [7]]], 1);
    expect(received.map(({ shape }) => shape)).toEqual([[3], [1, 2], [2, 1]]);
  });

  test("a hundred random gradients: joint norm and direction", async ({ random }) => {
    const gradients = Array.from({ length: 100 }, (_, i) => draw(random, 1 + (i % 5)));
    const received = (await clipped(gradients, 0.01)).flatMap(({ data }) => Array.from(data));
    const factor = 0.01 / norm(gradients.flat());
    expect(received).toBeAllClose(gradients.flat().map((value) => value * factor));
  });

  test("a tiny limit, and a huge gradient", async () => {
    const [first] = await clipped([[3e60, -4e60]], 1e-6);
    expect(first).toBeAllClose([6e-7, -8e-7], { atol: 1e-15 });
  });

  test("no gradients, no result; a zero among others stays zero", { gated: true }, async () => {
    expect(await clipped([], 1)).toEqual([]);
    const [zero, rest] = await clipped([[0], [2]], 1);
    expect([zero.data[0], rest.data[0]]).toBeAllClose([0, 1]);
  });

  test("below the limit the gradients passed stay as they are, too", async () => {
    const { args } = await student.clipByNorm.observe([f64([1, 2]), f64([[3]])], 100);
    const [first, second] = args[0] as Tensor[];
    expect(first).toBeAllClose([1, 2]);
    expect(second).toBeAllClose([[3]]);
  });
});

interface LayerHandles {
  norm: Handle;
  linear: Handle;
}

async function makeLayer(W: Matrix, b: number[]): Promise<LayerHandles> {
  const layer = (await student.makeLayer(W[0].length, W.length, 1)) as LayerHandles;
  await layer.linear.set("weight", f64(W));
  await layer.linear.set("bias", f64(b));
  return layer;
}

/** Each column standardised over the batch. */
function normalized(h: Matrix): Matrix {
  const means = h[0].map((_, j) => h.reduce((sum, row) => sum + row[j], 0) / h.length);
  const variances = means.map((mean, j) => h.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / h.length);
  return h.map((row) => row.map((value, j) => (value - means[j]) / Math.sqrt(variances[j] + 1e-5)));
}

exercise("layer-forward", ({ test }) => {
  const switches = ["relu", "batchNorm", "residual"];
  for (let subset = 0; subset < 8; subset++) {
    const chosen = switches.filter((_, i) => subset & (1 << i));
    test(`random layers with [${chosen.join(", ")}], in any order`, async ({ random }) => {
      const [W, b, h] = [drawMatrix(random, 4, 4), draw(random, 4), drawMatrix(random, 3, 4)];
      const activate = chosen.includes("relu") ? (z: number) => Math.max(z, 0) : sigmoid;
      const active = (chosen.includes("batchNorm") ? normalized(h) : h).map((row) => row.map(activate));
      const expected = active.map((row, n) =>
        W.map((weights, i) => {
          const shortcut = chosen.includes("residual") ? h[n][i] : 0;
          return weights.reduce((sum, weight, j) => sum + weight * row[j], b[i] + shortcut);
        }),
      );
      const layer = await makeLayer(W, b);
      for (const order of [chosen, chosen.toReversed()])
        expect(await student.layerForward(layer, f64(h), order)).toBeAllClose(expected);
    });
  }

  test("from 4 to 2 units, one example", async () => {
    const layer = await makeLayer(
      [
        [1, 2, 3, 4],
        [-1, -1, -1, -1],
      ],
      [0.5, 0],
    );
    expect(await student.layerForward(layer, f64([[1, -1, 1, -1]]), ["relu"])).toBeAllClose([[4.5, -2]]);
  });

  test("in use, batch norm takes its running statistics: mean 0, variance 1 at first", async () => {
    const layer = await makeLayer([[2]], [0]);
    await layer.norm.call("eval");
    const received = await student.layerForward(layer, f64([[1], [3]]), ["batchNorm", "relu"]);
    expect(received).toBeAllClose([[2], [6]], { rtol: 1e-4 });
  });

  test("without batchNorm the normalisation is not even asked: its statistics stay", async () => {
    const layer = await makeLayer([[2]], [0]);
    await student.layerForward(layer, f64([[1], [3]]), ["relu", "residual"]);
    expect(await layer.norm.get("runningMean")).toBeAllClose([0]);
  });

  test("h stays as it is", async () => {
    const layer = await makeLayer([[2]], [0]);
    const { args } = await student.layerForward.observe(layer, f64([[3]]), ["residual"]);
    expect(args[1]).toBeAllClose([[3]]);
  });
});

exercise("three-remedies", { timeout: 90_000 }, ({ test }) => {
  test("with other weights and batches, 30 steps teach half of the digits, too", async () => {
    const chosen = await student.threeRemedies();
    const { accuracy } = (await student.trial(chosen, { steps: 30, seed: 3 })) as { accuracy: number };
    expect(accuracy).toBeGreaterThanOrEqual(0.5);
  });
});

import { tensor, type Tensor } from "gradlab";
import { exercise, expect, student, type Handle } from "gradlab/testing";

type Matrix = number[][];
const f64 = (numbers: number[] | Matrix) => tensor(numbers, { dtype: "float64" });
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const draw = (random: () => number, count: number) => Array.from({ length: count }, () => 2 * random() - 1);
const drawMatrix = (random: () => number, rows: number, columns: number) =>
  Array.from({ length: rows }, () => draw(random, columns));
const sumOfSquares = (values: number[]) => values.reduce((sum, value) => sum + value ** 2, 0);

exercise("chain-slope", ({ test }) => {
  test("the example: w = (2, 2) at 0 gives 0.5 · 0.3932 ≈ 0.1966", async () => {
    expect(await student.chainSlope([2, 2], 0)).toBeAllClose(0.19661193, { rtol: 1e-6 });
  });

  test("one unit with w = 3 at x = 1: 3 σ(3) (1 − σ(3)) ≈ 0.1355", async () => {
    expect(await student.chainSlope([3], 1)).toBeAllClose(0.13552998, { rtol: 1e-6 });
  });

  test("weights of 1 at 0: the second unit sees 0.5, so 0.25 · 0.2350 ≈ 0.0588", async () => {
    expect(await student.chainSlope([1, 1], 0)).toBeAllClose(0.05875093, { rtol: 1e-6 });
  });

  test("a negative weight turns the sign: w = −1 at 0 gives −1/4", async () => {
    expect(await student.chainSlope([-1], 0)).toBeAllClose(-0.25);
  });

  test("a weight of 0 cuts the chain: the slope is 0", async () => {
    expect(await student.chainSlope([0, 5], 1)).toBeAllClose(0);
  });

  test("a random chain of four agrees with a measurement", async ({ random }) => {
    const w = draw(random, 4).map((value) => value + 2);
    const output = (x: number) => w.reduce((o, weight) => sigmoid(weight * o), x);
    const measured = (output(0.3 + 1e-5) - output(0.3 - 1e-5)) / 2e-5;
    expect(await student.chainSlope(w, 0.3)).toBeAllClose(measured, { rtol: 1e-5 });
  });
});

interface Layer {
  W: Matrix;
  input: number[];
  slopes: number[];
}

/** The gradients of all weight matrices, element by element, from the recursion for δ. */
function referenceGradients(layers: Layer[], lossGradient: number[]): Matrix[] {
  let arriving = lossGradient;
  const gradients = layers.toReversed().map(({ W, input, slopes }) => {
    const delta = slopes.map((slope, i) => slope * arriving[i]);
    arriving = input.map((_, j) => delta.reduce((sum, value, i) => sum + W[i][j] * value, 0));
    return delta.map((value) => input.map((entry) => value * entry));
  });
  return gradients.reverse();
}

async function layerGradients(layers: Layer[], lossGradient: number[]): Promise<Tensor[]> {
  const [W, inputs, slopes] = [
    layers.map((layer) => f64(layer.W)),
    layers.map((layer) => f64(layer.input)),
    layers.map((layer) => f64(layer.slopes)),
  ];
  return (await student.layerGradients(W, inputs, slopes, f64(lossGradient))) as Tensor[];
}

const identity = [
  [1, 0],
  [0, 1],
];

exercise("layer-gradients", ({ test }) => {
  test("the example: [[6, 12], [0, 0]] and [[2, 0]]", async () => {
    const layers = [
      {
        W: [
          [1, 0],
          [0, -1],
        ],
        input: [1, 2],
        slopes: [1, 0],
      },
      { W: [[3, 4]], input: [1, 0], slopes: [1] },
    ];
    const [first, second] = await layerGradients(layers, [2]);
    expect(first).toBeAllClose([
      [6, 12],
      [0, 0],
    ]);
    expect(second).toBeAllClose([[2, 0]]);
  });

  test("one layer: slopes times ∇CE, times the input: [[10, −5], [18, −9]]", async () => {
    const layers = [{ W: identity, input: [2, -1], slopes: [0.5, 3] }];
    const [gradient] = await layerGradients(layers, [10, 3]);
    expect(gradient).toBeAllClose([
      [10, -5],
      [18, -9],
    ]);
  });

  test("the last gradient of the list belongs to the last layer", async () => {
    const layers = [
      { W: identity, input: [1, 1], slopes: [1, 1] },
      { W: identity, input: [5, 7], slopes: [1, 1] },
    ];
    const gradients = await layerGradients(layers, [1, 2]);
    expect(gradients[1]).toBeAllClose([
      [5, 7],
      [10, 14],
    ]);
  });

  test("a layer whose slopes are all 0 lets nothing through to the one in front", async () => {
    const layers = [
      { W: identity, input: [1, 2], slopes: [1, 1] },
      { W: identity, input: [3, 4], slopes: [0, 0] },
      { W: identity, input: [5, 6], slopes: [1, 1] },
    ];
    const [first, second, third] = await layerGradients(layers, [1, 1]);
    expect(first).toBeAllClose([
      [0, 0],
      [0, 0],
    ]);
    expect(second).toBeAllClose([
      [0, 0],
      [0, 0],
    ]);
    expect(third).toBeAllClose([
      [5, 6],
      [5, 6],
    ]);
  });

  test("backward goes through the transpose: what unit 1 took from input 2 returns to input 2", async () => {
    const layers = [
      { W: identity, input: [1, 1], slopes: [1, 1] },
      {
        W: [
          [0, 1],
          [0, 0],
        ],
        input: [1, 1],
        slopes: [1, 1],
      },
    ];
    const [first] = await layerGradients(layers, [1, 0]);
    expect(first).toBeAllClose([
      [0, 0],
      [1, 1],
    ]);
  });

  test("three random layers of 4, 3 and 2 units, element by element", async ({ random }) => {
    const sizes = [5, 4, 3, 2];
    const layers = [0, 1, 2].map((k) => ({
      W: drawMatrix(random, sizes[k + 1], sizes[k]),
      input: draw(random, sizes[k]),
      slopes: draw(random, sizes[k + 1]),
    }));
    const lossGradient = draw(random, 2);
    const expected = referenceGradients(layers, lossGradient);
    const received = await layerGradients(layers, lossGradient);
    expect(received).toHaveLength(3);
    for (const [k, gradient] of received.entries()) expect(gradient).toBeAllClose(expected[k]);
  });
});

const sheared = [
  [2, 1],
  [0, 1],
];
/** Of the matrix above: the root of the larger eigenvalue of WᵀW = [[4, 2], [2, 2]]. */
const shearedNorm = Math.sqrt(3 + Math.sqrt(5));

exercise("spectral-norm", ({ test }) => {
  test("the example after 0, 1 and 2 steps: 2, 2.2804, 2.2881", async () => {
    const after = [0, 1, 2].map((steps) => student.spectralNorm(f64(sheared), f64([1, 0]), steps));
    expect(await Promise.all(after)).toBeAllClose([2, Math.sqrt(26 / 5), Math.sqrt(178 / 34)]);
  });

  test("after 50 steps: √(3 + √5), to ten digits", async () => {
    const norm = await student.spectralNorm(f64(sheared), f64([1, 0]), 50);
    expect(norm).toBeAllClose(shearedNorm, { rtol: 1e-10 });
  });

  test("a matrix that is not square: [[0, 2], [3, 0], [0, 0]] stretches by 3 at most", async () => {
    const W = f64([
      [0, 2],
      [3, 0],
      [0, 0],
    ]);
    expect(await student.spectralNorm(W, f64([1, 1]), 60)).toBeAllClose(3);
  });

  test("the length of the start vector makes no difference: (4, 0) as (1, 0)", async () => {
    expect(await student.spectralNorm(f64(sheared), f64([4, 0]), 0)).toBeAllClose(2);
  });

  test("a matrix times 10³⁰ has a norm times 10³⁰: lengths must not pile up", async () => {
    const W = f64(sheared.map((row) => row.map((value) => value * 1e30)));
    expect(await student.spectralNorm(W, f64([1, 0]), 40)).toBeAllClose(shearedNorm * 1e30);
  });

  test("the zero matrix stretches by 0, not by NaN", async () => {
    expect(await student.spectralNorm(f64([[0, 0]]), f64([1, 1]), 3)).toBeAllClose(0);
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

/** The student's net as a handle, with its loss on a batch. */
async function makeNet(options: NetOptions, x: Matrix, labels: number[]) {
  const model = (await student.plainNet(options)) as Handle;
  const loss = await student.lossOn(model, f64(x), tensor(labels, { dtype: "int32" }));
  const parameters = (await model.call("parameters")) as Tensor[];
  const weights = parameters.filter(({ shape }) => shape.length === 2).map((W) => W.toArray() as Matrix);
  return { model, loss, weights };
}

/** Mean cross-entropy of a tanh net without biases, by the definition. */
function tanhLoss(weights: Matrix[], x: Matrix, labels: number[]): number {
  const losses = x.map((example, n) => {
    let o = example;
    weights.forEach((W, k) => {
      const z = W.map((row) => row.reduce((sum, weight, j) => sum + weight * o[j], 0));
      o = k < weights.length - 1 ? z.map(Math.tanh) : z;
    });
    return Math.log(o.reduce((sum, logit) => sum + Math.exp(logit), 0)) - o[labels[n]];
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** The norm of each weight matrix' gradient by central differences: knows no formula. */
function measuredNorms(loss: (weights: Matrix[]) => number, weights: Matrix[], h = 1e-5): number[] {
  return weights.map((W, k) => {
    const slopes = W.flatMap((row, i) =>
      row.map((value, j) => {
        const at = (moved: number) => loss(weights.with(k, W.with(i, row.with(j, moved))));
        return (at(value + h) - at(value - h)) / (2 * h);
      }),
    );
    return Math.sqrt(sumOfSquares(slopes));
  });
}

exercise("gradient-norms", ({ test }) => {
  test("one layer, two classes, x = 3: ∇W = (p − target) · 3, of length 3 √2 (1 − p₀)", async () => {
    const options = { depth: 1, width: 1, activation: "tanh", seed: 1, inputs: 1, classes: 2 } as const;
    const { model, loss, weights } = await makeNet(options, [[3]], [0]);
    const [[[w0], [w1]]] = weights;
    const p0 = sigmoid(3 * (w0 - w1));
    expect(await student.gradientNorms(model, loss)).toBeAllClose([3 * Math.SQRT2 * (1 - p0)]);
  });

  test("one number per weight matrix: biases are left out", async () => {
    const options = { depth: 4, width: 3, activation: "relu", seed: 2, inputs: 2, classes: 2 } as const;
    const { model, loss } = await makeNet(options, [[1, 2]], [1]);
    expect(await student.gradientNorms(model, loss)).toHaveLength(4);
  });

  test("from the first layer to the last: in six sigmoid layers the first has the smallest", async () => {
    const options = { depth: 6, width: 8, activation: "sigmoid", seed: 3, inputs: 4, classes: 3 } as const;
    const { model, loss } = await makeNet(options, [[1, -1, 0.5, 2]], [2]);
    const norms = (await student.gradientNorms(model, loss)) as number[];
    expect(norms[0]).toBeLessThan(norms[norms.length - 1] / 20);
  });

  test("asked twice, the same answer: gradients of the first call are cleared", async () => {
    const options = { depth: 2, width: 3, activation: "tanh", seed: 4, inputs: 2, classes: 2 } as const;
    const { model, loss } = await makeNet(options, [[1, 2]], [0]);
    const first = await student.gradientNorms(model, loss);
    expect(await student.gradientNorms(model, loss)).toBeAllClose(first);
  });

  test("three tanh layers on a batch agree with a measurement to 1e-6", async ({ random }) => {
    const options = { depth: 3, width: 4, activation: "tanh", seed: 5, inputs: 3, classes: 2 } as const;
    const [x, labels] = [drawMatrix(random, 4, 3), [0, 1, 1, 0]];
    const { model, loss, weights } = await makeNet(options, x, labels);
    const expected = measuredNorms((moved) => tanhLoss(moved, x, labels), weights);
    expect(await student.gradientNorms(model, loss)).toBeAllClose(expected, { rtol: 1e-6 });
  });
});

/** Mean and variance of all entries. */
function moments({ data }: Tensor) {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: sumOfSquares(values.map((value) => value - mean)) / values.length };
}

const [fanIn, fanOut] = [60, 200];

/**
 * Four standard errors of the variance, relative to it: the variance of a squared normal number is 2 σ⁴, that of a
 * squared uniform one 0.8 σ⁴.
 */
const fourSigma = { normal: 4 * Math.sqrt(2 / 12_000), uniform: 4 * Math.sqrt(0.8 / 12_000) };

async function drawn(rule: string, seed: number, distribution?: "normal" | "uniform"): Promise<Tensor> {
  const rest = distribution ? [distribution] : [];
  return (await student.drawWeights(rule, fanIn, fanOut, seed, ...rest)) as Tensor;
}

exercise("draw-weights", ({ test }) => {
  test("outputs first: from 5 to 3 units the shape is [3, 5]", async () => {
    expect(((await student.drawWeights("lecun", 5, 3, 1)) as Tensor).shape).toEqual([3, 5]);
  });

  const rules = { lecun: 1 / 60, xavier: 2 / 260, he: 2 / 60 };
  for (const [rule, variance] of Object.entries(rules)) {
    test(`${rule} from 60 to 200 units: variance ${variance.toFixed(5)}, within four standard errors`, async () => {
      expect(moments(await drawn(rule, 1)).variance).toBeAllClose(variance, { rtol: fourSigma.normal });
    });
  }

  test("uniform has the same variance: he, 0.03333", async () => {
    const { variance } = moments(await drawn("he", 1, "uniform"));
    expect(variance).toBeAllClose(2 / 60, { rtol: fourSigma.uniform });
  });

  test("uniform stays within √(3 · variance), and comes near it", async () => {
    const bound = Math.sqrt(6 / 60);
    const largest = Math.max(...(await drawn("he", 2, "uniform")).data.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound);
    expect(largest).toBeGreaterThan(0.99 * bound);
  });

  test("normal unless told: 8.3 % lie beyond √3 standard deviations, where uniform has none", async () => {
    const { data } = await drawn("lecun", 3);
    const beyond = Array.from(data).filter((value) => Math.abs(value) > Math.sqrt(3 / 60)).length;
    expect(beyond / data.length).toBeGreaterThan(0.07);
    expect(beyond / data.length).toBeLessThan(0.1);
  });

  test("the mean is 0, within four standard errors", async () => {
    const { mean } = moments(await drawn("lecun", 4));
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 60 / 12_000));
  });

  test("the seed decides: the same again for the same, others for another", async () => {
    const first = await drawn("xavier", 5);
    expect(await drawn("xavier", 5)).toBeAllClose(first);
    expect((await drawn("xavier", 6)).data[0]).not.toBe(first.data[0]);
  });
});

async function clipped(gradients: (number[] | Matrix)[], maxNorm: number): Promise<Tensor[]> {
  return (await student.clipByNorm(gradients.map(f64), maxNorm)) as Tensor[];
}

exercise("clip-by-norm", ({ test }) => {
  test("the example: (3, 4) and (12) have norm 13; at most 6.5 halves both", async () => {
    const [first, second] = await clipped([[3, 4], [12]], 6.5);
    expect(first).toBeAllClose([1.5, 2]);
    expect(second).toBeAllClose([6]);
  });

  test("one matrix of norm 5, at most 1: [[0.6, 0], [0, 0.8]]", async () => {
    const matrix = [
      [3, 0],
      [0, 4],
    ];
    expect((await clipped([matrix], 1))[0]).toBeAllClose([
      [0.6, 0],
      [0, 0.8],
    ]);
  });

  test("below the limit nothing changes: norm 13, at most 20", async () => {
    const [first, second] = await clipped([[3, 4], [12]], 20);
    expect(first).toBeAllClose([3, 4]);
    expect(second).toBeAllClose([12]);
  });

  test("gradients that are all 0 stay 0, and do not become NaN", async () => {
    expect((await clipped([[0, 0]], 1))[0]).toBeAllClose([0, 0]);
  });

  test("the direction stays: all components shrink by the same factor", async ({ random }) => {
    const gradients = [draw(random, 4), draw(random, 7)].map((g) => g.map((value) => value + 3));
    const received = (await clipped(gradients, 1)).flatMap(({ data }) => Array.from(data));
    const factors = received.map((value, i) => value / gradients.flat()[i]);
    expect(factors).toBeAllClose(factors.map(() => factors[0]));
  });

  test("clipped gradients have the joint norm maxNorm", async ({ random }) => {
    const gradients = [draw(random, 4), draw(random, 7)].map((g) => g.map((value) => value + 3));
    const received = (await clipped(gradients, 0.7)).flatMap(({ data }) => Array.from(data));
    expect(Math.sqrt(sumOfSquares(received))).toBeAllClose(0.7);
  });

  test("the gradients that were passed stay as they are", async () => {
    const { args } = await student.clipByNorm.observe([f64([3, 4])], 1);
    expect((args[0] as Tensor[])[0]).toBeAllClose([3, 4]);
  });
});

interface LayerHandles {
  norm: Handle;
  linear: Handle;
}

/** The student's layer with given weights. */
async function makeLayer(W: Matrix, b: number[]): Promise<LayerHandles> {
  const layer = (await student.makeLayer(W[0].length, W.length, 1)) as LayerHandles;
  await layer.linear.set("weight", f64(W));
  await layer.linear.set("bias", f64(b));
  return layer;
}

/** What a layer with W = (2), b = 0 makes of a batch of single numbers. */
async function forward(h: number[], remedies: string[]): Promise<unknown> {
  const layer = await makeLayer([[2]], [0]);
  return student.layerForward(layer, f64(h.map((value) => [value])), remedies);
}

/** (h − mean) / √(variance + 1e-5), each column over the batch. */
function normalized(h: Matrix): Matrix {
  const columns = h[0].map((_, j) => {
    const { mean, variance } = moments(f64(h.map((row) => row[j])));
    return h.map((row) => (row[j] - mean) / Math.sqrt(variance + 1e-5));
  });
  return h.map((_, n) => columns.map((column) => column[n]));
}

exercise("layer-forward", ({ test }) => {
  test("no remedy, W = 2, h = 3: 2 σ(3) ≈ 1.9051", async () => {
    expect(await forward([3], [])).toBeAllClose([[2 * sigmoid(3)]]);
  });

  test("relu: 2 · 3 = 6, and below zero nothing", async () => {
    expect(await forward([3], ["relu"])).toBeAllClose([[6]]);
    expect(await forward([-3], ["relu"])).toBeAllClose([[0]]);
  });

  test("residual and relu at 3: 3 + 6 = 9", async () => {
    expect(await forward([3], ["residual", "relu"])).toBeAllClose([[9]]);
  });

  test("residual adds h as it came in: at −3 the ReLU is silent, and −3 remains", async () => {
    expect(await forward([-3], ["relu", "residual"])).toBeAllClose([[-3]]);
  });

  test("batchNorm comes first: (1, 3) becomes (−1, 1), then ReLU, then 2: (0, 2)", async () => {
    expect(await forward([1, 3], ["batchNorm", "relu"])).toBeAllClose([[0], [2]], { rtol: 1e-4 });
  });

  test("batchNorm and residual: h + 2 σ(∓1), with h and not its normalised form", async () => {
    const expected = [[1 + 2 * sigmoid(-1)], [3 + 2 * sigmoid(1)]];
    expect(await forward([1, 3], ["batchNorm", "residual"])).toBeAllClose(expected, { rtol: 1e-4 });
  });

  test("names that do not concern a layer change nothing", async () => {
    expect(await forward([3], ["clip", "init", "auxiliary"])).toBeAllClose([[2 * sigmoid(3)]]);
  });

  test("a random layer from 3 to 3 units with all its switches on, number by number", async ({ random }) => {
    const [W, b, h] = [drawMatrix(random, 3, 3), draw(random, 3), drawMatrix(random, 5, 3)];
    const active = normalized(h).map((row) => row.map((value) => Math.max(value, 0)));
    const expected = active.map((row, n) =>
      W.map((weights, i) => weights.reduce((sum, weight, j) => sum + weight * row[j], b[i] + h[n][i])),
    );
    const layer = await makeLayer(W, b);
    const received = await student.layerForward(layer, f64(h), ["relu", "batchNorm", "residual"]);
    expect(received).toBeAllClose(expected);
  });
});

const remedies = ["relu", "init", "batchNorm", "residual", "clip", "auxiliary"];

interface Trial {
  norms: number[];
  losses: number[];
  accuracy: number;
}

exercise("three-remedies", { timeout: 90_000 }, ({ test }) => {
  let run: Promise<Trial> | undefined;
  /** Trains the student's net of 50 layers with the student's remedies, once for all tests. */
  const trained = () =>
    (run ??= student
      .threeRemedies()
      .then((chosen) => student.trial(chosen, { steps: 30, seed: 1 })) as Promise<Trial>);

  test("three different remedies, all of them from the list of six", async () => {
    const chosen = (await student.threeRemedies()) as string[];
    expect(new Set(chosen).size, "different remedies").toBe(3);
    expect(chosen).toHaveLength(3);
    expect(remedies).toEqual(expect.arrayContaining(chosen));
  });

  test("the gradient reaches the first layer: at the start it is at least 1e-4 there", async () => {
    expect((await trained()).norms[0]).toBeGreaterThanOrEqual(1e-4);
  });

  test("and it does not explode on its way: at the start it is at most 1e3 there", async () => {
    expect((await trained()).norms[0]).toBeLessThanOrEqual(1e3);
  });

  test("after 30 steps at least half of the digits are right", async () => {
    const { losses, accuracy } = await trained();
    expect(losses, "steps before the loss was no longer a number").toHaveLength(30);
    expect(accuracy).toBeGreaterThanOrEqual(0.5);
  });
});

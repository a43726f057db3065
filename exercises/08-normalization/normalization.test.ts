import { tensor, type Tensor } from "gradlab";
import { exercise, expect, student } from "gradlab/testing";

/** Numbers in double precision, in the shape of their nesting. */
function t(values: Parameters<typeof tensor>[0]): Tensor {
  return tensor(values, { dtype: "float64" });
}

/** Random numbers from −1 to 1. */
function draw(shape: number[], random: () => number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return t(Array.from({ length: size }, () => 2 * random() - 1)).reshape(shape);
}

/** Standardised numbers by the definition: element i belongs to the list `listOf(i)`. */
function standardised(x: Tensor, listOf: (i: number) => number, eps: number): Tensor {
  const lists = new Map<number, number[]>();
  x.data.forEach((value, i) => lists.set(listOf(i), [...(lists.get(listOf(i)) ?? []), value]));
  const values = Array.from(x.data, (value, i) => {
    const list = lists.get(listOf(i))!;
    const mean = list.reduce((sum, number) => sum + number, 0) / list.length;
    const variance = list.reduce((sum, number) => sum + (number - mean) ** 2, 0) / list.length;
    return (value - mean) / Math.sqrt(variance + eps);
  });
  return t(values).reshape(x.shape);
}

interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

async function standardize(...args: unknown[]): Promise<Standardized> {
  return (await student.standardize(...args)) as Standardized;
}

exercise("norm-standardize", ({ test }) => {
  const example = t([
    [1, 2],
    [7, 2],
    [7, 4],
    [9, 4],
  ]);

  test("the example's means: 6 and 3, as a tensor of shape [1, 2]", async () => {
    expect((await standardize(example, [0], 0)).mean).toBeAllClose([[6, 3]]);
  });

  test("the example's variances: 36/4 = 9 and 4/4 = 1", async () => {
    expect((await standardize(example, [0], 0)).variance).toBeAllClose([[9, 1]]);
  });

  test("the example's values: −5/3, 1/3, 1/3, 1 and −1, −1, 1, 1", async () => {
    expect((await standardize(example, [0], 0)).values).toBeAllClose([
      [-5 / 3, -1],
      [1 / 3, -1],
      [1 / 3, 1],
      [1, 1],
    ]);
  });

  test("pooled over [1], each row is a list, and scale and place do not matter", async () => {
    const x = t([
      [1, 7, 7, 9],
      [110, 170, 170, 190],
    ]);
    const { values, mean } = await standardize(x, [1], 0);
    expect(mean).toBeAllClose([[6], [160]]);
    expect(values).toBeAllClose([
      [-5 / 3, 1 / 3, 1 / 3, 1],
      [-5 / 3, 1 / 3, 1 / 3, 1],
    ]);
  });

  test("eps stands under the root: 1, 3 with eps = 3 become ∓1/√4", async () => {
    expect((await standardize(t([1, 3]), [0], 3)).values).toBeAllClose([-0.5, 0.5]);
  });

  test("equal numbers become 0, not NaN: eps is 1e-5 unless told", async () => {
    expect((await standardize(t([5, 5, 5]), [0])).values).toBeAllClose([0, 0, 0]);
    expect((await standardize(t([-0.001, 0.001]), [0])).values).toBeAllClose([
      -1 / Math.sqrt(11),
      1 / Math.sqrt(11),
    ]);
  });

  test("the variance itself is reported without eps", async () => {
    expect((await standardize(t([1, 3]), [0], 3)).variance).toBeAllClose([1]);
  });

  test("a billion further from zero, the same values: centre first, then square", async () => {
    const x = t([1e9 + 1, 1e9 + 7, 1e9 + 7, 1e9 + 9]);
    expect((await standardize(x, [0], 0)).values).toBeAllClose([-5 / 3, 1 / 3, 1 / 3, 1]);
  });

  test("two axes at once: [2, 3, 2] pooled over [0, 2] makes three lists of four", async ({ random }) => {
    const x = draw([2, 3, 2], random);
    const { values, mean } = await standardize(x, [0, 2], 0.01);
    expect(mean.shape).toEqual([1, 3, 1]);
    expect(values).toBeAllClose(standardised(x, (i) => Math.floor(i / 2) % 3, 0.01));
  });
});

interface RunningStats {
  mean: Tensor;
  variance: Tensor;
}

interface TrainStep {
  y: Tensor;
  running: RunningStats;
}

async function batchNormTrain(...args: unknown[]): Promise<TrainStep> {
  return (await student.batchNormTrain(...args)) as TrainStep;
}

exercise("batch-norm-train", ({ test }) => {
  const x = t([
    [1, 2],
    [7, 2],
    [7, 4],
    [9, 4],
  ]);
  const [gamma, beta] = [t([3, 2]), t([6, 10])];
  const start = { mean: t([0, 0]), variance: t([1, 1]) };
  const normalised = [
    [1, 8],
    [7, 8],
    [7, 12],
    [9, 12],
  ];

  test("the table's y: 1, 7, 7, 9 and 8, 8, 12, 12", async () => {
    expect((await batchNormTrain(x, gamma, beta, start, 0.1, 0)).y).toBeAllClose(normalised);
  });

  test("the table's running mean: 0.6 and 0.3, of shape [2]", async () => {
    expect((await batchNormTrain(x, gamma, beta, start, 0.1, 0)).running.mean).toBeAllClose([0.6, 0.3]);
  });

  test("the table's running variance: 0.9 + 0.1 · 12 = 2.1 and 0.9 + 0.1 · 4/3", async () => {
    const { running } = await batchNormTrain(x, gamma, beta, start, 0.1, 0);
    expect(running.variance).toBeAllClose([2.1, 0.9 + 0.4 / 3]);
  });

  test("y is made of this batch alone: the running statistics do not matter", async () => {
    const elsewhere = { mean: t([100, -100]), variance: t([50, 0.02]) };
    expect((await batchNormTrain(x, gamma, beta, elsewhere, 0.1, 0)).y).toBeAllClose(normalised);
  });

  test("momentum is the share of the new batch: 0.75 · 2 + 0.25 · 6 = 3 and 0.75 · 4 + 0.25 · 12 = 6", async () => {
    const old = { mean: t([2, 3]), variance: t([4, 4 / 3]) };
    const { running } = await batchNormTrain(x, gamma, beta, old, 0.25, 0);
    expect(running.mean).toBeAllClose([3, 3]);
    expect(running.variance).toBeAllClose([6, 4 / 3]);
  });

  test("without further arguments momentum is 0.1 and eps 1e-5", async () => {
    const { y, running } = await batchNormTrain(t([[-0.001], [0.001]]), t([1]), t([0]), {
      mean: t([1]),
      variance: t([1]),
    });
    expect(y).toBeAllClose([[-1 / Math.sqrt(11)], [1 / Math.sqrt(11)]]);
    expect(running.mean).toBeAllClose([0.9]);
    expect(running.variance).toBeAllClose([0.9 + 2e-7], { rtol: 1e-9 });
  });

  test("the running statistics that it was given stay as they are", async () => {
    const { args } = await student.batchNormTrain.observe(x, gamma, beta, start, 0.1, 0);
    const given = args[3] as RunningStats;
    expect(given.mean, "running.mean of the argument: return new ones instead").toBeAllClose([0, 0]);
    expect(given.variance, "running.variance of the argument").toBeAllClose([1, 1]);
  });

  // Where the error arose stands behind its message, after a space.
  test("a batch of one row is an error, with a message", { gated: true }, async () => {
    await expect(student.batchNormTrain(t([[1, 2]]), gamma, beta, start)).rejects.toThrow(/^\S/);
  });
});

exercise("batch-norm-eval", ({ test }) => {
  const running = { mean: t([6, 3]), variance: t([9, 1]) };

  test("the example: 12 is two deviations above 6, and y = 2 · 2 + 1 = 5", async () => {
    const one = { mean: t([6]), variance: t([9]) };
    expect(await student.batchNormEval(t([[12]]), t([2]), t([1]), one, 0)).toBeAllClose([[5]]);
  });

  test("each column has its own statistics, scale and shift", async () => {
    const x = t([
      [6, 4],
      [9, 3],
      [0, 1],
    ]);
    expect(await student.batchNormEval(x, t([10, 5]), t([1, 2]), running, 0)).toBeAllClose([
      [1, 7],
      [11, 2],
      [-19, -8],
    ]);
  });

  test("eps stands under the root: (3 − 1)/√(1 + 3) = 1", async () => {
    const one = { mean: t([1]), variance: t([1]) };
    expect(await student.batchNormEval(t([[3]]), t([1]), t([0]), one, 3)).toBeAllClose([[1]]);
  });

  test("without further arguments eps is 1e-5", async () => {
    const small = { mean: t([0]), variance: t([1e-6]) };
    expect(await student.batchNormEval(t([[0.001]]), t([1]), t([0]), small)).toBeAllClose([
      [1 / Math.sqrt(11)],
    ]);
  });

  test("a sample gets the same answer alone and in company", async ({ random }) => {
    const [x, gamma, beta] = [draw([3, 2], random), draw([2], random), draw([2], random)];
    const together = (await student.batchNormEval(x, gamma, beta, running)) as Tensor;
    for (const n of [0, 1, 2]) {
      const alone = await student.batchNormEval(x.slice(n, n + 1), gamma, beta, running);
      expect(alone).toBeAllClose(together.slice(n, n + 1));
    }
  });
});

interface Gradients {
  dx: Tensor;
  dgamma: Tensor;
  dbeta: Tensor;
}

async function batchNormBackward(...args: unknown[]): Promise<Gradients> {
  return (await student.batchNormBackward(...args)) as Gradients;
}

/** ∂/∂x of Σ w y with y = γ x̂ by central differences; knows no formula of the backward pass. */
function measuredGradient(x: Tensor, w: Tensor, gamma: Tensor, eps: number): Tensor {
  const columns = x.shape[1];
  const loss = (values: ArrayLike<number>) =>
    standardised(t(Array.from(values)).reshape(x.shape), (i) => i % columns, eps)
      .mul(gamma)
      .mul(w)
      .sum()
      .item();
  const slopes = Array.from(x.data, (value, i) => {
    const at = (moved: number) => loss(Array.from(x.data).with(i, moved));
    return (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
  });
  return t(slopes).reshape(x.shape);
}

exercise("batch-norm-backward", ({ test }) => {
  const [g, x] = [t([[8], [0], [0], [0]]), t([[1], [1], [5], [5]])];

  test("the example's dx: 2, −2, 0, 0", async () => {
    expect((await batchNormBackward(g, x, t([1]), 0)).dx).toBeAllClose([[2], [-2], [0], [0]]);
  });

  test("the example's dgamma: Σ g x̂ = 8 · (−1)", async () => {
    expect((await batchNormBackward(g, x, t([1]), 0)).dgamma).toBeAllClose([-8]);
  });

  test("the example's dbeta: Σ g = 8", async () => {
    expect((await batchNormBackward(g, x, t([1]), 0)).dbeta).toBeAllClose([8]);
  });

  test("with γ = 3, dx is three times as large and the others as before", async () => {
    const { dx, dgamma, dbeta } = await batchNormBackward(g, x, t([3]), 0);
    expect(dx).toBeAllClose([[6], [-6], [0], [0]]);
    expect(dgamma).toBeAllClose([-8]);
    expect(dbeta).toBeAllClose([8]);
  });

  test("shifting all x changes nothing, so dx sums to 0 in every column", async ({ random }) => {
    const { dx } = await batchNormBackward(
      draw([5, 3], random),
      draw([5, 3], random),
      draw([3], random),
      0.1,
    );
    expect(dx.sum(0), "sums of dx; the path through the mean makes them 0").toBeAllClose([0, 0, 0]);
  });

  test("stretching all x changes nothing, so dx is at right angles to x̂ (eps = 0)", async ({ random }) => {
    const values = draw([5, 3], random);
    const { dx } = await batchNormBackward(draw([5, 3], random), values, draw([3], random), 0);
    const along = dx.mul(standardised(values, (i) => i % 3, 0)).sum(0);
    expect(along, "sums of dx · x̂; the path through the variance makes them 0").toBeAllClose([0, 0, 0]);
  });

  test("three random columns with eps = 0.5 agree with a measurement", async ({ random }) => {
    const [w, values, gamma] = [draw([6, 3], random), draw([6, 3], random), draw([3], random)];
    const { dx } = await batchNormBackward(w, values, gamma, 0.5);
    expect(dx).toBeAllClose(measuredGradient(values, w, gamma, 0.5), { rtol: 1e-6, atol: 1e-9 });
  });

  test("without a further argument eps is 1e-5", async () => {
    // γ/√(10⁻⁶ + 10⁻⁵) · (g − ḡ − x̂ · mean(g x̂)) with x̂ = ∓1/√11, g = (1, 0)
    const { dx } = await batchNormBackward(t([[1], [0]]), t([[-0.001], [0.001]]), t([1]));
    const slope = (0.5 - 0.5 / 11) / Math.sqrt(1.1e-5);
    expect(dx).toBeAllClose([[slope], [-slope]]);
  });
});

exercise("channel-rows", ({ test }) => {
  /** Two images with two channels of 1 × 2 places. */
  const images = t([
    [[[1, 7]], [[2, 2]]],
    [[[7, 9]], [[4, 4]]],
  ]);
  const rows = [
    [1, 2],
    [7, 2],
    [7, 4],
    [9, 4],
  ];

  test("the example's rows: (1, 2), (7, 2), (7, 4), (9, 4)", async () => {
    expect(await student.toRows(images)).toBeAllClose(rows);
  });

  test("an image of 2 × 3 places: its places row by row, channel 0 beside channel 1", async () => {
    const image = t([
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [
          [10, 20, 30],
          [40, 50, 60],
        ],
      ],
    ]);
    expect(await student.toRows(image)).toBeAllClose([
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
      [5, 50],
      [6, 60],
    ]);
  });

  test("the example's rows become the images again", async () => {
    expect(await student.fromRows(t(rows), [2, 2, 1, 2])).toBeAllClose(images);
  });

  test("there and back: [2, 3, 4, 5] is what it was", async ({ random }) => {
    const x = draw([2, 3, 4, 5], random);
    const there = (await student.toRows(x)) as Tensor;
    expect(there.shape).toEqual([40, 3]);
    expect(await student.fromRows(there, x.shape)).toBeAllClose(x);
  });

  test("batchNorm2dTrain: every channel is one list, over images and places", async ({ random }) => {
    const x = draw([2, 3, 2, 4], random);
    const start = { mean: t([0, 0, 0]), variance: t([1, 1, 1]) };
    const { y } = (await student.batchNorm2dTrain(x, t([1, 1, 1]), t([0, 0, 0]), start)) as TrainStep;
    expect(y).toBeAllClose(standardised(x, (i) => Math.floor(i / 8) % 3, 1e-5));
  });
});

exercise("layer-norm", ({ test }) => {
  const [one, zero] = [t([1, 1, 1, 1]), t([0, 0, 0, 0])];
  const x = t([
    [1, 7, 7, 9],
    [110, 170, 170, 190],
  ]);

  test("the example: both rows become −5/3, 1/3, 1/3, 1", async () => {
    expect(await student.layerNorm(x, one, zero, 0)).toBeAllClose([
      [-5 / 3, 1 / 3, 1 / 3, 1],
      [-5 / 3, 1 / 3, 1 / 3, 1],
    ]);
  });

  test("every element has its own γ and β", async () => {
    expect(await student.layerNorm(x, t([3, 6, 9, 1]), t([1, 2, 3, 4]), 0)).toBeAllClose([
      [-4, 4, 6, 5],
      [-4, 4, 6, 5],
    ]);
  });

  test("of images a sample is all channels and places: [2, 2, 2, 3]", async ({ random }) => {
    const [images, gamma, beta] = [
      draw([2, 2, 2, 3], random),
      draw([2, 2, 3], random),
      draw([2, 2, 3], random),
    ];
    const expected = standardised(images, (i) => Math.floor(i / 12), 0.01)
      .mul(gamma)
      .add(beta);
    expect(await student.layerNorm(images, gamma, beta, 0.01)).toBeAllClose(expected);
  });

  test("a sample gets the same answer alone and in company", async () => {
    expect(await student.layerNorm(x.slice(1), one, zero, 0)).toBeAllClose([[-5 / 3, 1 / 3, 1 / 3, 1]]);
  });

  test("without a further argument eps is 1e-5", async () => {
    const small = t([[-0.001, 0.001]]);
    expect(await student.layerNorm(small, t([1, 1]), t([0, 0]))).toBeAllClose([
      [-1 / Math.sqrt(11), 1 / Math.sqrt(11)],
    ]);
  });
});

exercise("group-norm", ({ test }) => {
  const image = t([[[[1, 7]], [[7, 9]], [[2, 2]], [[4, 4]]]]);
  const [one, zero] = [t([1, 1, 1, 1]), t([0, 0, 0, 0])];
  const values = [[[[-5 / 3, 1 / 3]], [[1 / 3, 1]], [[-1, -1]], [[1, 1]]]];

  test("the example: groups 1, 7, 7, 9 and 2, 2, 4, 4", async () => {
    expect(await student.groupNorm(image, 2, one, zero, 0)).toBeAllClose(values);
  });

  test("every channel has its own γ and β", async () => {
    const expected = [[[[7, 13]], [[22, 26]], [[21, 21]], [[49, 49]]]];
    expect(await student.groupNorm(image, 2, t([3, 6, 9, 9]), t([12, 20, 30, 40]), 0)).toBeAllClose(expected);
  });

  test("six channels in two groups: three in each", async () => {
    const six = t([[[[1]], [[4]], [[7]], [[10]], [[10]], [[40]]]]);
    const [gamma, beta] = [t([1, 1, 1, 1, 1, 1]), t([0, 0, 0, 0, 0, 0])];
    const [r, s] = [Math.sqrt(1.5), Math.sqrt(0.5)];
    const expected = [[[[-r]], [[0]], [[r]], [[-s]], [[-s]], [[2 * s]]]];
    expect(await student.groupNorm(six, 2, gamma, beta, 0)).toBeAllClose(expected, { atol: 1e-12 });
  });

  test("one group is layer norm: each image one list", async ({ random }) => {
    const x = draw([2, 4, 3, 2], random);
    expect(await student.groupNorm(x, 1, one, zero, 0.01)).toBeAllClose(
      standardised(x, (i) => Math.floor(i / 24), 0.01),
    );
  });

  test("as many groups as channels is instance norm: each channel of each image one list", async ({
    random,
  }) => {
    const x = draw([2, 4, 3, 2], random);
    expect(await student.groupNorm(x, 4, one, zero, 0.01)).toBeAllClose(
      standardised(x, (i) => Math.floor(i / 6), 0.01),
    );
  });

  test("without a further argument eps is 1e-5", async () => {
    const small = t([[[[-0.001]], [[0.001]]]]);
    const expected = [[[[-1 / Math.sqrt(11)]], [[1 / Math.sqrt(11)]]]];
    expect(await student.groupNorm(small, 1, t([1, 1]), t([0, 0]))).toBeAllClose(expected);
  });

  test(
    "three channels in two groups are an error with a message, even if their numbers can be halved",
    { gated: true },
    async () => {
      const x = t([[[[1, 2]], [[3, 4]], [[5, 6]]]]);
      await expect(student.groupNorm(x, 2, t([1, 1, 1]), t([0, 0, 0]))).rejects.toThrow(/^\S/);
    },
  );
});

interface Layer {
  weight: Tensor;
  bias: Tensor;
}

async function foldBatchNorm(...args: unknown[]): Promise<Layer> {
  return (await student.foldBatchNorm(...args)) as Layer;
}

exercise("fold-batch-norm", ({ test }) => {
  const running = { mean: t([5]), variance: t([9]) };
  /** Factors 6/3 = 2 and 5/1 = 5. */
  const two = {
    gamma: t([6, 5]),
    beta: t([1, 2]),
    running: { mean: t([5, 1]), variance: t([9, 1]) },
  };

  test("the example's weight: 2 becomes 4", async () => {
    const { weight } = await foldBatchNorm(t([[[[2]]]]), t([1]), t([6]), t([1]), running, 0);
    expect(weight).toBeAllClose([[[[4]]]]);
  });

  test("the example's bias: 2 · (1 − 5) + 1 = −7", async () => {
    const { bias } = await foldBatchNorm(t([[[[2]]]]), t([1]), t([6]), t([1]), running, 0);
    expect(bias).toBeAllClose([-7]);
  });

  test("a linear layer [2, 2]: the factors 2 and 5 scale rows, the outputs", async () => {
    const square = t([
      [1, 10],
      [100, 1000],
    ]);
    const { weight } = await foldBatchNorm(square, t([0, 0]), two.gamma, two.beta, two.running, 0);
    expect(weight).toBeAllClose([
      [2, 20],
      [500, 5000],
    ]);
  });

  test("filters [2, 3, 1, 2]: every number of a filter by its factor", async ({ random }) => {
    const filters = draw([2, 3, 1, 2], random);
    const { weight, bias } = await foldBatchNorm(filters, t([1, 2]), two.gamma, two.beta, two.running, 0);
    const expected = Array.from(filters.data, (value, i) => value * (i < 6 ? 2 : 5));
    expect(weight).toBeAllClose(t(expected).reshape([2, 3, 1, 2]));
    expect(bias).toBeAllClose([2 * (1 - 5) + 1, 5 * (2 - 1) + 2]);
  });

  test("eps stands under the root: variance 1, eps 3, factor γ/2", async () => {
    const { weight, bias } = await foldBatchNorm(
      t([[4]]),
      t([3]),
      t([1]),
      t([0]),
      { mean: t([1]), variance: t([1]) },
      3,
    );
    expect(weight).toBeAllClose([[2]]);
    expect(bias).toBeAllClose([1]);
  });

  test("without a further argument eps is 1e-5", async () => {
    const small = { mean: t([0]), variance: t([1e-6]) };
    const { weight } = await foldBatchNorm(t([[0.001]]), t([0]), t([1]), t([0]), small);
    expect(weight).toBeAllClose([[1 / Math.sqrt(11)]]);
  });

  test("one layer computes what the two did, at random", async ({ random }) => {
    const [x, w, b] = [draw([5, 4], random), draw([3, 4], random), draw([3], random)];
    const [gamma, beta] = [draw([3], random), draw([3], random)];
    const stats = { mean: draw([3], random), variance: draw([3], random).add(2) };
    const { weight, bias } = await foldBatchNorm(w, b, gamma, beta, stats, 0.01);
    const z = x.matmul(w.transpose()).add(b);
    const both = z.sub(stats.mean).div(stats.variance.add(0.01).sqrt()).mul(gamma).add(beta);
    expect(x.matmul(weight.transpose()).add(bias)).toBeAllClose(both);
  });
});

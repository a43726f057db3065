import { conv2d, tensor, type Tensor } from "gradlab";
import { exercise, expect, student } from "gradlab/testing";

/** Numbers in double precision, in the shape of their nesting. */
function t(values: Parameters<typeof tensor>[0]): Tensor {
  return tensor(values, { dtype: "float64" });
}

/** Random numbers from −2 to 2. */
function draw(shape: number[], random: () => number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return t(Array.from({ length: size }, () => 4 * random() - 2)).reshape(shape);
}

/** A tensor of equal numbers. */
function all(value: number, ...shape: number[]): Tensor {
  return t(value).expand(shape);
}

/** Mean and biased variance of the list to which element i belongs, by the definition. */
function statistics(x: Tensor, listOf: (i: number) => number) {
  const lists = new Map<number, number[]>();
  x.data.forEach((value, i) => lists.set(listOf(i), [...(lists.get(listOf(i)) ?? []), value]));
  const found = new Map<number, { mean: number; variance: number; count: number }>();
  for (const [key, list] of lists) {
    const mean = list.reduce((sum, number) => sum + number, 0) / list.length;
    const variance = list.reduce((sum, number) => sum + (number - mean) ** 2, 0) / list.length;
    found.set(key, { mean, variance, count: list.length });
  }
  return found;
}

function standardised(x: Tensor, listOf: (i: number) => number, eps: number): Tensor {
  const found = statistics(x, listOf);
  const values = Array.from(x.data, (value, i) => {
    const { mean, variance } = found.get(listOf(i))!;
    return (value - mean) / Math.sqrt(variance + eps);
  });
  return t(values).reshape(x.shape);
}

interface Standardized {
  values: Tensor;
  mean: Tensor;
  variance: Tensor;
}

exercise("norm-standardize", ({ test }) => {
  test("[3, 2, 5] pooled over [1, 2]", async ({ random }) => {
    const x = draw([3, 2, 5], random);
    const result = (await student.standardize(x, [1, 2], 0.1)) as Standardized;
    const rows = statistics(x, (i) => Math.floor(i / 10));
    expect(result.values).toBeAllClose(standardised(x, (i) => Math.floor(i / 10), 0.1));
    expect(result.mean).toBeAllClose([0, 1, 2].map((n) => [[rows.get(n)!.mean]]));
    expect(result.variance).toBeAllClose([0, 1, 2].map((n) => [[rows.get(n)!.variance]]));
  });

  test("all axes at once, [2, 1, 2, 3]", async ({ random }) => {
    const x = draw([2, 1, 2, 3], random);
    const { values, mean } = (await student.standardize(x, [0, 1, 2, 3])) as Standardized;
    expect(values).toBeAllClose(standardised(x, () => 0, 1e-5));
    expect(mean.shape).toEqual([1, 1, 1, 1]);
  });

  test("a list of one number becomes 0", async () => {
    const { values, variance } = (await student.standardize(t([[7], [-3]]), [1])) as Standardized;
    expect(values).toBeAllClose([[0], [0]]);
    expect(variance).toBeAllClose([[0], [0]]);
  });

  test("its argument stays as it is, and a second call gives the same", async () => {
    const x = t([1, 3, 8]);
    const { args, value } = await student.standardize.observe(x, [0], 0);
    expect(args[0]).toBeAllClose([1, 3, 8]);
    const again = (await student.standardize(x, [0], 0)) as Standardized;
    expect(again.values).toBeAllClose((value as Standardized).values, { rtol: 1e-15 });
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

exercise("batch-norm-train", ({ test }) => {
  test("a random batch [3, 5]: y and running statistics by the definition", async ({ random }) => {
    const [x, gamma, beta] = [draw([3, 5], random), draw([5], random), draw([5], random)];
    const start = { mean: draw([5], random), variance: draw([5], random).add(3) };
    const { y, running } = (await student.batchNormTrain(x, gamma, beta, start, 0.3, 0.01)) as TrainStep;
    const columns = statistics(x, (i) => i % 5);
    expect(y).toBeAllClose(
      standardised(x, (i) => i % 5, 0.01)
        .mul(gamma)
        .add(beta),
    );
    const batch = [0, 1, 2, 3, 4].map((d) => columns.get(d)!);
    expect(running.mean).toBeAllClose(batch.map(({ mean }, d) => 0.7 * start.mean.data[d] + 0.3 * mean));
    expect(running.variance).toBeAllClose(
      batch.map(({ variance }, d) => 0.7 * start.variance.data[d] + 0.3 * 1.5 * variance),
    );
  });

  test("two rows become β ∓ γ; their unbiased variance is half the squared distance", async () => {
    const start = { mean: t([0]), variance: t([1]) };
    const { y, running } = (await student.batchNormTrain(
      t([[3], [8003]]),
      t([2]),
      t([1]),
      start,
      1,
      0,
    )) as TrainStep;
    expect(y).toBeAllClose([[-1], [3]]);
    expect(running.mean).toBeAllClose([4003]);
    expect(running.variance).toBeAllClose([32e6]);
  });

  test("with momentum 0 the running statistics stay", async ({ random }) => {
    const start = { mean: t([4, 5]), variance: t([6, 7]) };
    const x = draw([4, 2], random);
    const { running } = (await student.batchNormTrain(x, t([1, 1]), t([0, 0]), start, 0)) as TrainStep;
    expect(running.mean).toBeAllClose([4, 5]);
    expect(running.variance).toBeAllClose([6, 7]);
  });

  test("a constant column becomes β", async () => {
    const start = { mean: t([0]), variance: t([1]) };
    const { y, running } = (await student.batchNormTrain(
      t([[4], [4], [4]]),
      t([7]),
      t([-2]),
      start,
    )) as TrainStep;
    expect(y).toBeAllClose([[-2], [-2], [-2]]);
    expect(running.variance).toBeAllClose([0.9]);
  });

  test("two batches, one after the other", async () => {
    const [gamma, beta] = [t([1]), t([0])];
    const start = { mean: t([0]), variance: t([1]) };
    const first = (await student.batchNormTrain(t([[0], [4]]), gamma, beta, start, 0.5)) as TrainStep;
    const second = (await student.batchNormTrain(
      t([[1], [3]]),
      gamma,
      beta,
      first.running,
      0.5,
    )) as TrainStep;
    // means 0 → 1 → 1.5; variances 1 → (1 + 8)/2 → (4.5 + 2)/2
    expect(second.running.mean).toBeAllClose([1.5]);
    expect(second.running.variance).toBeAllClose([3.25]);
  });

  test("no argument is changed", async ({ random }) => {
    const given = [draw([4, 2], random), draw([2], random), draw([2], random)];
    const start = { mean: t([1, 2]), variance: t([3, 4]) };
    const { args } = await student.batchNormTrain.observe(...given, start);
    given.forEach((argument, i) => expect(args[i]).toBeAllClose(argument, { rtol: 0 }));
    expect((args[3] as RunningStats).mean).toBeAllClose([1, 2]);
  });

  test("one row of one unit is an error", { gated: true }, async () => {
    const start = { mean: t([0]), variance: t([1]) };
    await expect(student.batchNormTrain(t([[1]]), t([1]), t([0]), start)).rejects.toThrow();
  });
});

exercise("batch-norm-eval", ({ test }) => {
  test("a random batch [5, 3], number by number", async ({ random }) => {
    const [x, gamma, beta] = [draw([5, 3], random), draw([3], random), draw([3], random)];
    const running = { mean: draw([3], random), variance: draw([3], random).add(3) };
    const expected = Array.from(x.data, (value, i) => {
      const [mean, variance] = [running.mean.data[i % 3], running.variance.data[i % 3]];
      return (gamma.data[i % 3] * (value - mean)) / Math.sqrt(variance + 0.1) + beta.data[i % 3];
    });
    expect(await student.batchNormEval(x, gamma, beta, running, 0.1)).toBeAllClose(
      t(expected).reshape([5, 3]),
    );
  });

  test("a unit that never varied: eps keeps the result finite", async () => {
    const running = { mean: t([2]), variance: t([0]) };
    expect(await student.batchNormEval(t([[2], [2.001]]), t([1]), t([5]), running)).toBeAllClose([
      [5],
      [5 + 0.001 / Math.sqrt(1e-5)],
    ]);
  });

  test("as at the start, mean 0 and variance 1, it is nearly γ x + β", async () => {
    const running = { mean: t([0]), variance: t([1]) };
    expect(await student.batchNormEval(t([[3]]), t([2]), t([1]), running)).toBeAllClose([
      [1 + 6 / Math.sqrt(1.00001)],
    ]);
  });

  test("no argument is changed", async ({ random }) => {
    const x = draw([3, 2], random);
    const running = { mean: t([1, 2]), variance: t([3, 4]) };
    const { args } = await student.batchNormEval.observe(x, t([5, 6]), t([7, 8]), running);
    expect(args[0]).toBeAllClose(x, { rtol: 0 });
    expect(args.slice(1, 3)).toEqual([t([5, 6]), t([7, 8])]);
    expect((args[3] as RunningStats).variance).toBeAllClose([3, 4]);
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

exercise("batch-norm-backward", ({ test }) => {
  for (const [rows, columns] of [
    [2, 4],
    [9, 1],
    [5, 6],
  ]) {
    test(`dx of a batch [${rows}, ${columns}] agrees with a measurement`, async ({ random }) => {
      const [w, x, gamma] = [
        draw([rows, columns], random),
        draw([rows, columns], random),
        draw([columns], random),
      ];
      const loss = (values: number[]) =>
        standardised(t(values).reshape(x.shape), (i) => i % columns, 0.2)
          .mul(gamma)
          .mul(w)
          .sum()
          .item();
      const measured = Array.from(x.data, (value, i) => {
        const at = (moved: number) => loss(Array.from(x.data).with(i, moved));
        return (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
      });
      const { dx } = await batchNormBackward(w, x, gamma, 0.2);
      expect(dx).toBeAllClose(t(measured).reshape(x.shape), { rtol: 1e-6, atol: 1e-8 });
    });
  }

  test("dgamma and dbeta of a batch [4, 3] by the definition", async ({ random }) => {
    const [g, x] = [draw([4, 3], random), draw([4, 3], random)];
    const values = standardised(x, (i) => i % 3, 0.1);
    const column = (d: number) => [0, 1, 2, 3].map((n) => 3 * n + d);
    const { dgamma, dbeta } = await batchNormBackward(g, x, t([1, -2, 3]), 0.1);
    const sum = (d: number, term: (i: number) => number) => column(d).reduce((s, i) => s + term(i), 0);
    expect(dgamma).toBeAllClose([0, 1, 2].map((d) => sum(d, (i) => g.data[i] * values.data[i])));
    expect(dbeta).toBeAllClose([0, 1, 2].map((d) => sum(d, (i) => g.data[i])));
  });

  test("two rows cannot be moved: with eps = 0 their dx is 0", async ({ random }) => {
    const { dx } = await batchNormBackward(
      draw([2, 3], random),
      t([
        [1, 0, -4],
        [3, 5, 4],
      ]),
      t([1, 2, 3]),
      0,
    );
    expect(dx).toBeAllClose(all(0, 2, 3), { atol: 1e-12 });
  });

  test("equal gradients ask for a shift, which changes nothing: dx is 0", async ({ random }) => {
    const { dx, dbeta } = await batchNormBackward(all(3, 5, 2), draw([5, 2], random), t([1, 1]));
    expect(dx).toBeAllClose(all(0, 5, 2), { atol: 1e-12 });
    expect(dbeta).toBeAllClose([15, 15]);
  });

  test("a constant column: x̂ is 0, and the path through the variance is closed", async () => {
    const { dx, dgamma } = await batchNormBackward(t([[3], [0], [0]]), t([[7], [7], [7]]), t([2]), 0.25);
    expect(dx).toBeAllClose([[8], [-4], [-4]]);
    expect(dgamma).toBeAllClose([0]);
  });

  test("no argument is changed", async ({ random }) => {
    const given = [draw([4, 2], random), draw([4, 2], random), draw([2], random)];
    const { args } = await student.batchNormBackward.observe(...given);
    given.forEach((argument, i) => expect(args[i]).toBeAllClose(argument, { rtol: 0 }));
  });
});

exercise("channel-rows", ({ test }) => {
  for (const shape of [
    [1, 1, 1, 1],
    [1, 3, 2, 5],
    [3, 5, 7, 1],
    [4, 1, 3, 3],
    [2, 2, 2, 2],
  ]) {
    const [n, c, h, w] = shape;
    test(`[${shape.join(", ")}]: number by number, and back`, async ({ random }) => {
      const x = draw(shape, random);
      const rows = Array.from({ length: n * h * w }, (_, row) =>
        Array.from({ length: c }, (__, channel) => {
          const [image, place] = [Math.floor(row / (h * w)), row % (h * w)];
          return x.data[(image * c + channel) * h * w + place];
        }),
      );
      expect(await student.toRows(x)).toBeAllClose(rows);
      expect(await student.fromRows(t(rows), shape)).toBeAllClose(x);
    });
  }

  test("batchNorm2dTrain of a single image: its places are the batch", async () => {
    const x = t([[[[1, 7, 7, 9]], [[2, 2, 4, 4]]]]);
    const start = { mean: t([0, 0]), variance: t([1, 1]) };
    const { y, running } = (await student.batchNorm2dTrain(x, t([3, 2]), t([6, 10]), start)) as TrainStep;
    expect(y).toBeAllClose([[[[1, 7, 7, 9]], [[8, 8, 12, 12]]]], { rtol: 1e-4 });
    expect(running.mean).toBeAllClose([0.6, 0.3]);
    expect(running.variance).toBeAllClose([2.1, 0.9 + 0.4 / 3]);
  });

  test("no argument is changed", async ({ random }) => {
    const x = draw([2, 2, 3, 1], random);
    expect((await student.toRows.observe(x)).args[0]).toBeAllClose(x, { rtol: 0 });
    const rows = draw([6, 2], random);
    const { args } = await student.fromRows.observe(rows, [2, 2, 3, 1]);
    expect(args[0]).toBeAllClose(rows, { rtol: 0 });
    expect(args[1]).toEqual([2, 2, 3, 1]);
  });
});

exercise("layer-norm", ({ test }) => {
  for (const shape of [
    [1, 6],
    [5, 2],
    [3, 4, 2],
    [2, 3, 1, 5],
  ]) {
    test(`[${shape.join(", ")}] by the definition`, async ({ random }) => {
      const sample = shape.slice(1);
      const size = sample.reduce((product, length) => product * length, 1);
      const [x, gamma, beta] = [draw(shape, random), draw(sample, random), draw(sample, random)];
      const expected = standardised(x, (i) => Math.floor(i / size), 0.1)
        .mul(gamma)
        .add(beta);
      expect(await student.layerNorm(x, gamma, beta, 0.1)).toBeAllClose(expected);
    });
  }

  test("a sample of one number becomes β", async () => {
    expect(await student.layerNorm(t([[3], [-8]]), t([5]), t([2]))).toBeAllClose([[2], [2]]);
  });

  test("no argument is changed", async ({ random }) => {
    const given = [draw([2, 3], random), draw([3], random), draw([3], random)];
    const { args } = await student.layerNorm.observe(...given);
    given.forEach((argument, i) => expect(args[i]).toBeAllClose(argument, { rtol: 0 }));
  });
});

exercise("group-norm", ({ test }) => {
  for (const { shape, groups } of [
    { shape: [1, 6, 1, 2], groups: 3 },
    { shape: [3, 6, 2, 1], groups: 2 },
    { shape: [2, 4, 3, 4], groups: 2 },
    { shape: [2, 5, 3, 2], groups: 1 },
  ]) {
    test(`[${shape.join(", ")}] in ${groups} groups by the definition`, async ({ random }) => {
      const [n, c, h, w] = shape;
      const [x, gamma, beta] = [draw(shape, random), draw([c], random), draw([c], random)];
      const size = (c / groups) * h * w;
      const values = standardised(x, (i) => Math.floor(i / size), 0.1);
      const channel = (i: number) => Math.floor(i / (h * w)) % c;
      const expected = Array.from(
        values.data,
        (value, i) => value * gamma.data[channel(i)] + beta.data[channel(i)],
      );
      expect(await student.groupNorm(x, groups, gamma, beta, 0.1)).toBeAllClose(
        t(expected).reshape([n, c, h, w]),
      );
    });
  }

  test("one number per group becomes β", async () => {
    const x = t([[[[3]], [[-8]]]]);
    expect(await student.groupNorm(x, 2, t([5, 5]), t([2, -1]))).toBeAllClose([[[[2]], [[-1]]]]);
  });

  test("no argument is changed", async ({ random }) => {
    const given = [draw([2, 2, 1, 3], random), 2, draw([2], random), draw([2], random)];
    const { args } = await student.groupNorm.observe(...given);
    given.forEach((argument, i) => expect(args[i]).toBeAllClose(argument, { rtol: 0 }));
  });

  test("more groups than channels are an error", { gated: true }, async () => {
    const x = draw([1, 2, 2, 2], () => 0.3);
    await expect(student.groupNorm(x, 4, t([1, 1]), t([0, 0]))).rejects.toThrow();
  });
});

interface Layer {
  weight: Tensor;
  bias: Tensor;
}

exercise("fold-batch-norm", ({ test }) => {
  test("a convolution [3, 3, 3, 3] and its normalisation against the folded one", async ({ random }) => {
    const [x, weight, bias] = [draw([2, 3, 5, 4], random), draw([3, 3, 3, 3], random), draw([3], random)];
    const [gamma, beta] = [draw([3], random), draw([3], random)];
    const running = { mean: draw([3], random), variance: draw([3], random).add(3) };
    const folded = (await student.foldBatchNorm(weight, bias, gamma, beta, running, 0.1)) as Layer;
    const column = (values: Tensor) => values.reshape([1, 3, 1, 1]);
    const expected = conv2d(x, weight)
      .add(column(bias))
      .sub(column(running.mean))
      .div(column(running.variance.add(0.1).sqrt()))
      .mul(column(gamma))
      .add(column(beta));
    expect(conv2d(x, folded.weight).add(column(folded.bias))).toBeAllClose(expected);
  });

  test("filters over time, [2, 1, 3], scaled one by one", async () => {
    const weight = t([[[1, 2, 3]], [[4, 5, 6]]]);
    const running = { mean: t([0, 0]), variance: t([4, 1]) };
    const folded = (await student.foldBatchNorm(
      weight,
      t([0, 0]),
      t([2, -1]),
      t([5, 6]),
      running,
      0,
    )) as Layer;
    expect(folded.weight).toBeAllClose([[[1, 2, 3]], [[-4, -5, -6]]]);
    expect(folded.bias).toBeAllClose([5, 6]);
  });

  test("γ = 0: nothing of the input is left, only β", async () => {
    const running = { mean: t([3]), variance: t([2]) };
    const folded = (await student.foldBatchNorm(t([[7]]), t([9]), t([0]), t([4]), running)) as Layer;
    expect(folded.weight).toBeAllClose([[0]]);
    expect(folded.bias).toBeAllClose([4]);
  });

  test("no argument is changed", async ({ random }) => {
    const given = [draw([2, 3], random), draw([2], random), draw([2], random), draw([2], random)];
    const running = { mean: t([1, 2]), variance: t([3, 4]) };
    const { args } = await student.foldBatchNorm.observe(...given, running);
    given.forEach((argument, i) => expect(args[i]).toBeAllClose(argument, { rtol: 0 }));
    expect((args[4] as RunningStats).mean).toBeAllClose([1, 2]);
  });
});

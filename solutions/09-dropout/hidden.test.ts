import { Generator, ones, rand, tensor, type Tensor } from "gradlab";
import { exercise, expect, student } from "gradlab/testing";

/** Numbers in double precision, in the shape of their nesting. */
function t(values: Parameters<typeof tensor>[0]): Tensor {
  return tensor(values, { dtype: "float64" });
}

/** How many numbers a tensor of that shape has. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Random numbers from −2 to 2. */
function draw(shape: readonly number[], random: () => number): Tensor {
  return t(Array.from({ length: sizeOf(shape) }, () => 4 * random() - 2)).reshape(shape);
}

/** Uniform random numbers, and a source that gives them one after the other in the shapes asked for. */
function uniform(count: number, random: () => number) {
  const numbers = Array.from({ length: count }, random);
  const rest = [...numbers];
  return {
    numbers,
    source: (shape: readonly number[]) => t(rest.splice(0, sizeOf(shape))).reshape(shape),
  };
}

/** Uniform random numbers from a seed. */
function seeded(seed: number) {
  const generator = new Generator(seed);
  return (shape: readonly number[]) => rand(shape, { generator, dtype: "float64" });
}

exercise("keep-mask", ({ test }) => {
  for (const shape of [[1], [7], [3, 5], [2, 1, 3, 2]]) {
    test(`[${shape.join(", ")}]: number by number`, async ({ random }) => {
      const u = t(Array.from({ length: sizeOf(shape) }, random)).reshape(shape);
      const expected = Array.from(u.data, (value) => (value < 0.35 ? 0 : 1));
      expect(await student.keepMask(u, 0.35)).toBeAllClose(t(expected).reshape(shape));
    });
  }

  test("p = 1 drops everything", async () => {
    expect(await student.keepMask(t([0, 0.5, 0.999999]), 1)).toBeAllClose([0, 0, 0]);
  });

  test("float32 stays float32", async () => {
    const mask = (await student.keepMask(tensor([0.1, 0.9]), 0.5)) as Tensor;
    expect(mask.dtype).toBe("float32");
    expect(mask).toBeAllClose([0, 1]);
  });

  test("the same numbers give the same mask, and stay as they are", async () => {
    const u = t([0.3, 0.7, 0.1]);
    const { args, value } = await student.keepMask.observe(u, 0.5);
    expect(args[0]).toBeAllClose([0.3, 0.7, 0.1], { rtol: 0 });
    expect(await student.keepMask(u, 0.5)).toBeAllClose(value);
  });
});

exercise("original-scaling", ({ test }) => {
  for (const [n, d, o] of [
    [1, 3, 4],
    [5, 2, 3],
    [4, 6, 1],
  ]) {
    test(`h [${n}, ${d}], weight [${o}, ${d}]: training and use by the definition`, async ({ random }) => {
      const [h, weight, bias] = [draw([n, d], random), draw([o, d], random), draw([o], random)];
      const keep = t(Array.from({ length: n * d }, () => (random() < 0.4 ? 0 : 1))).reshape([n, d]);
      const layer = (factor: (i: number) => number) =>
        Array.from({ length: n }, (_, row) =>
          Array.from({ length: o }, (__, out) => {
            let z = bias.data[out];
            for (let k = 0; k < d; k++)
              z += weight.data[out * d + k] * h.data[row * d + k] * factor(row * d + k);
            return z;
          }),
        );
      expect(await student.originalLinear(h, keep, weight, bias, 0.4)).toBeAllClose(
        layer((i) => keep.data[i]),
      );
      expect(await student.originalLinear(h, null, weight, bias, 0.4)).toBeAllClose(layer(() => 0.6));
    });
  }

  test("a mask of zeros leaves the bias", async () => {
    const [h, keep] = [t([[1, 2]]), t([[0, 0]])];
    expect(await student.originalLinear(h, keep, t([[3, 4]]), t([5]), 0.5)).toBeAllClose([[5]]);
  });

  test("no argument is changed", async ({ random }) => {
    const given = [draw([2, 3], random), ones([2, 3]), draw([2, 3], random), draw([2], random)];
    const { args } = await student.originalLinear.observe(...given, 0.3);
    given.forEach((argument, i) => expect(args[i]).toBeAllClose(argument, { rtol: 0 }));
  });
});

exercise("dropout-forward", ({ test }) => {
  for (const shape of [[1], [4, 3], [1, 6], [2, 3, 2, 2]]) {
    test(`[${shape.join(", ")}]: number by number`, async ({ random }) => {
      const x = draw(shape, random);
      const { numbers, source } = uniform(x.size, random);
      const { y, keep } = (await student.dropoutForward(x, 0.35, source)) as { y: Tensor; keep: Tensor };
      const mask = numbers.map((u) => (u < 0.35 ? 0 : 1));
      expect(keep).toBeAllClose(t(mask).reshape(shape));
      expect(y).toBeAllClose(t(mask.map((bit, i) => (x.data[i] * bit) / 0.65)).reshape(shape));
    });
  }

  test("the variance of 10 000 ones is p/(1 − p) within 4σ, for p = 0.9", async () => {
    const { y } = (await student.dropoutForward(ones([10_000]), 0.9, seeded(6))) as { y: Tensor };
    // (y − 1)² is 81 with probability 0.1 and 1 otherwise: mean 9, standard deviation 80 · √0.09 = 24
    const away = Math.abs(y.sub(1).pow(2).mean().item() - 9) / (24 / Math.sqrt(10_000));
    expect(away, "distance of the variance from 9, in σ").toBeLessThan(4);
  });

  test("x stays as it is", async ({ random }) => {
    const x = draw([3, 2], random);
    const { args } = await student.dropoutForward.observe(x, 0.5, uniform(6, random).source);
    expect(args[0]).toBeAllClose(x, { rtol: 0 });
  });
});

interface Handle {
  set(name: string, value: unknown): Promise<void>;
  call(method: string, ...args: unknown[]): Promise<unknown>;
}

exercise("dropout-layer", ({ test }) => {
  test("batches of different shapes, one after the other", async ({ random }) => {
    const shapes = [
      [3, 4],
      [1, 4],
      [2, 3, 1, 2],
    ];
    const { numbers, source } = uniform(28, random);
    const drop = (await student.DropoutLayer.new(0.35, source)) as Handle;
    let used = 0;
    for (const shape of shapes) {
      const [x, g] = [draw(shape, random), draw(shape, random)];
      const factors = numbers.slice(used, used + x.size).map((u) => (u < 0.35 ? 0 : 1 / 0.65));
      used += x.size;
      const scaled = (values: Tensor) => t(factors.map((f, i) => f * values.data[i])).reshape(shape);
      expect(await drop.call("forward", x)).toBeAllClose(scaled(x));
      expect(await drop.call("backward", g)).toBeAllClose(scaled(g));
    }
  });

  test("backward twice gives the same twice", async () => {
    const drop = (await student.DropoutLayer.new(0.5, seeded(7))) as Handle;
    await drop.call("forward", ones([20]));
    const first = (await drop.call("backward", ones([20]))) as Tensor;
    expect(await drop.call("backward", ones([20]))).toBeAllClose(first);
  });

  test("two layers do not share a mask", async () => {
    const low = (shape: readonly number[]) => t(0.1).expand(shape);
    const high = (shape: readonly number[]) => t(0.9).expand(shape);
    const dropping = (await student.DropoutLayer.new(0.5, low)) as Handle;
    const keeping = (await student.DropoutLayer.new(0.5, high)) as Handle;
    await dropping.call("forward", t([1, 1]));
    await keeping.call("forward", t([1, 1]));
    expect(await dropping.call("backward", t([1, 1]))).toBeAllClose([0, 0]);
    expect(await keeping.call("backward", t([1, 1]))).toBeAllClose([2, 2]);
  });

  test("use before any training, and training again after use", async () => {
    const drop = (await student.DropoutLayer.new(0.5, (shape: readonly number[]) =>
      t(0.9).expand(shape),
    )) as Handle;
    await drop.set("training", false);
    expect(await drop.call("forward", t([1, 2]))).toBeAllClose([1, 2]);
    expect(await drop.call("backward", t([3, 4]))).toBeAllClose([3, 4]);
    await drop.set("training", true);
    expect(await drop.call("forward", t([1, 2]))).toBeAllClose([2, 4]);
    expect(await drop.call("backward", t([3, 4]))).toBeAllClose([6, 8]);
  });
});

exercise("mean-over-masks", ({ test }) => {
  test("the square of a sum: (q Σ h)² + p q Σ h², for D = 1 to 5", async ({ random }) => {
    for (let d = 1; d <= 5; d++) {
      const h = Array.from({ length: d }, () => 4 * random() - 2);
      const p = random();
      const square = (list: number[]) => list.reduce((sum, value) => sum + value, 0) ** 2;
      const expected = (1 - p) ** 2 * square(h) + p * (1 - p) * h.reduce((sum, value) => sum + value ** 2, 0);
      expect(await student.meanOverMasks(square, h, p)).toBeAllClose(expected, { atol: 1e-12 });
    }
  });

  test("the product of exponentials factorises", async () => {
    const h = [0.5, -1, 2, 0];
    const f = (list: number[]) => Math.exp(list.reduce((sum, value) => sum + value, 0));
    const expected = h.reduce((product, value) => product * (0.3 + 0.7 * Math.exp(value)), 1);
    expect(await student.meanOverMasks(f, h, 0.3)).toBeAllClose(expected);
  });

  test("p = 0 is f itself, p = 1 is f of nothing", async () => {
    const f = ([a, b]: number[]) => 10 * a + b + 3;
    expect(await student.meanOverMasks(f, [2, 5], 0)).toBeAllClose(28);
    expect(await student.meanOverMasks(f, [2, 5], 1)).toBeAllClose(3);
  });

  test("h stays as it is", async () => {
    const { args } = await student.meanOverMasks.observe(([a]: number[]) => a, [1, 2, 3], 0.5);
    expect(args[1]).toEqual([1, 2, 3]);
  });
});

exercise("dropout-channels", ({ test }) => {
  for (const shape of [
    [1, 1, 1, 1],
    [3, 2, 2, 5],
    [2, 5, 3, 1],
    [4, 4, 4, 4],
  ]) {
    test(`[${shape.join(", ")}]: number by number`, async ({ random }) => {
      const [n, c, height, width] = shape;
      const x = draw(shape, random);
      const { numbers, source } = uniform(n * c, random);
      const expected = Array.from(x.data, (value, i) =>
        numbers[Math.floor(i / (height * width))] < 0.35 ? 0 : value / 0.65,
      );
      expect(await student.dropoutChannels(x, 0.35, source)).toBeAllClose(t(expected).reshape(shape));
    });
  }

  test("p = 0 changes nothing, and x stays as it is", async ({ random }) => {
    const x = draw([2, 2, 3, 3], random);
    const { args, value } = await student.dropoutChannels.observe(x, 0, uniform(4, random).source);
    expect(value).toBeAllClose(x);
    expect(args[0]).toBeAllClose(x, { rtol: 0 });
  });
});

exercise("mc-dropout", ({ test }) => {
  for (const shape of [[1], [3, 2], [2, 1, 4]]) {
    test(`[${shape.join(", ")}], 6 passes, by the definition`, async ({ random }) => {
      const list = Array.from({ length: 6 }, () => draw(shape, random));
      const rest = [...list];
      const { mean, std } = (await student.mcDropout(() => rest.shift()!, 6)) as {
        mean: Tensor;
        std: Tensor;
      };
      const means = Array.from(
        list[0].data,
        (_, i) => list.reduce((sum, answer) => sum + answer.data[i], 0) / 6,
      );
      const stds = means.map((centre, i) =>
        Math.sqrt(list.reduce((sum, answer) => sum + (answer.data[i] - centre) ** 2, 0) / 5),
      );
      expect(mean).toBeAllClose(t(means).reshape(shape), { atol: 1e-12 });
      expect(std).toBeAllClose(t(stds).reshape(shape), { atol: 1e-12 });
    });
  }

  test("a single number per pass", async () => {
    const rest = [t(2), t(6)];
    const { mean, std } = (await student.mcDropout(() => rest.shift()!, 2)) as { mean: Tensor; std: Tensor };
    expect(mean).toBeAllClose(t(4));
    expect(std).toBeAllClose(t(Math.sqrt(8)));
  });
});

import { Generator, ones, rand, tensor, type Tensor } from "gradlab";
import { exercise, expect, student } from "gradlab/testing";

/** Numbers in double precision, in the shape of their nesting. */
function t(values: Parameters<typeof tensor>[0]): Tensor {
  return tensor(values, { dtype: "float64" });
}

/** A source of random numbers that gives these, one after the other, in tensors of the shapes asked for. */
function scripted(...numbers: number[]) {
  const rest = [...numbers];
  return (shape: readonly number[]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return t(rest.splice(0, size)).reshape(shape);
  };
}

/** Uniform random numbers from a seed. */
function seeded(seed: number) {
  const generator = new Generator(seed);
  return (shape: readonly number[]) => rand(shape, { generator, dtype: "float64" });
}

exercise("keep-mask", ({ test }) => {
  test("the example: 0.1 is dropped; 0.9, 0.5 and 0.2 itself are kept", async () => {
    expect(await student.keepMask(t([0.1, 0.9, 0.2, 0.5]), 0.2)).toBeAllClose([0, 1, 1, 1]);
  });

  test("p = 0 drops nothing, not even u = 0", async () => {
    expect(await student.keepMask(t([0, 0.3, 0.999]), 0)).toBeAllClose([1, 1, 1]);
  });

  test("p = 0.9 drops all that is below 0.9", async () => {
    expect(await student.keepMask(t([0.05, 0.15, 0.85, 0.95]), 0.9)).toBeAllClose([0, 0, 0, 1]);
  });

  test("the mask has the shape of u, [2, 3]", async () => {
    const u = t([
      [0.1, 0.6, 0.7],
      [0.8, 0.2, 0.3],
    ]);
    expect(await student.keepMask(u, 0.5)).toBeAllClose([
      [0, 1, 1],
      [1, 0, 0],
    ]);
  });

  test("the mask holds numbers of the dtype of u, not truth values", async () => {
    expect(((await student.keepMask(t([0.1, 0.9]), 0.5)) as Tensor).dtype).toBe("float64");
  });

  test("the kept share of 10 000 is within 4σ of 1 − p, for p = 0.2", async () => {
    const mask = (await student.keepMask(seeded(1)([10_000]), 0.2)) as Tensor;
    const away = Math.abs(mask.mean().item() - 0.8) / Math.sqrt((0.2 * 0.8) / 10_000);
    expect(away, "distance of the kept share from 0.8, in σ").toBeLessThan(4);
  });
});

exercise("original-scaling", ({ test }) => {
  const [h, weight, bias] = [t([[2, 4, 6, 8]]), t([[1, -1, 2, 0.5]]), t([3])];
  const keep = t([[0, 1, 1, 1]]);

  test("the example in training: 0 − 4 + 12 + 4 + 3 = 15", async () => {
    expect(await student.originalLinear(h, keep, weight, bias, 0.2)).toBeAllClose([[15]]);
  });

  test("the example in use: 0.8 · 14 + 3 = 14.2", async () => {
    expect(await student.originalLinear(h, null, weight, bias, 0.2)).toBeAllClose([[14.2]]);
  });

  test("in use with p = 0 it is the plain layer: 14 + 3 = 17", async () => {
    expect(await student.originalLinear(h, null, weight, bias, 0)).toBeAllClose([[17]]);
  });

  test("two samples, two outputs: each sample has its own mask", async () => {
    const masks = t([
      [1, 0],
      [0, 1],
    ]);
    const samples = t([
      [1, 10],
      [1, 10],
    ]);
    const weights = t([
      [1, 2],
      [3, 4],
    ]);
    expect(await student.originalLinear(samples, masks, weights, t([100, 200]), 0.5)).toBeAllClose([
      [101, 203],
      [120, 240],
    ]);
  });

  test("the mean of training over all four masks, by their probability, is what use computes", async () => {
    const [two, weights, shift] = [t([[3, 5]]), t([[2, -1]]), t([4])];
    const train = async (mask: number[]) =>
      ((await student.originalLinear(two, t([mask]), weights, shift, 0.25)) as Tensor).item();
    const mean =
      0.5625 * (await train([1, 1])) +
      0.1875 * (await train([1, 0])) +
      0.1875 * (await train([0, 1])) +
      0.0625 * (await train([0, 0]));
    // 0.75 · (6 − 5) + 4
    expect(mean, "mean over the masks").toBeAllClose(4.75);
    expect(await student.originalLinear(two, null, weights, shift, 0.25)).toBeAllClose([[4.75]]);
  });
});

interface Dropped {
  y: Tensor;
  keep: Tensor;
}

async function dropoutForward(...args: unknown[]): Promise<Dropped> {
  return (await student.dropoutForward(...args)) as Dropped;
}

exercise("dropout-forward", ({ test }) => {
  const x = t([2, 4, 6, 8]);
  const u = [0.1, 0.9, 0.2, 0.5];

  test("the example's y: 0, 5, 7.5, 10", async () => {
    expect((await dropoutForward(x, 0.2, scripted(...u))).y).toBeAllClose([0, 5, 7.5, 10]);
  });

  test("the example's mask: 0, 1, 1, 1, zeros and ones", async () => {
    expect((await dropoutForward(x, 0.2, scripted(...u))).keep).toBeAllClose([0, 1, 1, 1]);
  });

  test("a batch [2, 3]: each element has its own number", async () => {
    const batch = t([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const { y } = await dropoutForward(batch, 0.5, scripted(0.1, 0.6, 0.7, 0.8, 0.2, 0.9));
    expect(y).toBeAllClose([
      [0, 4, 6],
      [8, 0, 12],
    ]);
  });

  test("a second call draws new numbers", async () => {
    const draw = scripted(...u, 0.9, 0.1, 0.9, 0.1);
    await dropoutForward(x, 0.2, draw);
    expect((await dropoutForward(x, 0.2, draw)).y).toBeAllClose([2.5, 0, 7.5, 0]);
  });

  test("p = 0 changes nothing", async () => {
    expect((await dropoutForward(x, 0, scripted(0, 0.2, 0.4, 0.6))).y).toBeAllClose([2, 4, 6, 8]);
  });

  test("the kept share of 10 000 ones is within 4σ of 1 − p, for p = 0.3", async () => {
    const { y } = await dropoutForward(ones([100, 100], { dtype: "float64" }), 0.3, seeded(2));
    const kept = Array.from(y.data).filter((value) => value !== 0).length / 10_000;
    const away = Math.abs(kept - 0.7) / Math.sqrt((0.3 * 0.7) / 10_000);
    expect(away, "distance of the kept share from 0.7, in σ").toBeLessThan(4);
  });

  test("their mean is within 4σ of 1: dividing by 1 − p makes up for what is dropped", async () => {
    const { y } = await dropoutForward(ones([100, 100], { dtype: "float64" }), 0.3, seeded(3));
    const away = Math.abs(y.mean().item() - 1) / Math.sqrt(0.3 / 0.7 / 10_000);
    expect(away, "distance of the mean from 1, in σ").toBeLessThan(4);
  });
});

interface Handle {
  set(name: string, value: unknown): Promise<void>;
  call(method: string, ...args: unknown[]): Promise<unknown>;
}

async function layer(p: number, draw: unknown): Promise<Handle> {
  return (await student.DropoutLayer.new(p, draw)) as Handle;
}

exercise("dropout-layer", ({ test }) => {
  const [x, g] = [t([2, 4, 6, 8]), t([8, 8, 8, 8])];
  const u = [0.1, 0.9, 0.2, 0.5];

  test("the example forward: 0, 5, 7.5, 10", async () => {
    const drop = await layer(0.2, scripted(...u));
    expect(await drop.call("forward", x)).toBeAllClose([0, 5, 7.5, 10]);
  });

  test("the example backward: the same mask, the same factor: 0, 10, 10, 10", async () => {
    const drop = await layer(0.2, scripted(...u, 0.9, 0.1, 0.1, 0.1));
    await drop.call("forward", x);
    expect(await drop.call("backward", g)).toBeAllClose([0, 10, 10, 10]);
  });

  test("each forward pass draws a new mask", async () => {
    const drop = await layer(0.2, scripted(...u, 0.9, 0.1, 0.9, 0.1));
    await drop.call("forward", x);
    expect(await drop.call("forward", x)).toBeAllClose([2.5, 0, 7.5, 0]);
  });

  test("after two forward passes backward uses the mask of the last", async () => {
    const drop = await layer(0.2, scripted(...u, 0.9, 0.1, 0.9, 0.1));
    await drop.call("forward", x);
    await drop.call("forward", x);
    expect(await drop.call("backward", g)).toBeAllClose([10, 0, 10, 0]);
  });

  test("out of training forward gives x as it is", async () => {
    const drop = await layer(0.2, scripted(...u, ...u));
    await drop.set("training", false);
    expect(await drop.call("forward", x)).toBeAllClose([2, 4, 6, 8]);
  });

  test("out of training backward gives g as it is, also after a training step", async () => {
    const drop = await layer(0.2, scripted(...u, ...u));
    await drop.call("forward", x);
    await drop.set("training", false);
    await drop.call("forward", x);
    expect(await drop.call("backward", g)).toBeAllClose([8, 8, 8, 8]);
  });

  test("an input of zero that was kept gets its gradient", async () => {
    const drop = await layer(0.5, scripted(0.1, 0.9, 0.9));
    await drop.call("forward", t([1, 0, 3]));
    expect(await drop.call("backward", t([1, 1, 1]))).toBeAllClose([0, 2, 2]);
  });

  test("backward is the slope of forward, measured with the same random numbers", async ({ random }) => {
    const values = Array.from({ length: 6 }, () => 2 * random() - 1);
    const weights = Array.from({ length: 6 }, () => 2 * random() - 1);
    const numbers = Array.from({ length: 6 }, random);
    const loss = async (inputs: number[]) => {
      const y = (await (await layer(0.4, scripted(...numbers))).call("forward", t(inputs))) as Tensor;
      return y.mul(t(weights)).sum().item();
    };
    const measured: number[] = [];
    for (const [i, value] of values.entries()) {
      const [up, down] = [await loss(values.with(i, value + 1e-5)), await loss(values.with(i, value - 1e-5))];
      measured.push((up - down) / 2e-5);
    }
    const drop = await layer(0.4, scripted(...numbers));
    await drop.call("forward", t(values));
    expect(await drop.call("backward", t(weights))).toBeAllClose(measured, { rtol: 1e-7, atol: 1e-9 });
  });
});

exercise("mean-over-masks", ({ test }) => {
  test("the example: 5.0625 + 0.1875 + 0.75 + 0 = 6", async () => {
    expect(await student.meanOverMasks(([a, b]: number[]) => (a + b) ** 2, [1, 2], 0.25)).toBeAllClose(6);
  });

  test("the probabilities add up to 1: a constant is its own mean", async () => {
    expect(await student.meanOverMasks(() => 7, [1, 2, 3], 0.3)).toBeAllClose(7);
  });

  test("a linear f: the mean is f of the scaled activations, 0.8 · (1 + 4 + 9) = 11.2", async () => {
    const f = ([a, b, c]: number[]) => a + 2 * b + 3 * c;
    expect(await student.meanOverMasks(f, [1, 2, 3], 0.2)).toBeAllClose(11.2);
  });

  test("the product of both is there only if both are kept: 0.9 · 0.9 · 6", async () => {
    expect(await student.meanOverMasks(([a, b]: number[]) => a * b, [2, 3], 0.1)).toBeAllClose(4.86);
  });

  test("no activation at all: the only mask is the empty one", async () => {
    expect(await student.meanOverMasks(() => 5, [], 0.5)).toBeAllClose(5);
  });

  test("f sees each of the 2³ masks once, and the activations are not scaled", async () => {
    const seen: string[] = [];
    const f = (h: number[]) => {
      seen.push(h.join(" "));
      return 0;
    };
    await student.meanOverMasks(f, [1, 2, 3], 0.5);
    expect(seen.sort()).toEqual(["0 0 0", "0 0 3", "0 2 0", "0 2 3", "1 0 0", "1 0 3", "1 2 0", "1 2 3"]);
  });
});

exercise("dropout-channels", ({ test }) => {
  test("the example: channel 0 is dropped, channel 1 doubled", async () => {
    const x = t([[[[1, 2, 3]], [[4, 5, 6]]]]);
    expect(await student.dropoutChannels(x, 0.5, scripted(0.1, 0.7))).toBeAllClose([
      [[[0, 0, 0]], [[8, 10, 12]]],
    ]);
  });

  test("two samples have their own masks; what is kept is divided by 1 − p = 0.8", async () => {
    const x = t([
      [[[4, 8]], [[4, 8]]],
      [[[4, 8]], [[4, 8]]],
    ]);
    expect(await student.dropoutChannels(x, 0.2, scripted(0.1, 0.9, 0.9, 0.1))).toBeAllClose([
      [[[0, 0]], [[5, 10]]],
      [[[5, 10]], [[0, 0]]],
    ]);
  });

  test("a channel is dropped as a whole or not at all, [3, 4, 2, 5]", async () => {
    const y = (await student.dropoutChannels(
      ones([3, 4, 2, 5], { dtype: "float64" }),
      0.5,
      seeded(4),
    )) as Tensor;
    for (let channel = 0; channel < 12; channel++) {
      const places = Array.from(y.data.slice(10 * channel, 10 * channel + 10));
      expect(new Set(places).size, `different values in channel ${channel} of all samples`).toBe(1);
    }
  });

  test("the kept share of 2500 channels is within 4σ of 1 − p, for p = 0.2", async () => {
    const x = ones([50, 50, 1, 2], { dtype: "float64" });
    const y = (await student.dropoutChannels(x, 0.2, seeded(5))) as Tensor;
    const kept = Array.from(y.data).filter((value) => value !== 0).length / 5000;
    const away = Math.abs(kept - 0.8) / Math.sqrt((0.2 * 0.8) / 2500);
    expect(away, "distance of the kept share from 0.8, in σ").toBeLessThan(4);
  });
});

interface Summary {
  mean: Tensor;
  std: Tensor;
}

async function mcDropout(...args: unknown[]): Promise<Summary> {
  return (await student.mcDropout(...args)) as Summary;
}

/** Gives these tensors, one per call. */
function answers(...list: Tensor[]) {
  const rest = [...list];
  return () => rest.shift()!;
}

exercise("mc-dropout", ({ test }) => {
  const example = () => answers(t([1]), t([4]), t([7]));

  test("the example's mean: 4", async () => {
    expect((await mcDropout(example(), 3)).mean).toBeAllClose([4]);
  });

  test("the example's spread: √(18/2) = 3", async () => {
    expect((await mcDropout(example(), 3)).std).toBeAllClose([3]);
  });

  test("each element by itself, of shape [2, 2]", async () => {
    const sample = answers(
      t([
        [1, 10],
        [0, 5],
      ]),
      t([
        [3, 10],
        [8, 5],
      ]),
    );
    const { mean, std } = await mcDropout(sample, 2);
    expect(mean).toBeAllClose([
      [2, 10],
      [4, 5],
    ]);
    // Two numbers at distance d: √(2 · (d/2)²) = d/√2
    expect(std).toBeAllClose([
      [Math.SQRT2, 0],
      [8 / Math.SQRT2, 0],
    ]);
  });

  test("equal answers have no spread", async () => {
    const { mean, std } = await mcDropout(() => t([0.1, 5]), 4);
    expect(mean).toBeAllClose([0.1, 5]);
    expect(std).toBeAllClose([0, 0], { atol: 1e-12 });
  });

  test("the network is asked exactly as often as told", async () => {
    let asked = 0;
    await mcDropout(() => t([asked++]), 9);
    expect(asked).toBe(9);
  });

  test("far from zero the spread keeps its digits: 10⁸ + 1, + 2, + 3", async () => {
    const { std } = await mcDropout(answers(t([1e8 + 1]), t([1e8 + 2]), t([1e8 + 3])), 3);
    expect(std, "centre first, then square").toBeAllClose([1]);
  });
});

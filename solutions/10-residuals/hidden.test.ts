import { conv2d, tensor, type Tensor } from "gradlab";
import { exercise, expect, student, type Handle } from "gradlab/testing";

type Values = Parameters<typeof tensor>[0];

function t(values: Values): Tensor {
  return tensor(values, { dtype: "float64" });
}

function draw(shape: number[], random: () => number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return t(Array.from({ length: size }, () => 2 * random() - 1)).reshape(shape);
}

interface Block {
  W1: Tensor;
  b1: Tensor;
  W2: Tensor;
  b2: Tensor;
}

function drawBlock(width: number, hidden: number, random: () => number): Block {
  return {
    W1: draw([hidden, width], random),
    b1: draw([hidden], random),
    W2: draw([width, hidden], random),
    b2: draw([width], random),
  };
}

interface Cache {
  x: Tensor;
  z: Tensor;
  h: Tensor;
  y: Tensor;
}

async function forward(x: Tensor, block: Block): Promise<Cache> {
  return (await student.residualForward(x, block)) as Cache;
}

exercise("residual-forward", ({ test }) => {
  test("a stack of one number wide: y = x + 3 relu(2x − 1) + 5", async () => {
    const block = { W1: t([[2]]), b1: t([-1]), W2: t([[3]]), b2: t([5]) };
    const { z, h, y } = await forward(t([[2], [-2], [0.5]]), block);
    expect(z).toBeAllClose([[3], [-5], [0]]);
    expect(h).toBeAllClose([[3], [0], [0]]);
    expect(y).toBeAllClose([[16], [3], [5.5]]);
  });

  test("one hidden unit, three wide", async () => {
    const block = { W1: t([[1, 0, -1]]), b1: t([0.5]), W2: t([[1], [2], [-3]]), b2: t([0, 0, 1]) };
    const { z, y } = await forward(t([[2, 7, 1]]), block);
    expect(z).toBeAllClose([[1.5]]);
    expect(y).toBeAllClose([[3.5, 10, -2.5]]);
  });

  test("a batch is what its examples are", async ({ random }) => {
    const [x, block] = [draw([5, 3], random), drawBlock(3, 7, random)];
    const all = await forward(x, block);
    for (let n = 0; n < 5; n++) {
      const alone = await forward(x.slice(n, n + 1), block);
      expect(alone.y).toBeAllClose(all.y.slice(n, n + 1));
    }
  });

  test("arguments stay as they are", async ({ random }) => {
    const [x, block] = [draw([2, 3], random), drawBlock(3, 4, random)];
    const { args } = await student.residualForward.observe(x, block);
    const [after, blockAfter] = args as [Tensor, Block];
    expect(after).toBeAllClose(x);
    for (const name of ["W1", "b1", "W2", "b2"] as const) expect(blockAfter[name]).toBeAllClose(block[name]);
  });
});

interface Gradients {
  dx: Tensor;
  dW1: Tensor;
  db1: Tensor;
  dW2: Tensor;
  db2: Tensor;
}

/** What the block computes, with operations of the library. */
function cacheOf(x: Tensor, { W1, b1, W2, b2 }: Block): Cache {
  const z = x.matmul(W1.transpose()).add(b1);
  const h = z.relu();
  return { x, z, h, y: x.add(h.matmul(W2.transpose()).add(b2)) };
}

async function backward(g: Tensor, x: Tensor, block: Block): Promise<Gradients> {
  return (await student.residualBackward(g, cacheOf(x, block), block)) as Gradients;
}

exercise("residual-backward", ({ test }) => {
  for (const [N, D, H] of [
    [1, 1, 1],
    [1, 4, 2],
    [6, 2, 9],
    [3, 3, 3],
  ]) {
    test(`autograd agrees: ${N} examples, width ${D}, ${H} hidden units`, async ({ random }) => {
      const [x, g, block] = [draw([N, D], random), draw([N, D], random), drawBlock(D, H, random)];
      const gradients = await backward(g, x, block);
      const leaves = [x, block.W1, block.b1, block.W2, block.b2];
      for (const leaf of leaves) leaf.requiresGrad = true;
      cacheOf(x, block).y.mul(g).sum().backward();
      const { dx, dW1, db1, dW2, db2 } = gradients;
      for (const [i, own] of [dx, dW1, db1, dW2, db2].entries()) expect(own).toBeAllClose(leaves[i].grad);
    });
  }

  test("with W₂ = 0 the gradient passes as it is, and W₁ waits", async ({ random }) => {
    const block = { ...drawBlock(3, 4, random), W2: t(Array(12).fill(0)).reshape([3, 4]) };
    const [x, g] = [draw([2, 3], random), draw([2, 3], random)];
    const { dx, dW1, db1 } = await backward(g, x, block);
    expect(dx).toBeAllClose(g);
    expect(dW1).toBeAllClose(block.W1.mul(0));
    expect(db1).toBeAllClose([0, 0, 0, 0]);
  });

  test("no gradient in, no gradient out; arguments stay as they are", async ({ random }) => {
    const [x, block] = [draw([2, 3], random), drawBlock(3, 4, random)];
    const { value, args } = await student.residualBackward.observe(x.mul(0), cacheOf(x, block), block);
    expect((value as Gradients).dx).toBeAllClose(x.mul(0));
    expect((value as Gradients).dW2).toBeAllClose(block.W2.mul(0));
    const [, cache, after] = args as [Tensor, Cache, Block];
    expect(cache.z).toBeAllClose(cacheOf(x, block).z);
    expect(after.W1).toBeAllClose(block.W1);
  });
});

async function zeroBlock(width: number, hidden: number, seed: number): Promise<Block> {
  return (await student.zeroInitBlock(width, hidden, seed)) as Block;
}

exercise("zero-branch", ({ test }) => {
  test("one wide, one hidden unit", async () => {
    const { W1, b1, W2, b2 } = await zeroBlock(1, 1, 5);
    expect([W1, b1, W2, b2].map(({ shape }) => shape)).toEqual([[1, 1], [1], [1, 1], [1]]);
    expect(W2).toBeAllClose([[0]]);
  });

  test("other seeds, other sizes: variance 2/width within 4σ", async ({ random }) => {
    const seed = Math.floor(1e6 * random());
    const data = Array.from((await zeroBlock(200, 60, seed)).W1.data);
    const square = data.reduce((sum, value) => sum + value * value, 0) / data.length;
    expect(square).toBeAllClose(0.01, { rtol: 4 * Math.sqrt(2 / data.length) });
  });

  test("the gradient passes unchanged, W₂ starts to learn at once", async ({ random }) => {
    const block = await zeroBlock(6, 10, 9);
    const [x, g] = [draw([3, 6], random), draw([3, 6], random)];
    const leaves = [x, block.W1, block.W2];
    for (const leaf of leaves) leaf.requiresGrad = true;
    cacheOf(x, block).y.mul(g).sum().backward();
    expect(x.grad).toBeAllClose(g);
    expect(block.W1.grad).toBeAllClose(block.W1.mul(0));
    expect(Math.max(...block.W2.grad!.abs().data)).toBeGreaterThan(0);
  });

  test("two blocks do not share their numbers, and the order of calls does not matter", async () => {
    const [one, two] = [await zeroBlock(5, 5, 1), await zeroBlock(5, 5, 2)];
    expect((await zeroBlock(5, 5, 2)).W1).toBeAllClose(two.W1);
    expect((await zeroBlock(5, 5, 1)).W1).toBeAllClose(one.W1);
  });
});

/** All subsets of the branches, each with the product of its slopes. */
function bySubsets(slopes: number[]): number[] {
  const c = new Array<number>(slopes.length + 1).fill(0);
  for (let subset = 0; subset < 2 ** slopes.length; subset++) {
    const chosen = slopes.filter((_, l) => subset & (1 << l));
    c[chosen.length] += chosen.reduce((product, slope) => product * slope, 1);
  }
  return c;
}

exercise("path-contributions", ({ test }) => {
  test("nine random slopes of both signs, against all 512 paths", async ({ random }) => {
    const slopes = Array.from({ length: 9 }, () => 4 * random() - 2);
    expect(await student.pathContributions(slopes)).toBeAllClose(bySubsets(slopes));
  });

  test("a branch of slope 0 adds no path that counts", async () => {
    expect(await student.pathContributions([2, 0, 3])).toBeAllClose([1, 5, 6, 0]);
    expect(await student.pathContributions([0])).toBeAllClose([1, 0]);
  });

  test("branches that undo their input: slopes of −1 cancel all paths", async () => {
    expect(await student.pathContributions([-1, -1, -1])).toBeAllClose([1, -3, 3, -1]);
  });

  test("the order of the branches does not matter, and the list stays as it is", async ({ random }) => {
    const slopes = Array.from({ length: 6 }, () => random());
    const { value, args } = await student.pathContributions.observe(slopes);
    expect(args).toEqual([slopes]);
    expect(await student.pathContributions(slopes.toReversed())).toBeAllClose(value);
  });
});

async function project(x: Tensor, weight: Tensor, stride: number): Promise<Tensor> {
  return (await student.projectionShortcut(x, weight, stride)) as Tensor;
}

exercise("projection-shortcut", ({ test }) => {
  for (const { shape, out, stride } of [
    { shape: [1, 1, 1, 1], out: 3, stride: 1 },
    { shape: [1, 2, 3, 8], out: 2, stride: 4 },
    { shape: [4, 3, 6, 5], out: 7, stride: 2 },
    { shape: [2, 4, 3, 3], out: 1, stride: 5 },
    { shape: [3, 2, 2, 4], out: 2, stride: 1 },
  ]) {
    test(`a 1×1 convolution does the same: [${shape.join(", ")}] to ${out} channels, stride ${stride}`, async ({
      random,
    }) => {
      const [x, weight] = [draw(shape, random), draw([out, shape[1]], random)];
      const expected = conv2d(x, weight.reshape([out, shape[1], 1, 1]), { stride });
      expect(await project(x, weight, stride)).toBeAllClose(expected);
    });
  }

  test("arguments stay as they are", async ({ random }) => {
    const [x, weight] = [draw([2, 2, 3, 3], random), draw([3, 2], random)];
    const { args } = await student.projectionShortcut.observe(x, weight, 2);
    expect(args[0]).toBeAllClose(x);
    expect(args[1]).toBeAllClose(weight);
  });
});

interface ConvBlock {
  bn1: Handle;
  conv1: Handle;
  bn2: Handle;
  conv2: Handle;
  projection: Tensor | null;
  stride: number;
  skip: boolean;
}

type State = Record<string, Tensor>;

async function makeBlock(...args: unknown[]): Promise<ConvBlock> {
  return (await student.makeBlock(...args)) as ConvBlock;
}

async function preActivation(block: ConvBlock, x: Tensor): Promise<Tensor> {
  return (await student.preActivationForward(block, x.cast("float32"))) as Tensor;
}

/** Running statistics in use: (x − mean) / √(variance + ε) γ + β, then a ReLU. */
function inUse(state: State, x: Tensor): Tensor {
  const [mean, variance, weight, bias] = ["running_mean", "running_var", "weight", "bias"].map((name) =>
    state[name].cast("float64").reshape([1, -1, 1, 1]),
  );
  return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(weight).add(bias).relu();
}

/** A block in use, with statistics of its own, and what it should compute. */
async function trained(from: number, to: number, stride: number, skip: boolean, random: () => number) {
  const block = await makeBlock(from, to, stride, skip, 11);
  const states: State[] = [];
  for (const [norm, channels] of [
    [block.bn1, from],
    [block.bn2, to],
  ] as const) {
    await norm.call("eval");
    const state = {
      ...((await norm.call("stateDict")) as State),
      weight: draw([channels], random),
      bias: draw([channels], random),
      running_mean: draw([channels], random),
      running_var: draw([channels], random).abs().add(0.5),
    };
    await norm.call("loadStateDict", state);
    states.push(state);
  }
  const filters = await Promise.all(
    [block.conv1, block.conv2].map(async (conv) => ((await conv.call("stateDict")) as State)["weight"]),
  );
  const expected = (x: Tensor): Tensor => {
    const a = inUse(states[0], x);
    const first = conv2d(a, filters[0].cast("float64"), { stride, padding: 1 });
    const F = conv2d(inUse(states[1], first), filters[1].cast("float64"), { padding: 1 });
    if (!skip) return F;
    if (!block.projection) return x.add(F);
    return conv2d(a, block.projection.cast("float64").reshape([to, from, 1, 1]), { stride }).add(F);
  };
  return { block, expected };
}

const single = { rtol: 1e-3, atol: 1e-4 };

exercise("pre-activation-block", ({ test }) => {
  for (const { from, to, stride, skip } of [
    { from: 2, to: 2, stride: 1, skip: true },
    { from: 2, to: 5, stride: 1, skip: true },
    { from: 3, to: 3, stride: 2, skip: true },
    { from: 3, to: 4, stride: 3, skip: true },
    { from: 3, to: 4, stride: 2, skip: false },
  ]) {
    test(`in use, one image of 5 × 4: ${from} to ${to} channels, stride ${stride}, ${skip ? "with" : "without"} shortcut`, async ({
      random,
    }) => {
      const { block, expected } = await trained(from, to, stride, skip, random);
      const x = draw([1, from, 5, 4], random);
      expect(await preActivation(block, x)).toBeAllClose(expected(x), single);
    });
  }

  test("in training each normalisation sees the batch once", async ({ random }) => {
    const block = await makeBlock(2, 2, 1, true, 3);
    await preActivation(block, draw([2, 2, 3, 3], random));
    for (const norm of [block.bn1, block.bn2])
      expect(((await norm.call("stateDict")) as State)["num_batches_tracked"]).toBeAllClose(1);
  });

  test("x stays as it is, and the second call gives the same", async ({ random }) => {
    const block = await makeBlock(2, 2, 1, true, 3);
    const x = draw([2, 2, 3, 3], random).cast("float32");
    const { value, args } = await student.preActivationForward.observe(block, x);
    expect(args[1]).toBeAllClose(x);
    expect(await preActivation(block, x)).toBeAllClose(value);
  });
});

interface BlockPlan {
  inChannels: number;
  outChannels: number;
  stride: number;
  parameters: number;
}

async function plan(depth: number, width: number): Promise<BlockPlan[]> {
  return (await student.resnetPlan(depth, width)) as BlockPlan[];
}

exercise("resnet-plan", ({ test }) => {
  test("depths 8 to 110: 3n blocks, two of them with stride 2, in the right places", async () => {
    for (const n of [1, 2, 5, 9, 18]) {
      const blocks = await plan(6 * n + 2, 16);
      expect(blocks).toHaveLength(3 * n);
      const halving = [...blocks.keys()].filter((i) => blocks[i].stride === 2);
      expect(halving).toEqual([n, 2 * n]);
      expect(blocks.filter(({ stride }) => stride === 1)).toHaveLength(3 * n - 2);
    }
  });

  test("each block takes what the one before puts out", async () => {
    const blocks = await plan(32, 10);
    expect(blocks[0].inChannels).toBe(10);
    for (let i = 1; i < blocks.length; i++) expect(blocks[i].inChannels).toBe(blocks[i - 1].outChannels);
    expect(blocks.at(-1)!.outChannels).toBe(40);
  });

  test("width 1: 2 + 9 + 2 + 9 for the first block", async () => {
    // then 2 + 18 + 4 + 36 + 2 and 4 + 72 + 8 + 144 + 8
    expect((await plan(8, 1)).map(({ parameters }) => parameters)).toEqual([22, 62, 236]);
  });

  test("ResNet-56 of width 16: nine blocks in each group, two of them changing shape", async () => {
    const blocks = (await plan(56, 16)).reduce((sum, { parameters }) => sum + parameters, 0);
    const same = (c: number) => 4 * c + 18 * c * c;
    const change = (c: number) => 2 * c + 18 * c * c + 4 * c + 36 * c * c + 2 * c * c;
    expect(blocks).toBe(9 * same(16) + change(16) + 8 * same(32) + change(32) + 8 * same(64));
  });

  test("other depths are errors", { gated: true }, async () => {
    for (const depth of [0, -4, 9, 12, 20.5, 56.1])
      await expect(plan(depth, 16), `depth ${depth}`).rejects.toThrow(/^\S/);
  });
});

type Batch = [x: Tensor, y: Tensor];

function batch(N: number, inputs: number, classes: number, random: () => number): Batch {
  const y = Array.from({ length: N }, () => Math.floor(classes * random()));
  return [draw([N, inputs], random).cast("float32"), tensor(y, { dtype: "int32" })];
}

/** Softmax regression from zero by gradient descent with momentum 0.9, written out. */
function lossesOf(batches: Batch[], inputs: number, classes: number, rate: number): number[] {
  const W = Array.from({ length: classes }, () => new Array<number>(inputs + 1).fill(0));
  const velocity = W.map((row) => row.map(() => 0));
  return batches.map(([x, y]) => {
    const gradient = W.map((row) => row.map(() => 0));
    let loss = 0;
    (x.toArray() as number[][]).forEach((row, n) => {
      const extended = [...row, 1];
      const scores = W.map((weights) => weights.reduce((sum, w, i) => sum + w * extended[i], 0));
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      loss += (Math.log(total) - scores[y.data[n]]) / x.shape[0];
      scores.forEach((score, k) => {
        const slope = (Math.exp(score) / total - (k === y.data[n] ? 1 : 0)) / x.shape[0];
        extended.forEach((value, i) => (gradient[k][i] += slope * value));
      });
    });
    for (const [k, row] of W.entries())
      for (const i of row.keys()) {
        velocity[k][i] = 0.9 * velocity[k][i] + gradient[k][i];
        row[i] -= rate * velocity[k][i];
      }
    return loss;
  });
}

exercise("training-curve", ({ test }) => {
  test("twelve batches of different sizes, five classes", async ({ random }) => {
    const batches = Array.from({ length: 12 }, (_, i) => batch(1 + (i % 4), 3, 5, random));
    const net = await student.OneLayer.new(3, 5);
    expect(await student.trainingCurve(net, batches, 0.3)).toBeAllClose(lossesOf(batches, 3, 5, 0.3), {
      rtol: 1e-4,
    });
  });

  test("no batches, no losses, and a rate of 0 changes nothing", async ({ random }) => {
    const net = (await student.OneLayer.new(2, 3)) as Handle;
    expect(await student.trainingCurve(net, [], 0.1)).toEqual([]);
    const batches = [batch(2, 2, 3, random), batch(2, 2, 3, random)];
    expect(await student.trainingCurve(net, batches, 0)).toBeAllClose([Math.log(3), Math.log(3)]);
  });

  test("a second training goes on with the net, without the momentum of the first", async ({ random }) => {
    const [first, second] = [batch(4, 2, 2, random), batch(4, 2, 2, random)];
    const net = await student.OneLayer.new(2, 2);
    await student.trainingCurve(net, [first], 0.5);
    const [loss] = (await student.trainingCurve(net, [second], 0.5)) as number[];
    expect(loss).toBeAllClose(lossesOf([first, second], 2, 2, 0.5)[1], { rtol: 1e-4 });
  });
});

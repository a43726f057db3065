import { conv2d, tensor, type Tensor } from "gradlab";
import { exercise, expect, student, type Handle } from "gradlab/testing";

type Values = Parameters<typeof tensor>[0];

/** Numbers in double precision, in the shape of their nesting. */
function t(values: Values): Tensor {
  return tensor(values, { dtype: "float64" });
}

/** Random numbers from −1 to 1. */
function draw(shape: number[], random: () => number): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return t(Array.from({ length: size }, () => 2 * random() - 1)).reshape(shape);
}

/** A list of numbers as a matrix of as many rows. */
function rowsOf(x: Tensor): number[][] {
  return x.toArray() as number[][];
}

interface Block {
  W1: Tensor;
  b1: Tensor;
  W2: Tensor;
  b2: Tensor;
}

/** The block of section 4. */
const example: Block = {
  W1: t([
    [1, -1],
    [2, 0],
  ]),
  b1: t([0, -1]),
  W2: t([
    [3, 0.5],
    [1, -2],
  ]),
  b2: t([0, 1]),
};

function drawBlock(width: number, hidden: number, random: () => number): Block {
  return {
    W1: draw([hidden, width], random),
    b1: draw([hidden], random),
    W2: draw([width, hidden], random),
    b2: draw([width], random),
  };
}

/** The forward pass from its definition, one example and one sum at a time. */
function reference(x: Tensor, { W1, b1, W2, b2 }: Block) {
  const weigh = (row: number[], W: Tensor, b: Tensor) =>
    rowsOf(W).map((weights, j) => weights.reduce((sum, w, i) => sum + w * row[i], b.data[j]));
  const z = rowsOf(x).map((row) => weigh(row, W1, b1));
  const h = z.map((row) => row.map((value) => Math.max(value, 0)));
  const y = h.map((row, n) => weigh(row, W2, b2).map((F, i) => rowsOf(x)[n][i] + F));
  return { z: t(z), h: t(h), y: t(y) };
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
  test(
    "the example's z and h: (−1, 1) and (0, 1)",
    { hint: "z = x W₁ᵀ + b₁ comes before the ReLU, h after it." },
    async () => {
      const { z, h } = await forward(t([[1, 2]]), example);
      expect(z).toBeAllClose([[-1, 1]]);
      expect(h).toBeAllClose([[0, 1]]);
    },
  );

  test(
    "the example's y: (1, 2) + (0.5, −1)",
    { hint: "y is the sum of x and the branch h W₂ᵀ + b₂." },
    async () => {
      expect((await forward(t([[1, 2]]), example)).y).toBeAllClose([[1.5, 1]]);
    },
  );

  test("no activation after the sum: y can be negative", async () => {
    expect((await forward(t([[-3, -2]]), example)).y).toBeAllClose([[-3, -1]]);
  });

  test("the cache holds x for the backward pass", async () => {
    expect((await forward(t([[1, 2]]), example)).x).toBeAllClose([[1, 2]]);
  });

  test(
    "three examples, width 4, 5 hidden units: each row by itself",
    { hint: "Examples are rows: weights have to be transposed, and biases are added to every row." },
    async ({ random }) => {
      const [x, block] = [draw([3, 4], random), drawBlock(4, 5, random)];
      const { z, h, y } = await forward(x, block);
      const expected = reference(x, block);
      expect(z).toBeAllClose(expected.z);
      expect(h).toBeAllClose(expected.h);
      expect(y).toBeAllClose(expected.y);
    },
  );
});

interface Gradients {
  dx: Tensor;
  dW1: Tensor;
  db1: Tensor;
  dW2: Tensor;
  db2: Tensor;
}

async function backward(g: Tensor, x: Tensor, block: Block): Promise<Gradients> {
  return (await student.residualBackward(g, { x, ...reference(x, block) }, block)) as Gradients;
}

/** The slopes of Σ g·y in each number of `moved`, by central differences through the definition. */
function measured(g: Tensor, moved: Tensor, at: (moved: Tensor) => Tensor): Tensor {
  const h = 1e-5;
  const loss = (values: Iterable<number>) => {
    const y = at(t([...values]).reshape(moved.shape));
    return Array.from(y.data).reduce((sum, value, i) => sum + value * g.data[i], 0);
  };
  const slopes = Array.from(moved.data, (value, i) => {
    const to = (changed: number) => loss(Array.from(moved.data).with(i, changed));
    return (to(value + h) - to(value - h)) / (2 * h);
  });
  return t(slopes).reshape(moved.shape);
}

exercise("residual-backward", ({ test }) => {
  const [g, x] = [t([[1, 2]]), t([[1, 2]])];

  test(
    "the example's dx: (1, 2) around the branch, (−7, 0) through it",
    { hint: "Two paths lead from y to x: add what comes along each of them." },
    async () => {
      expect((await backward(g, x, example)).dx).toBeAllClose([[-6, 2]]);
    },
  );

  test("the example's dW₂ = gᵀ h and db₂ = g", async () => {
    const { dW2, db2 } = await backward(g, x, example);
    expect(dW2).toBeAllClose([
      [0, 1],
      [0, 2],
    ]);
    expect(db2).toBeAllClose([1, 2]);
  });

  test(
    "the example's dW₁ and db₁: nothing for the unit that the ReLU switched off",
    { hint: "dz is dh where z is positive, and 0 elsewhere." },
    async () => {
      const { dW1, db1 } = await backward(g, x, example);
      expect(dW1).toBeAllClose([
        [0, 0],
        [-3.5, -7],
      ]);
      expect(db1).toBeAllClose([0, -3.5]);
    },
  );

  test(
    "two equal examples: dx has a row for each, parameters get twice as much",
    { hint: "Each example uses the same parameters, so its contributions add up." },
    async () => {
      const twice = t([
        [1, 2],
        [1, 2],
      ]);
      const { dx, dW1, db1, dW2, db2 } = await backward(twice, twice, example);
      expect(dx).toBeAllClose([
        [-6, 2],
        [-6, 2],
      ]);
      expect(dW1).toBeAllClose([
        [0, 0],
        [-7, -14],
      ]);
      expect(db1).toBeAllClose([0, -7]);
      expect(dW2).toBeAllClose([
        [0, 2],
        [0, 4],
      ]);
      expect(db2).toBeAllClose([2, 4]);
    },
  );

  test("where z is exactly 0 the ReLU passes nothing on", async () => {
    const flat = { ...example, b1: t([1, -1]) };
    expect((await backward(g, x, flat)).db1).toBeAllClose([0, -3.5]);
  });

  test("a random block agrees with a measurement to 1e-6", async ({ random }) => {
    const [x, g, block] = [draw([3, 4], random), draw([3, 4], random), drawBlock(4, 5, random)];
    const { dx, dW1, db1, dW2, db2 } = await backward(g, x, block);
    const close = { rtol: 1e-6, atol: 1e-8 };
    expect(dx).toBeAllClose(
      measured(g, x, (x) => reference(x, block).y),
      close,
    );
    for (const [name, gradient] of Object.entries({ W1: dW1, b1: db1, W2: dW2, b2: db2 })) {
      const slopes = measured(
        g,
        block[name as keyof Block],
        (moved) => reference(x, { ...block, [name]: moved }).y,
      );
      expect(gradient, `d${name}`).toBeAllClose(slopes, close);
    }
  });
});

async function zeroBlock(width: number, hidden: number, seed: number): Promise<Block> {
  return (await student.zeroInitBlock(width, hidden, seed)) as Block;
}

exercise("zero-branch", ({ test }) => {
  test("width 8 and 32 hidden units: the shapes of the four parameters", async () => {
    const { W1, b1, W2, b2 } = await zeroBlock(8, 32, 1);
    expect([W1, b1, W2, b2].map(({ shape }) => shape)).toEqual([[32, 8], [32], [8, 32], [8]]);
  });

  test(
    "the block is the identity: y = x for any x",
    { hint: "The last layer has to be zero: W₂ and b₂." },
    async ({ random }) => {
      const x = draw([4, 8], random);
      expect(reference(x, await zeroBlock(8, 32, 1)).y).toBeAllClose(x);
    },
  );

  test("and stays so if W₁ is changed: it is the last layer that is zero", async ({ random }) => {
    const [x, block] = [draw([4, 8], random), await zeroBlock(8, 32, 1)];
    const changed = { ...block, W1: draw([32, 8], random), b1: draw([32], random) };
    expect(reference(x, changed).y).toBeAllClose(x);
  });

  test("the hidden units are alive, or W₂ could never learn", async ({ random }) => {
    const { h } = reference(draw([4, 8], random), await zeroBlock(8, 32, 1));
    expect(Math.max(...h.data), "the largest hidden value; if it is 0, dW₂ is 0 forever").toBeGreaterThan(
      0.1,
    );
  });

  test("biases start at zero", async () => {
    const { b1, b2 } = await zeroBlock(3, 5, 2);
    expect(b1).toBeAllClose([0, 0, 0, 0, 0]);
    expect(b2).toBeAllClose([0, 0, 0]);
  });

  test(
    "W₁ has mean 0 and variance 2/width: 20 000 numbers of variance 0.04, within 4σ",
    { hint: "randn has variance 1. Numbers multiplied by c have variance c²." },
    async () => {
      const data = Array.from((await zeroBlock(50, 400, 3)).W1.data);
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
      // The mean of n numbers has σ/√n, their variance √(2/n) of itself.
      expect(mean).toBeAllClose(0, { atol: (4 * 0.2) / Math.sqrt(20_000) });
      expect(variance).toBeAllClose(0.04, { rtol: 4 * Math.sqrt(2 / 20_000) });
    },
  );

  test("the seed decides: the same again for the same, others for another", async () => {
    const [one, again, other] = [
      await zeroBlock(4, 4, 1),
      await zeroBlock(4, 4, 1),
      await zeroBlock(4, 4, 2),
    ];
    expect(again.W1).toBeAllClose(one.W1);
    expect(other.W1).not.toBeAllClose(one.W1);
  });
});

exercise("path-contributions", ({ test }) => {
  test(
    "slopes 1, 2, 3: [1, 6, 11, 6]",
    { hint: "A new branch of slope a makes c_k + a c_(k−1) of c_k, with the old c_(k−1)." },
    async () => {
      expect(await student.pathContributions([1, 2, 3])).toBeAllClose([1, 6, 11, 6]);
    },
  );

  test("two slopes of 0.5: [1, 1, 0.25]", async () => {
    expect(await student.pathContributions([0.5, 0.5])).toBeAllClose([1, 1, 0.25]);
  });

  test("one block: around it and through it", async () => {
    expect(await student.pathContributions([-0.7])).toBeAllClose([1, -0.7]);
  });

  test(
    "slopes of 1 count the paths: 1, 4, 6, 4, 1",
    { hint: "Each path of k branches contributes the product of k slopes, here 1." },
    async () => {
      expect(await student.pathContributions([1, 1, 1, 1])).toBeAllClose([1, 4, 6, 4, 1]);
    },
  );

  test("no branch: one path, with slope 1", async () => {
    expect(await student.pathContributions([])).toBeAllClose([1]);
  });

  test("the contributions of 40 branches add up to the product of all 1 + a", async ({ random }) => {
    const slopes = Array.from({ length: 40 }, () => random() - 0.3);
    const parts = (await student.pathContributions(slopes)) as number[];
    expect(parts).toHaveLength(41);
    const product = slopes.reduce((all, slope) => all * (1 + slope), 1);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeAllClose(product);
  });
});

async function project(x: Tensor, weight: Tensor, stride: number): Promise<Tensor> {
  return (await student.projectionShortcut(x, weight, stride)) as Tensor;
}

/** The projection from its definition. */
function projected(x: Tensor, weight: Tensor, stride: number): number[][][][] {
  const images = x.toArray() as number[][][][];
  return images.map((channels) =>
    rowsOf(weight).map((weights) =>
      channels[0]
        .filter((_, i) => i % stride === 0)
        .map((row, i) =>
          row
            .filter((_, j) => j % stride === 0)
            .map((_, j) => weights.reduce((sum, w, c) => sum + w * channels[c][i * stride][j * stride], 0)),
        ),
    ),
  );
}

exercise("projection-shortcut", ({ test }) => {
  const image = t([
    [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [10, 20],
        [30, 40],
      ],
    ],
  ]);
  const weight = t([
    [1, 0.1],
    [0, -1],
  ]);

  test(
    "the example, stride 1: channels are mixed pixel by pixel",
    { hint: "Each output channel is a weighted sum of the input channels, at the same pixel." },
    async () => {
      expect(await project(image, weight, 1)).toBeAllClose([
        [
          [
            [2, 4],
            [6, 8],
          ],
          [
            [-10, -20],
            [-30, -40],
          ],
        ],
      ]);
    },
  );

  test("the example, stride 2: the top left pixel is left", async () => {
    expect(await project(image, weight, 2)).toBeAllClose([[[[2]], [[-10]]]]);
  });

  test(
    "one channel of 3 × 5, stride 2: rows 0 and 2, columns 0, 2 and 4",
    { hint: "Keep rows and columns 0, stride, 2 · stride, and so on, also the last if it is one of them." },
    async () => {
      const x = t(Array.from({ length: 15 }, (_, i) => i)).reshape([1, 1, 3, 5]);
      expect(await project(x, t([[1]]), 2)).toBeAllClose([
        [
          [
            [0, 2, 4],
            [10, 12, 14],
          ],
        ],
      ]);
    },
  );

  test("[2, 3, 5, 7] with a weight of [4, 3] and stride 2 becomes [2, 4, 3, 4]", async ({ random }) => {
    const [x, weight] = [draw([2, 3, 5, 7], random), draw([4, 3], random)];
    const y = await project(x, weight, 2);
    expect(y.shape).toEqual([2, 4, 3, 4]);
    expect(y).toBeAllClose(projected(x, weight, 2));
  });

  test("fewer channels out than in, stride 3", async ({ random }) => {
    const [x, weight] = [draw([1, 5, 4, 6], random), draw([2, 5], random)];
    expect(await project(x, weight, 3)).toBeAllClose(projected(x, weight, 3));
  });
});

/** A block on the student's side, and the numbers in it. */
interface ConvBlock {
  bn1: Handle;
  conv1: Handle;
  bn2: Handle;
  conv2: Handle;
  projection: Tensor | null;
  stride: number;
  skip: boolean;
}

interface BlockShape {
  from: number;
  to: number;
  stride?: number;
  skip?: boolean;
}

/** A block whose normalisations have γ and β of their own, so that they cannot be mistaken for each other. */
async function convBlock(
  { from, to, stride = 1, skip = true }: BlockShape,
  random: () => number,
): Promise<ConvBlock> {
  const block = (await student.makeBlock(from, to, stride, skip, 7)) as ConvBlock;
  for (const [norm, channels] of [
    [block.bn1, from],
    [block.bn2, to],
  ] as const) {
    const state = (await norm.call("stateDict")) as Record<string, Tensor>;
    const [weight, bias] = [draw([channels], random).mul(0.3).add(1), draw([channels], random)];
    await norm.call("loadStateDict", { ...state, weight, bias });
  }
  return block;
}

/** Batch normalisation in training from its definition, then a ReLU. x [N, C, H, W]. */
async function normalisedRelu(norm: Handle, x: Tensor): Promise<Tensor> {
  const { weight, bias } = (await norm.call("stateDict")) as { weight: Tensor; bias: Tensor };
  const [, C, H, W] = x.shape;
  const channelOf = (i: number) => Math.floor(i / (H * W)) % C;
  const statistics = Array.from({ length: C }, (_, c) => {
    const values = Array.from(x.data).filter((_, i) => channelOf(i) === c);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, std: Math.sqrt(variance + 1e-5) };
  });
  const values = Array.from(x.data, (value, i) => {
    const c = channelOf(i);
    return Math.max(0, (weight.data[c] * (value - statistics[c].mean)) / statistics[c].std + bias.data[c]);
  });
  return t(values).reshape(x.shape);
}

async function convolved(conv: Handle, x: Tensor, stride: number): Promise<Tensor> {
  const { weight } = (await conv.call("stateDict")) as { weight: Tensor };
  return conv2d(x, weight.cast("float64"), { stride, padding: 1 });
}

async function preActivation(block: ConvBlock, x: Tensor): Promise<Tensor> {
  return (await student.preActivationForward(block, x.cast("float32"))) as Tensor;
}

/** The block from its formula. */
async function expectedOf(block: ConvBlock, x: Tensor): Promise<Tensor> {
  const a = await normalisedRelu(block.bn1, x);
  const hidden = await normalisedRelu(block.bn2, await convolved(block.conv1, a, block.stride));
  const F = await convolved(block.conv2, hidden, 1);
  if (!block.skip) return F;
  const { projection, stride } = block;
  return F.add(projection ? t(projected(a, projection.cast("float64"), stride)) : x);
}

/** The layers run in single precision. */
const single = { rtol: 1e-3, atol: 1e-4 };

/** With conv2 = 0 the branch is zero, and the shortcut is all there is. */
async function emptyBranch(block: ConvBlock): Promise<ConvBlock> {
  const { weight } = (await block.conv2.call("stateDict")) as { weight: Tensor };
  await block.conv2.call("loadStateDict", { weight: weight.mul(0) });
  return block;
}

exercise("pre-activation-block", ({ test }) => {
  test(
    "with a branch of zero, the block returns x itself, negative numbers too",
    { hint: "Nothing stands on the shortcut of a block that keeps its shape, and nothing after the sum." },
    async ({ random }) => {
      const block = await emptyBranch(await convBlock({ from: 2, to: 2 }, random));
      const x = draw([2, 2, 3, 3], random);
      expect(await preActivation(block, x)).toBeAllClose(x, single);
    },
  );

  test(
    "with a branch of zero and another shape: the projection of relu(BN₁(x))",
    {
      hint: "The projection begins after the first normalisation and ReLU, and has the stride of the block.",
    },
    async ({ random }) => {
      const block = await emptyBranch(await convBlock({ from: 2, to: 3, stride: 2 }, random));
      const x = draw([2, 2, 4, 4], random);
      expect(await preActivation(block, x)).toBeAllClose(await expectedOf(block, x), single);
    },
  );

  test("without skip the branch is all there is", async ({ random }) => {
    const block = await convBlock({ from: 2, to: 2, skip: false }, random);
    const x = draw([2, 2, 3, 3], random);
    expect(await preActivation(block, x)).toBeAllClose(await expectedOf(block, x), single);
  });

  test(
    "same shape: x + F(x)",
    { hint: "The order is BN – ReLU – conv – BN – ReLU – conv." },
    async ({ random }) => {
      const block = await convBlock({ from: 3, to: 3 }, random);
      const x = draw([2, 3, 4, 4], random);
      expect(await preActivation(block, x)).toBeAllClose(await expectedOf(block, x), single);
    },
  );

  test("stride 2 and twice the channels: S(a) + F(x)", async ({ random }) => {
    const block = await convBlock({ from: 2, to: 4, stride: 2 }, random);
    const x = draw([3, 2, 4, 4], random);
    const y = await preActivation(block, x);
    expect(y.shape).toEqual([3, 4, 2, 2]);
    expect(y).toBeAllClose(await expectedOf(block, x), single);
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
  test("ResNet-8: three blocks, one per group", async () => {
    const blocks = await plan(8, 16);
    expect(blocks.map(({ inChannels, outChannels }) => [inChannels, outChannels])).toEqual([
      [16, 16],
      [16, 32],
      [32, 64],
    ]);
  });

  test("ResNet-8: groups 2 and 3 begin with stride 2, group 1 does not", async () => {
    expect((await plan(8, 16)).map(({ stride }) => stride)).toEqual([1, 2, 2]);
  });

  test(
    "ResNet-8: 4672, 14 432 and 57 536 parameters",
    { hint: "Two normalisations, two convolutions without bias, and a projection where channels change." },
    async () => {
      expect((await plan(8, 16)).map(({ parameters }) => parameters)).toEqual([4672, 14_432, 57_536]);
    },
  );

  test(
    "ResNet-20: only the first block of a group changes anything",
    { hint: "After the first block of a group, inChannels and outChannels are equal." },
    async () => {
      const blocks = await plan(20, 16);
      expect(blocks.map(({ inChannels, outChannels, stride }) => [inChannels, outChannels, stride])).toEqual([
        ...[1, 2, 3].map(() => [16, 16, 1]),
        [16, 32, 2],
        ...[1, 2].map(() => [32, 32, 1]),
        [32, 64, 2],
        ...[1, 2].map(() => [64, 64, 1]),
      ]);
    },
  );

  test("ResNet-20: 271 072 parameters in its blocks", async () => {
    // 3 · 4672 + (14 432 + 2 · 18 560) + (57 536 + 2 · 73 984)
    const total = (await plan(20, 16)).reduce((sum, { parameters }) => sum + parameters, 0);
    expect(total).toBe(14_016 + 51_552 + 205_504);
  });

  test("ResNet-14 of width 4", async () => {
    const blocks = await plan(14, 4);
    expect(blocks.map(({ outChannels }) => outChannels)).toEqual([4, 4, 8, 8, 16, 16]);
    // 8 + 144 + 8 + 144; 8 + 288 + 16 + 576 + 32; 16 + 576 + 16 + 576; …
    expect(blocks.map(({ parameters }) => parameters)).toEqual([304, 304, 920, 1184, 3632, 4672]);
  });

  test("a depth that is not 6n + 2 is an error", { gated: true }, async () => {
    for (const depth of [18, 21, 7]) await expect(plan(depth, 16), `depth ${depth}`).rejects.toThrow(/^\S/);
  });

  test("no blocks, no network: depth 2 is an error", { gated: true }, async () => {
    await expect(plan(2, 16)).rejects.toThrow(/^\S/);
  });
});

type Batch = [x: Tensor, y: Tensor];

/** The same training of `OneLayer` without any library: the gradient of a softmax regression, and momentum. */
function lossesOf(batches: Batch[], inputs: number, classes: number, rate: number): number[] {
  const W = Array.from({ length: classes }, () => new Array<number>(inputs + 1).fill(0));
  const velocity = W.map((row) => row.map(() => 0));
  return batches.map(([x, y]) => {
    const gradient = W.map((row) => row.map(() => 0));
    let loss = 0;
    rowsOf(x).forEach((row, n) => {
      const extended = [...row, 1];
      const scores = W.map((weights) => weights.reduce((sum, w, i) => sum + w * extended[i], 0));
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      loss += (Math.log(total) - scores[y.data[n]]) / x.shape[0];
      scores.forEach((score, k) => {
        const slope = (Math.exp(score) / total - (k === y.data[n] ? 1 : 0)) / x.shape[0];
        extended.forEach((value, i) => (gradient[k][i] += slope * value));
      });
    });
    W.forEach((row, k) =>
      row.forEach((_, i) => {
        velocity[k][i] = 0.9 * velocity[k][i] + gradient[k][i];
        row[i] -= rate * velocity[k][i];
      }),
    );
    return loss;
  });
}

function labelled(x: Values, y: number[]): Batch {
  return [tensor(x), tensor(y, { dtype: "int32" })];
}

async function curve(batches: Batch[], inputs: number, classes: number, rate: number): Promise<number[]> {
  const net = await student.OneLayer.new(inputs, classes);
  return (await student.trainingCurve(net, batches, rate)) as number[];
}

exercise("training-curve", ({ test }) => {
  const one = labelled([[2]], [0]);

  test("before the first step the loss is ln 2", async () => {
    expect(await curve([one], 1, 2, 0.1)).toBeAllClose([Math.LN2]);
  });

  test("the example's second loss: ln(1 + e^−0.5) ≈ 0.4741", async () => {
    const expected = [Math.LN2, Math.log(1 + Math.exp(-0.5))];
    expect(await curve([one, one], 1, 2, 0.1)).toBeAllClose(expected);
  });

  test(
    "the third step has a clean gradient and the momentum of the second",
    { hint: "Clear the gradients in each step, and keep one optimizer for the whole training." },
    async () => {
      const batches = [one, one, one, one];
      expect(await curve(batches, 1, 2, 0.1)).toBeAllClose(lossesOf(batches, 1, 2, 0.1), { rtol: 1e-4 });
    },
  );

  test("batches are taken in their order, each once", async () => {
    const batches = [one, labelled([[-1], [3]], [1, 1]), labelled([[0.5]], [0])];
    expect(await curve(batches, 1, 2, 0.2)).toBeAllClose(lossesOf(batches, 1, 2, 0.2), { rtol: 1e-4 });
  });

  test("onStep hears of every step and its loss", async () => {
    const heard: [number, number][] = [];
    const net = await student.OneLayer.new(1, 2);
    const onStep = (done: number, loss: number) => void heard.push([done, loss]);
    const losses = (await student.trainingCurve(net, [one, one, one], 0.1, onStep)) as number[];
    expect(heard).toEqual(losses.map((loss, i) => [i + 1, loss]));
    expect(losses).toHaveLength(3);
  });

  test("the net itself has learned: one more look at the example gives the next loss", async () => {
    const net = (await student.OneLayer.new(1, 2)) as Handle;
    await student.trainingCurve(net, [one], 0.1);
    expect(await net.call("forward", one[0])).toBeAllClose([[0.25, -0.25]]);
  });
});

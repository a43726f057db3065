// Lesson 10 – Residual connections – the reference answers. Derived from solutions/10-residuals/lesson.md by gradlab tangle.
import { Generator, SGD, nn, randn, type Tensor, zeros } from "gradlab";

/** @shared block */
/** The parameters of a residual block of width D with M hidden units. */
export interface Block {
  W1: Tensor; // [M, D]
  b1: Tensor; // [M]
  W2: Tensor; // [D, M]
  b2: Tensor; // [D]
}

/** What a block computes for N examples on its way forward. */
export interface BlockCache {
  x: Tensor; // [N, D]
  z: Tensor; // [N, M]
  h: Tensor; // [N, M]
  y: Tensor; // [N, D]
}

/** The gradients of a loss with respect to a block's input and parameters, in their shapes. */
export interface BlockGradients {
  dx: Tensor; // [N, D]
  dW1: Tensor;
  db1: Tensor;
  dW2: Tensor;
  db2: Tensor;
}

/** @exercise residual-forward */
/** y = x + W₂ relu(W₁ x + b₁) + b₂ for each row of x [N, D]; y and what was computed on the way. */
export function residualForward(x: Tensor, block: Block): BlockCache {
  const { W1, b1, W2, b2 } = block;
  const z = x.matmul(W1.transpose()).add(b1);
  const h = z.relu();
  const y = x.add(h.matmul(W2.transpose()).add(b2));
  return { x, z, h, y };
}

/** @exercise residual-backward */
/** The gradients of a loss, given g = ∂L/∂y [N, D] and what the forward pass computed. */
export function residualBackward(g: Tensor, cache: BlockCache, block: Block): BlockGradients {
  const { x, z, h } = cache;
  const dz = g.matmul(block.W2).mul(z.greater(0));
  return {
    dx: g.add(dz.matmul(block.W1)),
    dW1: dz.transpose().matmul(x),
    db1: dz.sum(0),
    dW2: g.transpose().matmul(h),
    db2: g.sum(0),
  };
}

/** @exercise zero-branch */
/** A residual block that starts as the identity: W₁ by He's rule, everything else 0. */
export function zeroInitBlock(width: number, hidden: number, seed: number): Block {
  const generator = new Generator(seed);
  return {
    W1: randn([hidden, width], { generator }).mul(Math.sqrt(2 / width)),
    b1: zeros([hidden]),
    W2: zeros([width, hidden]),
    b2: zeros([width]),
  };
}

/** @exercise path-contributions */
/** What the paths through exactly k of the L branches contribute to the slope, for k = 0 … L. slopes [L] → [L + 1]. */
export function pathContributions(slopes: number[]): number[] {
  const c = [1];
  for (const slope of slopes) {
    c.push(0);
    for (let k = c.length - 1; k > 0; k--) c[k] += slope * c[k - 1];
  }
  return c;
}

/** @exercise projection-shortcut */
/** A 1×1 convolution with stride. x [N, C, H, W], weight [O, C] → [N, O, ⌈H/stride⌉, ⌈W/stride⌉]. */
export function projectionShortcut(x: Tensor, weight: Tensor, stride: number): Tensor {
  const rows = x.slice(0, x.shape[2], { axis: 2, step: stride });
  const kept = rows.slice(0, x.shape[3], { axis: 3, step: stride });
  const [N, C, H, W] = kept.shape;
  const pixels = kept.permute([0, 2, 3, 1]).reshape([N * H * W, C]);
  const mixed = pixels.matmul(weight.transpose());
  return mixed.reshape([N, H, W, weight.shape[0]]).permute([0, 3, 1, 2]);
}

/** @shared conv-block */
/** The layers of a pre-activation block. Its convolutions have no bias: the next normalisation would take it away. */
export interface ConvBlock {
  bn1: nn.BatchNorm2d;
  conv1: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  /** The projection's weight [out, in] where the block changes shape and has a shortcut; otherwise null. */
  projection: nn.Parameter | null;
  stride: number;
  /** Whether there is a shortcut; without it the block is plain. */
  skip: boolean;
}

/** A 3×3 convolution that keeps the size but for its stride, by He's rule. */
export function conv3x3(inChannels: number, outChannels: number, stride: number, generator: Generator): nn.Conv2d {
  const conv = new nn.Conv2d(inChannels, outChannels, 3, { stride, padding: 1, bias: false, generator });
  nn.init.heNormal(conv.weight, { mode: "fanOut", generator });
  return conv;
}

export function makeBlock(inChannels: number, outChannels: number, stride: number, skip: boolean, seed: number): ConvBlock {
  const generator = new Generator(seed);
  const bn1 = new nn.BatchNorm2d(inChannels);
  const conv1 = conv3x3(inChannels, outChannels, stride, generator);
  const bn2 = new nn.BatchNorm2d(outChannels);
  const conv2 = conv3x3(outChannels, outChannels, 1, generator);
  const isSameShape = stride === 1 && inChannels === outChannels;
  const weight = randn([outChannels, inChannels], { generator }).mul(Math.sqrt(1 / inChannels));
  const projection = skip && !isSameShape ? new nn.Parameter(weight) : null;
  return { bn1, conv1, bn2, conv2, projection, stride, skip };
}

/** @exercise pre-activation-block */
/** BN – ReLU – conv – BN – ReLU – conv, and the shortcut. x [N, in, H, W] → [N, out, ⌈H/stride⌉, ⌈W/stride⌉]. */
export function preActivationForward(block: ConvBlock, x: Tensor): Tensor {
  const a = block.bn1.forward(x).relu();
  const hidden = block.bn2.forward(block.conv1.forward(a)).relu();
  const F = block.conv2.forward(hidden);
  if (!block.skip) return F;
  const shortcut = block.projection ? projectionShortcut(a, block.projection, block.stride) : x;
  return shortcut.add(F);
}

/** @exercise resnet-plan */
export interface BlockPlan {
  inChannels: number;
  outChannels: number;
  stride: number;
  /** Of the block: normalisations, convolutions and projection. */
  parameters: number;
}

/** The blocks of the pre-activation ResNet of depth 6n + 2 whose groups have width, 2·width and 4·width channels. */
export function resnetPlan(depth: number, width: number): BlockPlan[] {
  const plan: BlockPlan[] = [];
  const n = (depth - 2) / 6;
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`depth ${depth} is not 6n + 2`);
  let inChannels = width;
  for (let group = 0; group < 3; group++) {
    const outChannels = width * 2 ** group;
    for (let i = 0; i < n; i++) {
      const stride = group > 0 && i === 0 ? 2 : 1;
      const projection = inChannels === outChannels ? 0 : inChannels * outChannels;
      const convolutions = 9 * inChannels * outChannels + 9 * outChannels ** 2;
      const parameters = 2 * inChannels + 2 * outChannels + convolutions + projection;
      plan.push({ inChannels, outChannels, stride, parameters });
      inChannels = outChannels;
    }
  }
  return plan;
}

/** @shared resnet */
export interface ResNetOptions {
  width: number;
  /** Channels of the images. */
  inChannels: number;
  /** Whether blocks have shortcuts; without them the network is plain. */
  skip: boolean;
  seed: number;
}

/** The pre-activation ResNet of depth 6n + 2. x [N, inChannels, H, W] → logits [N, 10]. */
export class ResNet extends nn.Module {
  conv1: nn.Conv2d;
  blocks: ConvBlock[];
  bnLast: nn.BatchNorm2d;
  fc: nn.Linear;

  constructor(depth: number, { width, inChannels, skip, seed }: ResNetOptions) {
    super();
    const generator = new Generator(seed);
    this.conv1 = conv3x3(inChannels, width, 1, generator);
    this.blocks = resnetPlan(depth, width).map((plan, i) =>
      makeBlock(plan.inChannels, plan.outChannels, plan.stride, skip, 1000 * seed + i),
    );
    this.bnLast = new nn.BatchNorm2d(4 * width);
    this.fc = new nn.Linear(4 * width, 10, { generator });
  }

  forward(x: Tensor): Tensor {
    let h = this.conv1.forward(x);
    for (const block of this.blocks) h = preActivationForward(block, h);
    return this.fc.forward(this.bnLast.forward(h).relu().mean([2, 3]));
  }
}

/** @shared one-layer */
/** One affine layer that starts at zero. x [N, inputs] → logits [N, classes]. */
export class OneLayer extends nn.Module {
  linear: nn.Linear;

  constructor(inputs: number, classes: number) {
    super();
    this.linear = new nn.Linear(inputs, classes);
    nn.init.zeros(this.linear.weight);
    nn.init.zeros(this.linear.bias!);
  }

  forward(x: Tensor): Tensor {
    return this.linear.forward(x);
  }
}

/** @exercise training-curve */
/** Trains on each batch once, with momentum 0.9; the loss before each step [batches]. */
export function trainingCurve(
  net: nn.Module,
  batches: [x: Tensor, y: Tensor][],
  rate: number,
  onStep: (done: number, loss: number) => void = () => {},
): number[] {
  const losses: number[] = [];
  const optimizer = new SGD(net.parameters(), { lr: rate, momentum: 0.9 });
  for (const [x, y] of batches) {
    optimizer.zeroGrad();
    const loss = nn.crossEntropy(net.forward(x), y);
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
    onStep(losses.length, loss.item());
  }
  return losses;
}

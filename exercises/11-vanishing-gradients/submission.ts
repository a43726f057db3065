// Lesson 11 – Vanishing and exploding gradients – your answers. Derived from solutions/11-vanishing-gradients/lesson.md by gradlab tangle.
import { DataLoader, Generator, SGD, TensorDataset, accuracy, digits, nn, noGrad, type Tensor } from "gradlab";

/** @shared plain-net */
/** Digits of 7 × 7 pixels, standardised. images [count, 1, 28, 28], x [count, 49], y [count]. */
export function smallDigits(count: number, seed: number): { images: Tensor; x: Tensor; y: Tensor } {
  const [images, y] = digits(count, { generator: new Generator(seed) }).tensors;
  const pixels = images.avgPool2d(4).reshape([count, 49]).cast("float64");
  return { images, x: pixels.sub(pixels.mean()).div(pixels.std()), y };
}

export type Activation = "sigmoid" | "tanh" | "relu";

export interface PlainNetOptions {
  /** Number of weight matrices, K. */
  depth: number;
  /** Units in each hidden layer. */
  width: number;
  activation: Activation;
  seed: number;
  inputs?: number;
  classes?: number;
}

/** K linear layers with activations between them. Biases start at 0, weights with variance 1 / inputs. */
export function plainNet(options: PlainNetOptions): nn.Sequential {
  const { depth, width, activation, seed, inputs = 49, classes = 10 } = options;
  const activations = { sigmoid: nn.Sigmoid, tanh: nn.Tanh, relu: nn.ReLU };
  const generator = new Generator(seed);
  const layers: nn.Module[] = [];
  for (let k = 1; k <= depth; k++) {
    const [from, to] = [k === 1 ? inputs : width, k === depth ? classes : width];
    const linear = new nn.Linear(from, to, { dtype: "float64", generator });
    nn.init.lecunNormal(linear.weight, { generator });
    nn.init.zeros(linear.bias!);
    layers.push(linear);
    if (k < depth) layers.push(new activations[activation]());
  }
  return new nn.Sequential(...layers);
}

/** The mean cross-entropy of `model` on the digits x [batch, inputs] with labels y [batch], when called. */
export function lossOn(model: nn.Module, x: Tensor, y: Tensor): () => Tensor {
  return () => nn.crossEntropy(model.forward(x), y);
}

/** @exercise chain-slope */
/** The slope of a chain of one-unit sigmoid layers without biases. w [K], x a number. */
export function chainSlope(w: number[], x: number): number {
  // TODO: walk forward, and multiply the factors of all layers
  throw new Error("TODO chain-slope: walk forward, and multiply the factors of all layers");
}

/** @exercise layer-gradients */
/**
 * The gradient of the loss with respect to each weight matrix, for one example.
 * For k = 1 … K at index k − 1: W [n_k, n_{k−1}], inputs o^{k−1} [n_{k−1}], slopes f′(z^k) [n_k].
 * g [n_K]: the gradient of the loss with respect to the last output. Returns K gradients of the shapes of W.
 */
export function layerGradients(W: Tensor[], inputs: Tensor[], slopes: Tensor[], g: Tensor): Tensor[] {
  const gradients: Tensor[] = [];
  // TODO: from the last layer to the first: slopes, outer product, back through W
  throw new Error("TODO layer-gradients: from the last layer to the first: slopes, outer product, back through W");
  return gradients;
}

/** @exercise spectral-norm */
/** The largest singular value of W [m, n] by power iteration from v [n], which must not be 0. */
export function spectralNorm(W: Tensor, v: Tensor, steps: number): number {
  // TODO: in each step v becomes WᵀW v, scaled to length 1
  throw new Error("TODO spectral-norm: in each step v becomes WᵀW v, scaled to length 1");
}

/** @exercise gradient-norms */
/** ‖∂L/∂W‖ of each weight matrix of the model, from the first layer to the last. loss() returns the scalar L. */
export function gradientNorms(model: nn.Module, loss: () => Tensor): number[] {
  // TODO: clear, go backward, and collect the norms of the gradients of matrices
  throw new Error("TODO gradient-norms: clear, go backward, and collect the norms of the gradients of matrices");
}

/** @exercise draw-weights */
export type InitRule = "lecun" | "xavier" | "he";

/** Initial weights [fanOut, fanIn] of mean 0 and of the variance that the rule prescribes. */
export function drawWeights(
  rule: InitRule,
  fanIn: number,
  fanOut: number,
  seed: number,
  distribution: "normal" | "uniform" = "normal",
): Tensor {
  const options = { dtype: "float64" as const, generator: new Generator(seed) };
  // TODO: find the variance by the rule, then draw with it
  throw new Error("TODO draw-weights: find the variance by the rule, then draw with it");
}

/** @exercise clip-by-norm */
/** The gradients, scaled by one common factor so that their joint norm is at most maxNorm > 0. */
export function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  // TODO: the norm of all gradients together, then one factor for all
  throw new Error("TODO clip-by-norm: the norm of all gradients together, then one factor for all");
}

/** @shared remedied-layer */
export type Remedy = "relu" | "init" | "batchNorm" | "residual" | "clip" | "auxiliary";

/** The parts of one layer: N and W h + b. */
export interface DeepLayer {
  norm: nn.BatchNorm1d;
  linear: nn.Linear;
}

/** A layer with weights as nn.Linear draws them: uniform on ±1/√inputs, a third of LeCun's variance. */
export function makeLayer(inputs: number, outputs: number, seed: number): DeepLayer {
  const options = { dtype: "float64" as const, generator: new Generator(seed) };
  return { norm: new nn.BatchNorm1d(inputs, options), linear: new nn.Linear(inputs, outputs, options) };
}

/** @exercise layer-forward */
/** One layer of the deep net: h [batch, n] → [batch, outputs]. */
export function layerForward(layer: DeepLayer, h: Tensor, remedies: readonly Remedy[]): Tensor {
  // TODO: normalise, activate, apply the linear layer, add h
  throw new Error("TODO layer-forward: normalise, activate, apply the linear layer, add h");
}

/** @shared deep-net */
/** A net of 50 weight matrices with 20 units per layer. x [batch, 49] → logits [batch, 10]. */
export class DeepNet extends nn.Module {
  remedies: readonly Remedy[];
  first: nn.Linear;
  layers: DeepLayer[];
  head: DeepLayer;
  /** Classifiers after layers 17 and 33, if "auxiliary" is among the remedies. */
  sideHeads: DeepLayer[];

  constructor(remedies: readonly Remedy[], seed: number) {
    super();
    this.remedies = remedies;
    const make = (inputs: number, outputs: number, k: number) => {
      const layer = makeLayer(inputs, outputs, 100 * seed + k);
      if (!remedies.includes("init")) return layer;
      const rule = remedies.includes("relu") ? "he" : "xavier";
      noGrad(() => layer.linear.weight.assign(drawWeights(rule, inputs, outputs, 100 * seed + k)));
      nn.init.zeros(layer.linear.bias!);
      return layer;
    };
    this.first = make(49, 20, 1).linear;
    this.layers = Array.from({ length: 48 }, (_, i) => make(20, 20, i + 2));
    this.head = make(20, 10, 50);
    this.sideHeads = remedies.includes("auxiliary") ? [make(20, 10, 51), make(20, 10, 52)] : [];
  }

  forward(x: Tensor): Tensor {
    return this.outputs(x)[0];
  }

  /** The logits of the head, then those of the auxiliary classifiers. */
  outputs(x: Tensor): Tensor[] {
    const reading = this.remedies.filter((remedy) => remedy !== "residual");
    let h = this.first.forward(x);
    const side: Tensor[] = [];
    this.layers.forEach((layer, i) => {
      h = layerForward(layer, h, this.remedies);
      const reader = (i + 1) % 16 === 0 ? this.sideHeads[side.length] : undefined;
      if (reader) side.push(layerForward(reader, h, reading));
    });
    return [layerForward(this.head, h, reading), ...side];
  }

  /** What is learned from, and the part of it that is the head's. */
  losses(x: Tensor, y: Tensor): { total: Tensor; own: Tensor } {
    const [own, ...side] = this.outputs(x).map((logits) => nn.crossEntropy(logits, y));
    return { own, total: side.reduce((sum, loss) => sum.add(loss.mul(0.3)), own) };
  }
}

/** Mean cosine of the angle between two rows: 1 if all point the same way. rows [count, n]. */
export function alikeness(rows: Tensor): number {
  const directions = rows.div(rows.norm(1, { keepDims: true }));
  return directions.mean(0).norm().item() ** 2; // the mean over all pairs, without forming them
}

export interface TrialOptions {
  steps?: number;
  /** Of the weights and of the order of the digits. */
  seed?: number;
  /** The learning rate. */
  rate?: number;
  /** What is done to the gradients before each step; clipByNorm to 1 if "clip" is among the remedies. */
  clip?: (gradients: Tensor[]) => Tensor[];
  onStep?: (step: number) => void;
}

export interface Trial {
  net: DeepNet;
  /** The gradient norm of each of the 50 weight matrices before the first step. */
  norms: number[];
  /** How alike the digits' logits are before the first step: their mean cosine. */
  alike: number;
  /** The head's cross-entropy in each step, up to the first that is no longer a finite number. */
  losses: number[];
  /** Share of the 640 digits it learned from that are classified correctly afterwards. */
  accuracy: number;
}

/** Trains a deep net on 640 digits. */
export async function trial(remedies: readonly Remedy[], options: TrialOptions = {}): Promise<Trial> {
  const { steps = 30, seed = 1, rate = 0.2, onStep } = options;
  const clip =
    options.clip ?? ((gradients: Tensor[]) => (remedies.includes("clip") ? clipByNorm(gradients, 1) : gradients));
  const { x, y } = smallDigits(640, 1);
  const net = new DeepNet(remedies, seed);
  const probe = smallDigits(128, 1); // measured at the start, before any step
  const norms = gradientNorms(net, () => net.losses(probe.x, probe.y).total).slice(0, 50);
  const alike = noGrad(() => alikeness(net.forward(probe.x)));

  const optimizer = new SGD(net.parameters(), { lr: rate, momentum: 0.9 });
  const generator = new Generator(seed);
  const batches = new DataLoader(new TensorDataset(x, y), { batchSize: 32, shuffle: true, generator });
  const losses: number[] = [];
  while (losses.length < steps && losses.every(Number.isFinite)) {
    for (const [images, labels] of batches) {
      optimizer.zeroGrad();
      const { total, own } = net.losses(images, labels);
      losses.push(own.item());
      if (!Number.isFinite(own.item())) break;
      total.backward();
      const learned = net.parameters().filter(({ grad }) => grad !== null);
      clip(learned.map(({ grad }) => grad!)).forEach((gradient, i) => (learned[i].grad = gradient));
      optimizer.step();
      onStep?.(losses.length);
      await new Promise((resolve) => setTimeout(resolve)); // lets the progress bar breathe
      if (losses.length === steps) break;
    }
  }
  net.eval();
  return { net, norms, alike, losses, accuracy: noGrad(() => accuracy(net.forward(x), y)) };
}

/** @exercise three-remedies */
/** Three different remedies with which the net of 50 layers trains. */
export function threeRemedies(): Remedy[] {
  // TODO: name three remedies, found by experiment
  throw new Error("TODO three-remedies: name three remedies, found by experiment");
}

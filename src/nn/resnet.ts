import { relu } from "../ops/activations.js";
import { globalAvgPool2d } from "../ops/pool.js";
import type { Tensor } from "../tensor/tensor.js";
import { BatchNorm2d } from "./batchnorm.js";
import { requireCounts } from "./check-options.js";
import type { Conv2d } from "./conv.js";
import type { LayerOptions } from "./layer-options.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";
import { BasicBlock, convolution, PreActivationBlock } from "./residual.js";
import { Sequential } from "./sequential.js";

interface NetworkOptions extends LayerOptions {
  /** How many classes are told apart; 10 by default. */
  numClasses?: number | undefined;
  /** Channels of the images; 3 by default. */
  inChannels?: number | undefined;
}

/** What kind of {@link ResNet}. */
export interface ResNetOptions extends NetworkOptions {
  /** Whether normalisation and activation stand before the convolutions; false by default. */
  preActivation?: boolean | undefined;
  /** Channels of the first group; 16 by default. */
  width?: number | undefined;
  /** Whether the branches start as 0, and the blocks as their shortcuts; false by default. */
  zeroInit?: boolean | undefined;
}

type Block = (inChannels: number, outChannels: number, stride: number) => Module;

/** `blocks` blocks, of which the first changes size and channels. */
function group(
  make: Block,
  blocks: number,
  inChannels: number,
  channels: number,
  stride: number,
): Sequential {
  return new Sequential(
    ...Array.from({ length: blocks }, (_, i) =>
      i === 0 ? make(inChannels, channels, stride) : make(channels, channels, 1),
    ),
  );
}

/** (depth − rest) / 6: how many blocks of two convolutions each of the three groups has. */
function blocksPerGroup(network: string, depth: number, rest: 2 | 4): number {
  const blocks = (depth - rest) / 6;
  if (Number.isInteger(blocks) && blocks >= 1) return blocks;
  throw new RangeError(
    `${network}: depth ${depth} is not 6n + ${rest}. Try ${6 * Math.max(1, Math.round(blocks)) + rest}.`,
  );
}

/**
 * The residual network for small images, of depth 6n + 2: a 3×3 convolution, three groups of n blocks with 16, 32 and 64
 * channels (each group but the first halves the image), global average pooling and a linear layer. Where shapes change,
 * shortcuts are projections.
 *
 * Shapes: `x [batch, inChannels, H, W]` → logits `[batch, numClasses]`.
 * Init: convolutions by He's rule, normal, by fanOut. Defaults: numClasses 10, inChannels 3, width 16, basic blocks.
 *
 * @throws ShapeError if `x` has other axes or channels.
 * @throws RangeError if the depth is not 6n + 2.
 * @see He, Zhang, Ren & Sun (2016), Deep residual learning for image recognition, §4.2; pre-activation: the same (2016),
 * Identity mappings in deep residual networks.
 * @example nn.summary(new nn.ResNet(20), [3, 32, 32]).parameters // 272474
 */
export class ResNet extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d | null;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  /** With pre-activation, what the last block leaves to be done. */
  readonly bnLast: BatchNorm2d | null;
  readonly fc: Linear;

  constructor(depth: number, settings: ResNetOptions = {}) {
    super();
    const { preActivation = false, width = 16, zeroInit = false, numClasses = 10, inChannels = 3 } = settings;
    const options: LayerOptions = { generator: settings.generator, dtype: settings.dtype };
    const blocks = blocksPerGroup("ResNet", depth, 2);
    requireCounts("ResNet", { width, numClasses, inChannels });
    const make: Block = (from, to, stride) =>
      preActivation
        ? new PreActivationBlock(from, to, { ...options, stride, zeroInit })
        : new BasicBlock(from, to, { ...options, stride, zeroInit });
    this.conv1 = convolution(inChannels, width, 3, 1, options);
    this.bn1 = preActivation ? null : new BatchNorm2d(width, options);
    this.layer1 = group(make, blocks, width, width, 1);
    this.layer2 = group(make, blocks, width, 2 * width, 2);
    this.layer3 = group(make, blocks, 2 * width, 4 * width, 2);
    this.bnLast = preActivation ? new BatchNorm2d(4 * width, options) : null;
    this.fc = new Linear(4 * width, numClasses, options);
  }

  override forward(x: Tensor): Tensor {
    const first = this.conv1.forward(x);
    const start = this.bn1 ? relu(this.bn1.forward(first)) : first;
    const maps = [this.layer1, this.layer2, this.layer3].reduce(
      (value, layer) => layer.forward(value),
      start,
    );
    const features = this.bnLast ? relu(this.bnLast.forward(maps)) : maps;
    return this.fc.forward(globalAvgPool2d(features));
  }
}

/** What kind of {@link WideResNet}. */
export interface WideResNetOptions extends NetworkOptions {
  /** Probability with which elements between a block's convolutions are dropped; 0 by default. */
  dropout?: number | undefined;
}

/**
 * The wide residual network of depth 6n + 4: few, broad layers instead of many thin ones. A 3×3 convolution to 16 channels,
 * three groups of n pre-activation blocks with 16k, 32k and 64k channels on full, half and quarter size, global average
 * pooling and a linear layer.
 *
 * Shapes: `x [batch, inChannels, H, W]` → logits `[batch, numClasses]`.
 * Init: convolutions by He's rule, normal, by fanOut. Defaults: numClasses 10, inChannels 3, dropout 0.
 *
 * @throws ShapeError if `x` has other axes or channels.
 * @throws RangeError if the depth is not 6n + 4.
 * @see Zagoruyko & Komodakis (2016), Wide residual networks.
 * @example new nn.WideResNet(10, 2).forward(zeros([1, 3, 8, 8])).shape // [1, 10]
 */
export class WideResNet extends Module {
  readonly conv1: Conv2d;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly bnLast: BatchNorm2d;
  readonly fc: Linear;

  constructor(depth: number, widenFactor: number, settings: WideResNetOptions = {}) {
    super();
    const { dropout = 0, numClasses = 10, inChannels = 3 } = settings;
    const options: LayerOptions = { generator: settings.generator, dtype: settings.dtype };
    const blocks = blocksPerGroup("WideResNet", depth, 4);
    requireCounts("WideResNet", { widenFactor, numClasses, inChannels });
    const width = 16 * widenFactor;
    const make: Block = (from, to, stride) =>
      new PreActivationBlock(from, to, { ...options, stride, dropout });
    this.conv1 = convolution(inChannels, 16, 3, 1, options);
    this.layer1 = group(make, blocks, 16, width, 1);
    this.layer2 = group(make, blocks, width, 2 * width, 2);
    this.layer3 = group(make, blocks, 2 * width, 4 * width, 2);
    this.bnLast = new BatchNorm2d(4 * width, options);
    this.fc = new Linear(4 * width, numClasses, options);
  }

  override forward(x: Tensor): Tensor {
    const start = this.conv1.forward(x);
    const maps = [this.layer1, this.layer2, this.layer3].reduce(
      (value, layer) => layer.forward(value),
      start,
    );
    return this.fc.forward(globalAvgPool2d(relu(this.bnLast.forward(maps))));
  }
}

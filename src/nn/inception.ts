import { concat } from "../ops/indexing.js";
import type { Tensor } from "../tensor/tensor.js";
import { ReLU } from "./activations.js";
import { Conv2d } from "./conv.js";
import type { LayerOptions } from "./layer-options.js";
import { Module } from "./module.js";
import { MaxPool2d } from "./pooling.js";
import { Sequential } from "./sequential.js";

/** Output channels of an {@link Inception} module's convolutions. */
export interface InceptionChannels {
  /** Of the 1×1 convolution that stands alone. */
  conv1: number;
  /** Of the 1×1 convolution before the 3×3 one: the reduction that makes it cheap. */
  reduce3: number;
  conv3: number;
  /** Of the 1×1 convolution before the 5×5 one. */
  reduce5: number;
  conv5: number;
  /** Of the 1×1 convolution after pooling. */
  pool: number;
}

/**
 * GoogLeNet's module: 1×1, 3×3 and 5×5 convolutions and 3×3 pooling side by side, each with 1×1 convolutions that cut the
 * channels, each followed by relu; what they give is stacked along the channels.
 *
 * Shapes: `x [batch, in, H, W]` → `[batch, conv1 + conv3 + conv5 + pool, H, W]`. Init: as {@link Conv2d}.
 *
 * @throws ShapeError if `x` has other axes or channels.
 * @throws RangeError if a number of channels is not a whole number from 1.
 * @see Szegedy et al. (2015), Going deeper with convolutions, §4.
 * @example
 * const channels = { conv1: 64, reduce3: 96, conv3: 128, reduce5: 16, conv5: 32, pool: 32 };
 * new nn.Inception(192, channels).forward(zeros([1, 192, 4, 4])).shape // [1, 256, 4, 4]
 */
export class Inception extends Module {
  readonly branch1: Sequential;
  readonly branch2: Sequential;
  readonly branch3: Sequential;
  readonly branch4: Sequential;

  constructor(inChannels: number, channels: InceptionChannels, options: LayerOptions = {}) {
    super();
    const { conv1, reduce3, conv3, reduce5, conv5, pool } = channels;
    const conv = (from: number, to: number, size: 1 | 3 | 5) => [
      new Conv2d(from, to, size, { ...options, padding: (size - 1) / 2 }),
      new ReLU(),
    ];
    this.branch1 = new Sequential(...conv(inChannels, conv1, 1));
    this.branch2 = new Sequential(...conv(inChannels, reduce3, 1), ...conv(reduce3, conv3, 3));
    this.branch3 = new Sequential(...conv(inChannels, reduce5, 1), ...conv(reduce5, conv5, 5));
    this.branch4 = new Sequential(new MaxPool2d(3, { stride: 1, padding: 1 }), ...conv(inChannels, pool, 1));
  }

  override forward(x: Tensor): Tensor {
    const branches = [this.branch1, this.branch2, this.branch3, this.branch4];
    return concat(
      branches.map((branch) => branch.forward(x)),
      1,
    );
  }
}

import { tanh } from "../ops/activations.js";
import { flatten } from "../ops/shape.js";
import { ShapeError } from "../tensor/errors.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Conv2d } from "./conv.js";
import type { LayerOptions } from "./layer-options.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";
import { AvgPool2d } from "./pooling.js";

/** What kind of {@link LeNet5}. */
export interface LeNet5Options extends LayerOptions {
  /** How many classes are told apart; 10 by default. */
  numClasses?: number | undefined;
  /** Channels of the images; 1 by default. */
  inChannels?: number | undefined;
}

/**
 * LeNet-5, with tanh, average pooling: conv 6 · 5×5, pool, conv 16 · 5×5, pool, 120, 84 units.
 * The images are padded to 32×32. Unlike the original, every map of the second convolution sees all of the first.
 *
 * Shapes: `x [batch, inChannels, 28, 28]` → logits `[batch, numClasses]`.
 * Init: as {@link Conv2d} and {@link Linear}. Defaults: numClasses 10, inChannels 1.
 *
 * @throws ShapeError if the images have another size or other channels.
 * @see LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning applied to document recognition, §II.B.
 * @example nn.summary(new nn.LeNet5(), [1, 28, 28]).parameters // 61706
 */
export class LeNet5 extends Module {
  readonly conv1: Conv2d;
  readonly pool1 = new AvgPool2d(2);
  readonly conv2: Conv2d;
  readonly pool2 = new AvgPool2d(2);
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly fc3: Linear;

  constructor({ numClasses = 10, inChannels = 1, ...options }: LeNet5Options = {}) {
    super();
    this.conv1 = new Conv2d(inChannels, 6, 5, { ...options, padding: 2 });
    this.conv2 = new Conv2d(6, 16, 5, options);
    this.fc1 = new Linear(400, 120, options);
    this.fc2 = new Linear(120, 84, options);
    this.fc3 = new Linear(84, numClasses, options);
  }

  override forward(x: Tensor): Tensor {
    if (x.ndim !== 4 || x.shape[2] !== 28 || x.shape[3] !== 28) {
      throw new ShapeError(
        `LeNet5: input ${show(x.shape)}. Expected [batch, ${this.conv1.inChannels}, 28, 28].`,
      );
    }
    const small = this.pool1.forward(tanh(this.conv1.forward(x)));
    const features = flatten(this.pool2.forward(tanh(this.conv2.forward(small))), 1);
    const hidden = tanh(this.fc2.forward(tanh(this.fc1.forward(features))));
    return this.fc3.forward(hidden);
  }
}

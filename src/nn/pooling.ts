import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  globalAvgPool2d,
  maxPool1d,
  maxPool2d,
  type AvgPoolOptions,
  type MaxPoolOptions,
} from "../ops/pool.js";
import type { PerAxis } from "../ops/sliding.js";
import { upsampleNearest2d } from "../ops/upsample.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

// Pooling as modules, for use in Sequential. Formulas and sources stand with the operations.

abstract class Pool<Options> extends Module {
  readonly kernelSize: PerAxis;
  readonly options: Options;

  constructor(kernelSize: PerAxis, options: Options = {} as Options) {
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  protected override describe(): string {
    const options = Object.entries(this.options as object).map(
      ([name, value]) => `, ${name} ${JSON.stringify(value)}`,
    );
    return `${inWords(this.kernelSize)}${options.join("")}`;
  }
}

/**
 * The largest element of each window along the length. Defaults: stride kernelSize, padding 0, dilation 1.
 *
 * Shapes: `x [batch, channels, length]` → `[batch, channels, ⌊(length + padding − k) / stride⌋ + 1]`.
 *
 * @throws ShapeError if the window is larger than the padded input.
 * @example new nn.MaxPool1d(2).forward(tensor([[[1, 5, 2, 3]]])).toArray() // [[[5, 3]]]
 */
export class MaxPool1d extends Pool<MaxPoolOptions> {
  override forward(x: Tensor): Tensor {
    return maxPool1d(x, this.kernelSize, this.options);
  }
}

/**
 * The largest element of each window. Defaults: stride kernelSize, padding 0, dilation 1.
 *
 * Shapes: `x [batch, channels, H, W]` → `[batch, channels, ⌊(H + padding − k) / stride⌋ + 1, …]`.
 *
 * @throws ShapeError if the window is larger than the padded input.
 * @example new nn.MaxPool2d(3, { stride: 2, padding: 1 }).forward(zeros([1, 8, 32, 32])).shape // [1, 8, 16, 16]
 */
export class MaxPool2d extends Pool<MaxPoolOptions> {
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options);
  }
}

/**
 * The mean of each window along the length. Defaults: stride kernelSize, padding 0, countIncludePad true.
 *
 * Shapes: `x [batch, channels, length]` → `[batch, channels, ⌊(length + padding − k) / stride⌋ + 1]`.
 *
 * @throws ShapeError if the window is larger than the padded input.
 * @example new nn.AvgPool1d(2).forward(tensor([[[1, 5, 2, 4]]])).toArray() // [[[3, 3]]]
 */
export class AvgPool1d extends Pool<AvgPoolOptions> {
  override forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.options);
  }
}

/**
 * The mean of each window. Defaults: stride kernelSize, padding 0, countIncludePad true.
 *
 * Shapes: `x [batch, channels, H, W]` → `[batch, channels, ⌊(H + padding − k) / stride⌋ + 1, …]`.
 *
 * @throws ShapeError if the window is larger than the padded input.
 * @example new nn.AvgPool2d(8).forward(zeros([1, 64, 8, 8])).shape // [1, 64, 1, 1]
 */
export class AvgPool2d extends Pool<AvgPoolOptions> {
  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }
}

abstract class AdaptivePool extends Module {
  readonly outputSize: PerAxis;

  constructor(outputSize: PerAxis) {
    super();
    this.outputSize = outputSize;
  }

  protected override describe(): string {
    return `to ${inWords(this.outputSize)}`;
  }
}

/**
 * Means over as many windows along the length as the output is to have.
 *
 * Shapes: `x [batch, channels, length]` → `[batch, channels, outputSize]`.
 *
 * @throws ShapeError if `x` has too few axes, or `outputSize` is no size.
 * @example new nn.AdaptiveAvgPool1d(2).forward(tensor([[[1, 2, 3, 4]]])).toArray() // [[[1.5, 3.5]]]
 */
export class AdaptiveAvgPool1d extends AdaptivePool {
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/**
 * Means over as many windows as the output is to have, whatever the size of the input.
 *
 * Shapes: `x [batch, channels, H, W]` → `[batch, channels, ...outputSize]`.
 *
 * @throws ShapeError if `x` has too few axes, or `outputSize` is no size.
 * @example new nn.AdaptiveAvgPool2d(1).forward(zeros([2, 64, 7, 9])).shape // [2, 64, 1, 1]
 */
export class AdaptiveAvgPool2d extends AdaptivePool {
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/**
 * The mean of each channel, without axes of size 1 left over.
 *
 * Shapes: `x [batch, channels, H, W]` → `[batch, channels]`.
 *
 * @throws ShapeError if `x` has fewer than two axes.
 * @example new nn.GlobalAvgPool2d().forward(zeros([2, 64, 8, 8])).shape // [2, 64]
 */
export class GlobalAvgPool2d extends Module {
  override forward(x: Tensor): Tensor {
    return globalAvgPool2d(x);
  }
}

/**
 * Repeats every pixel `scaleFactor` times in both directions.
 *
 * Shapes: `x [batch, channels, H, W]` → `[batch, channels, H · scaleFactor, W · scaleFactor]`.
 *
 * @throws ShapeError if `x` has too few axes, or `scaleFactor` is not a whole number from 1.
 * @example new nn.Upsample(2).forward(zeros([1, 3, 4, 5])).shape // [1, 3, 8, 10]
 */
export class Upsample extends Module {
  readonly scaleFactor: PerAxis;

  constructor(scaleFactor: PerAxis) {
    super();
    this.scaleFactor = scaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return upsampleNearest2d(x, this.scaleFactor);
  }

  protected override describe(): string {
    return `by ${inWords(this.scaleFactor)}`;
  }
}

function inWords(size: PerAxis): string {
  return typeof size === "number" ? `${size}` : size.join("×");
}

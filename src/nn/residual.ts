import { relu } from "../ops/activations.js";
import { add } from "../ops/arithmetic.js";
import { ShapeError } from "../tensor/errors.js";
import { sameShape, show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { BatchNorm2d } from "./batchnorm.js";
import { Conv2d } from "./conv.js";
import { Dropout } from "./dropout.js";
import { heNormal, zeros } from "./init.js";
import type { LayerOptions } from "./layer-options.js";
import { Module } from "./module.js";
import { Sequential } from "./sequential.js";

/**
 * `y = x + F(x)`: the branch F learns what is to be changed. Its derivative is I + J_F, so gradients pass it unharmed.
 * A shortcut, if given, takes the place of x where F changes the shape: `y = S(x) + F(x)`.
 *
 * @throws ShapeError if the branch's output does not have the shape of the shortcut's.
 * @see He, Zhang, Ren & Sun (2016), Deep residual learning for image recognition.
 * @example new nn.Residual(new nn.ReLU()).forward(tensor([-1, 2])).toArray() // [-1, 4]
 */
export class Residual extends Module {
  /** F: what is added to the shortcut. */
  readonly branch: Module;
  /** What `x` goes through on its way around the branch; null if nothing. */
  readonly shortcut: Module | null;

  constructor(branch: Module, shortcut: Module | null = null) {
    super();
    this.branch = branch;
    this.shortcut = shortcut;
  }

  override forward(x: Tensor): Tensor {
    return sumOfPaths("Residual", this.shortcut ? this.shortcut.forward(x) : x, this.branch.forward(x));
  }
}

/** What kind of {@link BasicBlock}. */
export interface BasicBlockOptions extends LayerOptions {
  /** Of the first convolution and the shortcut; 1 by default. */
  stride?: number | undefined;
  /** Whether the branch starts as 0, and the block as its shortcut; false by default. */
  zeroInit?: boolean | undefined;
}

/**
 * Two 3×3 convolutions around which the input passes: `relu(S(x) + bn2(conv2(relu(bn1(conv1(x))))))`. The shortcut S is
 * the input itself, or, where stride or channels change, a 1×1 convolution with batch normalisation.
 *
 * Shapes: `x [batch, in, H, W]` → `[batch, out, ⌈H / stride⌉, ⌈W / stride⌉]`. Init: He's rule, normal, by fanOut.
 *
 * @throws ShapeError if `x` has other axes or channels.
 * @see He, Zhang, Ren & Sun (2016), Deep residual learning for image recognition, §3.3.
 * @example new nn.BasicBlock(16, 32, { stride: 2 }).forward(zeros([2, 16, 8, 8])).shape // [2, 32, 4, 4]
 */
export class BasicBlock extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Sequential | null;

  constructor(
    inChannels: number,
    outChannels: number,
    { stride = 1, zeroInit = false, ...options }: BasicBlockOptions = {},
  ) {
    super();
    this.conv1 = convolution(inChannels, outChannels, 3, stride, options);
    this.bn1 = new BatchNorm2d(outChannels, options);
    this.conv2 = convolution(outChannels, outChannels, 3, 1, options);
    this.bn2 = new BatchNorm2d(outChannels, options);
    this.downsample =
      stride === 1 && inChannels === outChannels
        ? null
        : new Sequential(
            convolution(inChannels, outChannels, 1, stride, options),
            new BatchNorm2d(outChannels, options),
          );
    if (zeroInit) zeros(this.bn2.weight!);
  }

  override forward(x: Tensor): Tensor {
    const hidden = relu(this.bn1.forward(this.conv1.forward(x)));
    const branch = this.bn2.forward(this.conv2.forward(hidden));
    return relu(sumOfPaths("BasicBlock", this.downsample ? this.downsample.forward(x) : x, branch));
  }
}

/** What kind of {@link PreActivationBlock}. */
export interface PreActivationBlockOptions extends BasicBlockOptions {
  /** Probability with which elements between the convolutions are dropped; 0 by default. */
  dropout?: number | undefined;
}

/**
 * A residual block whose path is free of activations: `x + conv2(relu(bn2(conv1(relu(bn1(x))))))`. Where stride or channels
 * change, the shortcut is a 1×1 convolution of relu(bn1(x)).
 *
 * Shapes: `x [batch, in, H, W]` → `[batch, out, ⌈H / stride⌉, ⌈W / stride⌉]`. Init: He's rule, normal, by fanOut.
 *
 * @throws ShapeError if `x` has other axes or channels.
 * @see He, Zhang, Ren & Sun (2016), Identity mappings in deep residual networks; dropout: Zagoruyko & Komodakis (2016),
 * Wide residual networks.
 * @example new nn.PreActivationBlock(16, 32, { stride: 2 }).forward(zeros([2, 16, 8, 8])).shape // [2, 32, 4, 4]
 */
export class PreActivationBlock extends Module {
  readonly bn1: BatchNorm2d;
  readonly conv1: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly dropout: Dropout | null;
  readonly conv2: Conv2d;
  readonly downsample: Conv2d | null;

  constructor(
    inChannels: number,
    outChannels: number,
    { stride = 1, zeroInit = false, dropout = 0, ...options }: PreActivationBlockOptions = {},
  ) {
    super();
    this.bn1 = new BatchNorm2d(inChannels, options);
    this.conv1 = convolution(inChannels, outChannels, 3, stride, options);
    this.bn2 = new BatchNorm2d(outChannels, options);
    this.dropout = dropout > 0 ? new Dropout(dropout, { generator: options.generator }) : null;
    this.conv2 = convolution(outChannels, outChannels, 3, 1, options);
    this.downsample =
      stride === 1 && inChannels === outChannels
        ? null
        : convolution(inChannels, outChannels, 1, stride, options);
    if (zeroInit) zeros(this.conv2.weight);
  }

  override forward(x: Tensor): Tensor {
    const active = relu(this.bn1.forward(x));
    const hidden = relu(this.bn2.forward(this.conv1.forward(active)));
    const branch = this.conv2.forward(this.dropout ? this.dropout.forward(hidden) : hidden);
    return sumOfPaths("PreActivationBlock", this.downsample ? this.downsample.forward(active) : x, branch);
  }
}

/** A convolution without bias that keeps the size but for its stride, with He's initialisation. */
export function convolution(
  inChannels: number,
  outChannels: number,
  kernelSize: 1 | 3,
  stride: number,
  options: LayerOptions,
): Conv2d {
  const padding = (kernelSize - 1) / 2;
  const conv = new Conv2d(inChannels, outChannels, kernelSize, { ...options, stride, padding, bias: false });
  heNormal(conv.weight, { mode: "fanOut", generator: options.generator });
  return conv;
}

function sumOfPaths(layer: string, shortcut: Tensor, branch: Tensor): Tensor {
  if (sameShape(shortcut.shape, branch.shape)) return add(shortcut, branch);
  throw new ShapeError(
    `${layer}: the branch gives ${show(branch.shape)}, the shortcut ${show(shortcut.shape)}. Their shapes must be equal; ` +
      `where the branch changes them, the shortcut needs a projection.`,
  );
}

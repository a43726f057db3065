import { ShapeError } from "../tensor/errors.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireCounts } from "./check-options.js";
import type { LayerOptions } from "./layer-options.js";
import { Module } from "./module.js";
import { normalize } from "./normalization.js";
import type { Parameter } from "./parameter.js";
import { unitScale, zeroShift } from "./standardize.js";

/** How {@link GroupNorm} and its relatives normalise. */
export interface GroupNormOptions extends LayerOptions {
  /** Keeps the denominator from 0; 1e-5 by default. */
  eps?: number | undefined;
  /** Whether γ and β are learned, one for each channel; true by default. */
  affine?: boolean | undefined;
}

/**
 * Group normalisation: as layer normalisation, but over groups of neighbouring channels. One group is layer
 * normalisation over channels and places, as many groups as channels is {@link InstanceNorm2d}; γ and β are per channel.
 *
 * Shapes: `x [batch, channels, …]` → the same; γ, β `[channels]`. Init: γ 1, β 0. Defaults: eps 1e-5, affine true.
 *
 * @throws ShapeError if `x` has fewer than two axes, or other channels.
 * @throws RangeError if the groups do not divide the channels.
 * @see Wu & He (2018), Group normalization.
 * @example new nn.GroupNorm(2, 4, { eps: 0 }).forward(tensor([[1, 3, 10, 30]])).toArray() // [[-1, 1, -1, 1]]
 */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    requireCounts("GroupNorm", { numGroups, numChannels });
    if (numChannels % numGroups !== 0) {
      throw new RangeError(`GroupNorm: ${numGroups} groups do not divide ${numChannels} channels.`);
    }
    const { eps = 1e-5, affine = true } = options;
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? unitScale([numChannels], options) : null;
    this.bias = affine ? zeroShift([numChannels], options) : null;
  }

  override forward(x: Tensor): Tensor {
    if (x.ndim < 2 || x.shape[1] !== this.numChannels) {
      throw new ShapeError(
        `GroupNorm: input ${show(x.shape)}. Expected [batch, channels, …] with ${this.numChannels} channels.`,
      );
    }
    const groups = this.numGroups;
    return normalize(x, this.weight, this.bias, { kind: "groups", groups }, this.eps).values;
  }

  protected override describe(): string {
    return `${this.numGroups} groups of ${this.numChannels / this.numGroups}`;
  }
}

abstract class InstanceNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  constructor(numFeatures: number, options: GroupNormOptions = {}) {
    super();
    requireCounts(this.constructor.name, { numFeatures });
    const { eps = 1e-5, affine = false } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.weight = affine ? unitScale([numFeatures], options) : null;
    this.bias = affine ? zeroShift([numFeatures], options) : null;
  }

  /** The axes of inputs. */
  protected abstract get layout(): string;

  override forward(x: Tensor): Tensor {
    if (x.ndim !== this.layout.split(", ").length || x.shape[1] !== this.numFeatures) {
      throw new ShapeError(
        `${this.constructor.name}: input ${show(x.shape)}. ` +
          `Expected [${this.layout}] with ${this.numFeatures} channels.`,
      );
    }
    const groups = this.numFeatures;
    return normalize(x, this.weight, this.bias, { kind: "groups", groups }, this.eps).values;
  }

  protected override describe(): string {
    return `${this.numFeatures}`;
  }
}

/**
 * Instance normalisation: each channel of each sample over its length. Running statistics are not kept.
 *
 * Shapes: `x [batch, channels, length]` → the same; γ, β `[channels]`. Init: γ 1, β 0. Defaults: eps 1e-5, affine false.
 *
 * @throws ShapeError if `x` has other axes or channels.
 * @see Ulyanov, Vedaldi & Lempitsky (2016), Instance normalization: the missing ingredient for fast stylization.
 * @example new nn.InstanceNorm1d(2, { eps: 0 }).forward(tensor([[[1, 3], [10, 30]]])).toArray() // [[[-1, 1], [-1, 1]]]
 */
export class InstanceNorm1d extends InstanceNorm {
  protected override get layout(): string {
    return "batch, channels, length";
  }
}

/**
 * Instance normalisation: each channel of each sample over height and width. Running statistics are not kept.
 *
 * Shapes: `x [batch, channels, H, W]` → the same; γ, β `[channels]`. Init: γ 1, β 0. Defaults: eps 1e-5, affine false.
 *
 * @throws ShapeError if `x` has other axes or channels.
 * @see Ulyanov, Vedaldi & Lempitsky (2016), Instance normalization: the missing ingredient for fast stylization.
 * @example new nn.InstanceNorm2d(1, { eps: 0 }).forward(tensor([[[[1], [3]]]])).toArray() // [[[[-1], [1]]]]
 */
export class InstanceNorm2d extends InstanceNorm {
  protected override get layout(): string {
    return "batch, channels, height, width";
  }
}

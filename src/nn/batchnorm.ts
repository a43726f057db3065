import { ShapeError } from "../tensor/errors.js";
import { ones, zeros } from "../tensor/create.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { requireCounts } from "./check-options.js";
import type { LayerOptions } from "./layer-options.js";
import { Module } from "./module.js";
import { normalize, type Normalized } from "./normalization.js";
import { Buffer, type Parameter } from "./parameter.js";
import { perChannel, scaleChannels, standardizeBy, unitScale, zeroShift } from "./standardize.js";

/** How {@link BatchNorm1d} and {@link BatchNorm2d} normalise, and what they keep. */
export interface BatchNormOptions extends LayerOptions {
  /** Keeps the denominator from 0; 1e-5 by default. */
  eps?: number | undefined;
  /** Part of the running statistics that each batch replaces, 0.1 by default; null for the mean over all batches. */
  momentum?: number | null | undefined;
  /** Whether γ and β are learned; true by default. */
  affine?: boolean | undefined;
  /** Whether running statistics are kept; if not, batches are normalised by their own in use, too. True by default. */
  trackRunningStats?: boolean | undefined;
}

abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly runningMean: Buffer | null;
  readonly runningVar: Buffer | null;
  readonly numBatchesTracked: Buffer | null;

  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super();
    requireCounts(this.constructor.name, { numFeatures });
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = true,
      trackRunningStats = true,
      dtype = "float32",
    } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? unitScale([numFeatures], options) : null;
    this.bias = affine ? zeroShift([numFeatures], options) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures], { dtype })) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures], { dtype })) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: "int32" })) : null;
  }

  /** The axes that inputs may have. */
  protected abstract get layouts(): readonly string[];

  override forward(x: Tensor): Tensor {
    this.#checkInput(x);
    if (!this.training && this.runningMean && this.runningVar) {
      const [mean, variance] = [this.runningMean, this.runningVar];
      const values = standardizeBy(x, perChannel(mean, x.ndim), perChannel(variance, x.ndim), this.eps);
      return scaleChannels(values, this.weight, this.bias);
    }
    const count = x.size / this.numFeatures;
    if (this.training && count < 2) {
      throw new ShapeError(
        `${this.constructor.name}: input ${show(x.shape)} has ${count} values per channel. ` +
          `Training needs at least 2: of one alone, nothing is left. eval() uses the running statistics.`,
      );
    }
    const batch = normalize(x, this.weight, this.bias, { kind: "channels" }, this.eps);
    if (this.training) this.#track(batch, count);
    return batch.values;
  }

  protected override describe(): string {
    return `${this.numFeatures}`;
  }

  /** Moves the running statistics towards those of the batch; the variance by its unbiased estimate. */
  #track({ statistics: [mean, variance] }: Normalized, count: number): void {
    if (!this.runningMean || !this.runningVar || !this.numBatchesTracked) return;
    const batches = ++this.numBatchesTracked.elements[0];
    const part = this.momentum ?? 1 / batches;
    const unbiased = count / (count - 1);
    const [means, variances] = [this.runningMean.elements, this.runningVar.elements];
    const [batchMeans, batchVariances] = [mean.elements, variance.elements];
    for (let channel = 0; channel < this.numFeatures; channel++) {
      means[channel] += part * (batchMeans[channel] - means[channel]);
      variances[channel] += part * (batchVariances[channel] * unbiased - variances[channel]);
    }
  }

  #checkInput({ shape }: Tensor): void {
    const fits = this.layouts.some((layout) => layout.split(", ").length === shape.length);
    if (fits && shape[1] === this.numFeatures) return;
    const channels = fits ? ` It has ${shape[1]} channels, not ${this.numFeatures}.` : "";
    throw new ShapeError(
      `${this.constructor.name}: input ${show(shape)}.${channels} ` +
        `Expected ${this.layouts.map((layout) => `[${layout}]`).join(" or ")} with ${this.numFeatures} channels.`,
    );
  }
}

/**
 * Batch normalisation of units or of channels along one axis: `y = γ (x − μ) / √(σ² + ε) + β`, where μ and σ² (biased) are
 * each channel's mean and variance over the batch (and the length). In use (`eval()`) they are the running statistics:
 * after each training batch `running ← (1 − momentum) running + momentum batch`, with the unbiased variance.
 *
 * Shapes: `x [batch, channels]` or `[batch, channels, length]` → the same; γ, β, running statistics `[channels]`.
 * Init: γ 1, β 0, running mean 0, running variance 1. Defaults: eps 1e-5, momentum 0.1, affine and trackRunningStats true.
 *
 * @throws ShapeError if `x` has other axes or channels, or in training one value per channel.
 * @see Ioffe & Szegedy (2015), Batch normalization: accelerating deep network training by reducing internal covariate shift.
 * @example new nn.BatchNorm1d(1, { eps: 0 }).forward(tensor([[1], [3]])).toArray() // [[-1], [1]]
 */
export class BatchNorm1d extends BatchNorm {
  protected override get layouts(): readonly string[] {
    return ["batch, channels", "batch, channels, length"];
  }
}

/**
 * Batch normalisation of images: as {@link BatchNorm1d}, each channel over batch, height and width.
 *
 * Shapes: `x [batch, channels, H, W]` → the same; γ, β, running statistics `[channels]`.
 *
 * @throws ShapeError if `x` has other axes or channels, or in training one value per channel.
 * @see Ioffe & Szegedy (2015), Batch normalization, §3.2.
 * @example
 * const layer = new nn.BatchNorm2d(1);
 * layer.forward(tensor([[[[0, 4]]]]));
 * layer.runningVar!.item().toFixed(4) // "1.7000"
 */
export class BatchNorm2d extends BatchNorm {
  protected override get layouts(): readonly string[] {
    return ["batch, channels, height, width"];
  }
}

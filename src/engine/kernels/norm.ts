import type { Pointer } from "../kernels.js";

/**
 * Normalisation: `y = γ (x − μ) / √(σ² + eps) + β`, σ² being the biased variance. Variances take two passes, the second
 * over x − μ. `gamma` and `beta` may be 0: 1 and 0 throughout.
 */
export interface NormKernels {
  /** Mean and biased variance of each channel of `x [batch, channels, length]`. The range is over channels. */
  channelStatistics(
    x: Pointer,
    mean: Pointer,
    variance: Pointer,
    batch: number,
    channels: number,
    length: number,
    from: number,
    to: number,
  ): void;
  /**
   * Normalises each channel by the given mean and variance, of the batch or running; γ, β `[channels]`. The range is over the
   * `batch · channels` rows of `length`. `out` may be `x`.
   */
  batchNorm(
    x: Pointer,
    mean: Pointer,
    variance: Pointer,
    gamma: Pointer,
    beta: Pointer,
    out: Pointer,
    channels: number,
    length: number,
    eps: number,
    from: number,
    to: number,
  ): void;
  /**
   * The gradients of {@link batchNorm} where mean and variance are the batch's own: `dx`, `dgamma` and `dbeta [channels]`,
   * each of which may be 0 if it is not wanted. The range is over channels. `dx` may be `g`.
   */
  batchNormBackward(
    g: Pointer,
    x: Pointer,
    mean: Pointer,
    variance: Pointer,
    gamma: Pointer,
    dx: Pointer,
    dgamma: Pointer,
    dbeta: Pointer,
    batch: number,
    channels: number,
    length: number,
    eps: number,
    from: number,
    to: number,
  ): void;

  /**
   * Normalises each of the rows `[rows, n]`; γ, β `[n]`. Keeps `mean` and `scale` = 1/√(σ² + eps), both `[rows]`, for the
   * gradients. The range is over rows. `out` may be `x`.
   */
  layerNorm(
    x: Pointer,
    gamma: Pointer,
    beta: Pointer,
    out: Pointer,
    mean: Pointer,
    scale: Pointer,
    n: number,
    eps: number,
    from: number,
    to: number,
  ): void;
  /** The gradient `dx` of {@link layerNorm}. The range is over rows. `dx` may be `g`. */
  layerNormBackward(
    g: Pointer,
    x: Pointer,
    mean: Pointer,
    scale: Pointer,
    gamma: Pointer,
    dx: Pointer,
    n: number,
    from: number,
    to: number,
  ): void;
  /** The gradients `dgamma`, `dbeta [n]` of {@link layerNorm}, each may be 0. The range is over the n columns. */
  layerNormAffineBackward(
    g: Pointer,
    x: Pointer,
    mean: Pointer,
    scale: Pointer,
    dgamma: Pointer,
    dbeta: Pointer,
    rows: number,
    n: number,
    from: number,
    to: number,
  ): void;

  /**
   * Normalises `x [batch, channels, length]` over groups of neighbouring channels; γ, β `[channels]`. Instance normalisation has
   * `groups` = `channels`. Keeps `mean` and `scale` = 1/√(σ² + eps), both `[batch, groups]`. The range is over the
   * `batch · groups` groups. `out` may be `x`.
   */
  groupNorm(
    x: Pointer,
    gamma: Pointer,
    beta: Pointer,
    out: Pointer,
    mean: Pointer,
    scale: Pointer,
    channels: number,
    length: number,
    groups: number,
    eps: number,
    from: number,
    to: number,
  ): void;
  /** The gradient `dx` of {@link groupNorm}. The range is over the `batch · groups` groups. `dx` may be `g`. */
  groupNormBackward(
    g: Pointer,
    x: Pointer,
    mean: Pointer,
    scale: Pointer,
    gamma: Pointer,
    dx: Pointer,
    channels: number,
    length: number,
    groups: number,
    from: number,
    to: number,
  ): void;
  /** The gradients `dgamma`, `dbeta [channels]` of {@link groupNorm}, each may be 0. The range is over channels. */
  groupNormAffineBackward(
    g: Pointer,
    x: Pointer,
    mean: Pointer,
    scale: Pointer,
    dgamma: Pointer,
    dbeta: Pointer,
    batch: number,
    channels: number,
    length: number,
    groups: number,
    from: number,
    to: number,
  ): void;
}

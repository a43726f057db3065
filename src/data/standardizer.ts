import { DTypeError, ShapeError } from "../tensor/errors.js";
import { isFloat } from "../tensor/dtype.js";
import { noGrad } from "../tensor/grad-mode.js";
import { sameShape, show, type Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { add, div, mul, sub } from "../ops/arithmetic.js";

/** Which numbers share a mean. */
export interface StandardizerOptions {
  /**
   * What has a mean and standard deviation of its own: each "feature" (position of a sample, the default), or each
   * "channel" (axis 1; all positions and samples share its statistics).
   */
  per?: "feature" | "channel";
}

/**
 * Shifts and scales data so that the *training* data has mean 0 and standard deviation 1:
 *
 *     z = (x − mean) / std,   with mean and std (biased: divided by n) over the training samples
 *
 * Fit it on training data only: whatever is learned from validation or test data makes them look better than they are.
 * Constant features are shifted, not scaled.
 *
 * Shapes: `x [n, …]` → `mean`, `std` `[…]` per feature, `[channels, 1, …]` per channel.
 *
 * @throws ShapeError if there are no samples, or there is no axis 1 for channels.
 * @throws DTypeError if the data is not of a float dtype.
 * @see LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, §4.3.
 * @example
 * const standardizer = new Standardizer(tensor([[1, 10], [3, 10]]));
 * standardizer.transform(tensor([[2, 10], [5, 11]])).toArray() // [[0, 0], [3, 1]]
 */
export class Standardizer {
  /** Mean over the training data. */
  readonly mean: Tensor;
  /** Standard deviation over the training data; 1 where that is 0. */
  readonly std: Tensor;
  readonly #sampleShape: Shape;
  readonly #per: "feature" | "channel";

  constructor(train: Tensor, { per = "feature" }: StandardizerOptions = {}) {
    if (!isFloat(train.dtype)) {
      throw new DTypeError(
        `Standardizer: the data is of dtype ${train.dtype}. Expected float32 or float64; cast(x, "float32") would fit.`,
      );
    }
    if (train.ndim < (per === "channel" ? 2 : 1) || train.size === 0) {
      const expected = per === "channel" ? "[n, channels, …]" : "[n, …]";
      throw new ShapeError(
        `Standardizer: training data is ${show(train.shape)}. Expected ${expected}, n > 0.`,
      );
    }
    this.#per = per;
    this.#sampleShape = train.shape.slice(1);
    // x is [samples, groups, positions]; each group has one mean
    const samples = train.shape[0];
    const groups = per === "channel" ? train.shape[1] : train.size / samples;
    const positions = train.size / samples / groups;
    const { mean, std } = statistics(train.data, groups, positions);
    const shape = per === "channel" ? [groups, ...train.shape.slice(2).map(() => 1)] : this.#sampleShape;
    const toTensor = (values: Float64Array): Tensor => {
      const data = train.dtype === "float64" ? values : Float32Array.from(values);
      return new Tensor(data, shape, train.dtype);
    };
    [this.mean, this.std] = [toTensor(mean), toTensor(std)];
  }

  /**
   * Standardized data, by the training data's statistics.
   *
   * @throws ShapeError if the samples are not of the training data's shape.
   */
  transform(x: Tensor): Tensor {
    this.#check("transform", x);
    return noGrad(() => div(sub(x, this.mean), this.std));
  }

  /** Data as it was before {@link transform}. */
  inverse(z: Tensor): Tensor {
    this.#check("inverse", z);
    return noGrad(() => add(mul(z, this.std), this.mean));
  }

  #check(method: string, x: Tensor): void {
    const fits =
      this.#per === "channel"
        ? x.ndim === this.#sampleShape.length + 1 && x.shape[1] === this.#sampleShape[0]
        : sameShape(x.shape.slice(1), this.#sampleShape);
    if (fits) return;
    throw new ShapeError(
      `Standardizer.${method}: data is ${show(x.shape)}, it was fitted on samples of shape ` +
        `${show(this.#sampleShape)}. Expected [n, …] of the same.`,
    );
  }
}

/** Mean and standard deviation of each group in `[samples, groups, positions]`, in two passes. */
function statistics(data: ArrayLike<number>, groups: number, positions: number) {
  const count = data.length / groups;
  const groupOf = (i: number): number => Math.floor(i / positions) % groups;
  const mean = new Float64Array(groups);
  for (let i = 0; i < data.length; i++) mean[groupOf(i)] += data[i] / count;
  const variance = new Float64Array(groups);
  for (let i = 0; i < data.length; i++) variance[groupOf(i)] += (data[i] - mean[groupOf(i)]) ** 2 / count;
  // rounding leaves a constant group a spread of about 1e-16 of its size
  const std = variance.map((v, g) => (v <= (1e-12 * mean[g]) ** 2 ? 1 : Math.sqrt(v)));
  return { mean, std };
}

import { Tensor } from "../tensor/tensor.js";

/**
 * A tensor that a {@link Module} learns: a leaf that requires a gradient. It shares storage with the tensor it is made
 * of. Freezing clears `requiresGrad`; a parameter it stays.
 *
 * @throws DTypeError if the tensor does not hold floating-point numbers.
 * @example new nn.Parameter(zeros([2, 3])).requiresGrad // true
 */
export class Parameter extends Tensor {
  constructor(values: Tensor) {
    super(values.storage, values.shape, values.dtype);
    this.requiresGrad = true;
  }
}

/**
 * A tensor that belongs to the state of a {@link Module} without being learned, such as a running mean: saved and loaded
 * with the parameters, but left alone by optimizers. It shares storage with the tensor it is made of.
 *
 * @example new nn.Buffer(zeros([2])).requiresGrad // false
 */
export class Buffer extends Tensor {
  constructor(values: Tensor) {
    super(values.storage, values.shape, values.dtype);
  }
}

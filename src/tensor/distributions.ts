import { generate } from "./create.js";
import { drawByKernel } from "./draw.js";
import { sourceOf, type RandomOptions } from "./random.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * Numbers drawn uniformly from [low, high). In float32 they are rounded, and may reach `high`.
 *
 * @throws RangeError if `low` is above `high`.
 * @example uniform([2, 3], -1, 1).shape // [2, 3]
 */
export function uniform(shape: Shape, low = 0, high = 1, options: RandomOptions = {}): Tensor {
  if (!(low <= high)) throw new RangeError(`uniform: low ${low} is above high ${high}.`);
  const generator = sourceOf(options);
  const drawn = drawByKernel("uniform", "uniform", shape, options, generator, [low, high]);
  return drawn ?? generate("uniform", shape, options, () => low + (high - low) * generator.uniform());
}

/**
 * Numbers from the normal distribution with the given mean and standard deviation.
 *
 * @throws RangeError if the standard deviation is negative.
 * @example normal([4], 10, 0).toArray() // [10, 10, 10, 10]
 */
export function normal(shape: Shape, mean = 0, std = 1, options: RandomOptions = {}): Tensor {
  if (!(std >= 0)) throw new RangeError(`normal: standard deviation ${std}. Expected 0 or more.`);
  const generator = sourceOf(options);
  return generate("normal", shape, options, () => mean + std * generator.normal());
}

/**
 * Each number is 1 with probability `p`, and 0 otherwise.
 *
 * @throws RangeError if `p` is not from 0 to 1.
 * @example bernoulli([3], 1).toArray() // [1, 1, 1]
 */
export function bernoulli(shape: Shape, p = 0.5, options: RandomOptions = {}): Tensor {
  checkProbability("bernoulli", p);
  const generator = sourceOf(options);
  const drawn = drawByKernel("bernoulli", "threshold", shape, options, generator, [p, 1, 0]);
  return drawn ?? generate("bernoulli", shape, options, () => (generator.uniform() < p ? 1 : 0));
}

/**
 * The factors of inverted dropout: 0 with probability `p`, and 1 / (1 − p) otherwise, so that their mean is 1 and
 * nothing needs rescaling when dropout is switched off.
 *
 * @throws RangeError if `p` is not from 0 to 1.
 * @see Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout, §10.
 * @example new Set(dropoutMask([100], 0.5).data) // new Set([0, 2])
 */
export function dropoutMask(shape: Shape, p = 0.5, options: RandomOptions = {}): Tensor {
  checkProbability("dropoutMask", p);
  const generator = sourceOf(options);
  const kept = 1 / (1 - p);
  const drawn = drawByKernel("dropoutMask", "threshold", shape, options, generator, [p, 0, kept]);
  return drawn ?? generate("dropoutMask", shape, options, () => (generator.uniform() < p ? 0 : kept));
}

/**
 * Whole numbers drawn uniformly from `low` (included) to `high` (excluded); dtype int32 unless told otherwise.
 *
 * @throws RangeError if there is no whole number in that range.
 * @example randint(7, 8, [4]).toArray() // [7, 7, 7, 7]
 */
export function randint(low: number, high: number, shape: Shape, options: RandomOptions = {}): Tensor {
  if (!(Number.isInteger(low) && Number.isInteger(high) && low < high)) {
    throw new RangeError(
      `randint: from ${low} to ${high}. Expected whole numbers, the first below the second.`,
    );
  }
  const generator = sourceOf(options);
  const draw = () => low + Math.floor((high - low) * generator.uniform());
  return generate("randint", shape, { dtype: "int32", ...options }, draw);
}

/**
 * The numbers 0 to n − 1 in random order (Fisher–Yates); dtype int32 unless told otherwise.
 *
 * @throws ShapeError if `n` is not a whole number from 0.
 * @example permutation(5).sum().item() // 10
 */
export function permutation(n: number, options: RandomOptions = {}): Tensor {
  const generator = sourceOf(options);
  const order = generate("permutation", [n], { dtype: "int32", ...options }, (i) => i);
  const { elements } = order;
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor((last + 1) * generator.uniform());
    [elements[last], elements[other]] = [elements[other], elements[last]];
  }
  return order;
}

function checkProbability(op: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`${op}: probability ${p}. Expected a number from 0 to 1.`);
}

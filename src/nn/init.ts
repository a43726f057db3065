import { ShapeError } from "../tensor/errors.js";
import { noGrad } from "../tensor/grad-mode.js";
import { rand, randn } from "../tensor/random.js";
import type { Generator } from "../tensor/random.js";
import { show, sizeOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

// Every function here overwrites the tensor it is given, and returns it.

/** Where random initial values come from. */
export interface InitOptions {
  /** Source of randomness; a shared one by default, see `manualSeed`. */
  generator?: Generator | undefined;
}

/** Where random initial values come from, and how far they spread. */
export interface GainOptions extends InitOptions {
  /** What the standard deviation is multiplied by, to make up for what the activation takes away; see {@link gain}. */
  gain?: number;
}

/** Where random initial values come from, how far they spread, and for whose sake. */
export interface FanOptions extends GainOptions {
  /** Whether the variance of activations ("fanIn", the default) or of gradients ("fanOut") is to be kept. */
  mode?: "fanIn" | "fanOut";
}

/** How many inputs feed each unit, and how many units each input feeds. */
export interface Fans {
  fanIn: number;
  fanOut: number;
}

/**
 * The fans of a weight `[out, in, …kernel]`: `in` and `out`, each times the size of the kernel.
 *
 * @throws ShapeError if the shape has fewer than two axes.
 * @example nn.init.fans([16, 3, 5, 5]) // { fanIn: 75, fanOut: 400 }
 */
export function fans(shape: Shape): Fans {
  if (shape.length < 2) {
    throw new ShapeError(
      `fans: ${show(shape)} has ${shape.length} axes. A weight has at least two: [out, in, …kernel].`,
    );
  }
  const [out, within, ...kernel] = shape;
  return { fanIn: within * sizeOf(kernel), fanOut: out * sizeOf(kernel) };
}

/** The activations that {@link gain} knows. */
export type GainActivation = "linear" | "sigmoid" | "tanh" | "relu" | "leakyRelu";

/**
 * By how much weights must be larger so that signals keep their size through an activation: 1 for linear and sigmoid, 5/3
 * for tanh, √2 for relu, √(2 / (1 + slope²)) for leakyRelu.
 *
 * @see He, Zhang, Ren & Sun (2015), Delving deep into rectifiers.
 * @example nn.init.gain("relu") // Math.SQRT2
 */
export function gain(activation: GainActivation, negativeSlope = 0.01): number {
  switch (activation) {
    case "linear":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leakyRelu":
      return Math.sqrt(2 / (1 + negativeSlope ** 2));
  }
}

/** All 0. @example nn.init.zeros(ones([2])).toArray() // [0, 0] */
export function zeros<T extends Tensor>(target: T): T {
  return constant(target, 0);
}

/** All 1. @example nn.init.ones(zeros([2])).toArray() // [1, 1] */
export function ones<T extends Tensor>(target: T): T {
  return constant(target, 1);
}

/** All `value`. @example nn.init.constant(zeros([2]), 0.5).toArray() // [0.5, 0.5] */
export function constant<T extends Tensor>(target: T, value: number): T {
  return noGrad(() => target.assign(value));
}

/**
 * Uniform between `low` and `high`.
 *
 * @example nn.init.uniform(zeros([2]), 3, 3).toArray() // [3, 3]
 */
export function uniform<T extends Tensor>(target: T, low = 0, high = 1, options: InitOptions = {}): T {
  return fill(target, rand, options, (value) => low + (high - low) * value);
}

/**
 * Normal with the given mean and standard deviation.
 *
 * @example nn.init.normal(zeros([3]), 5, 0).toArray() // [5, 5, 5]
 */
export function normal<T extends Tensor>(target: T, mean = 0, std = 1, options: InitOptions = {}): T {
  return fill(target, randn, options, (value) => mean + std * value);
}

/**
 * LeCun's rule, uniform: variance gain² / fanIn, so that sums of fanIn independent terms keep variance 1.
 *
 * @throws ShapeError if the tensor has fewer than two axes.
 * @see LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, §4.6.
 * @example nn.init.lecunUniform(zeros([3, 2])).shape // [3, 2]
 */
export function lecunUniform<T extends Tensor>(target: T, { gain = 1, ...options }: GainOptions = {}): T {
  return uniformOfStd(target, gain / Math.sqrt(fans(target.shape).fanIn), options);
}

/**
 * LeCun's rule, normal: variance gain² / fanIn.
 *
 * @throws ShapeError if the tensor has fewer than two axes.
 * @see LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, §4.6.
 * @example nn.init.lecunNormal(zeros([3, 2])).shape // [3, 2]
 */
export function lecunNormal<T extends Tensor>(target: T, { gain = 1, ...options }: GainOptions = {}): T {
  return normal(target, 0, gain / Math.sqrt(fans(target.shape).fanIn), options);
}

/**
 * Xavier's (Glorot's) rule, uniform: variance gain² · 2 / (fanIn + fanOut), between what activations and gradients need.
 *
 * @throws ShapeError if the tensor has fewer than two axes.
 * @see Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks.
 * @example nn.init.xavierUniform(zeros([3, 2]), { gain: nn.init.gain("tanh") }).shape // [3, 2]
 */
export function xavierUniform<T extends Tensor>(target: T, { gain = 1, ...options }: GainOptions = {}): T {
  return uniformOfStd(target, gain * xavierStd(target.shape), options);
}

/**
 * Xavier's (Glorot's) rule, normal: variance gain² · 2 / (fanIn + fanOut).
 *
 * @throws ShapeError if the tensor has fewer than two axes.
 * @see Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural networks.
 * @example nn.init.xavierNormal(zeros([3, 2])).shape // [3, 2]
 */
export function xavierNormal<T extends Tensor>(target: T, { gain = 1, ...options }: GainOptions = {}): T {
  return normal(target, 0, gain * xavierStd(target.shape), options);
}

/**
 * He's (Kaiming's) rule, uniform: variance gain² / fan, with the gain of relu, √2, unless told: relu halves the power.
 *
 * @throws ShapeError if the tensor has fewer than two axes.
 * @see He, Zhang, Ren & Sun (2015), Delving deep into rectifiers.
 * @example nn.init.heUniform(zeros([3, 2])).shape // [3, 2]
 */
export function heUniform<T extends Tensor>(target: T, options: FanOptions = {}): T {
  return uniformOfStd(target, heStd(target.shape, options), options);
}

/**
 * He's (Kaiming's) rule, normal: variance gain² / fan, with the gain of relu, √2, unless told.
 *
 * @throws ShapeError if the tensor has fewer than two axes.
 * @see He, Zhang, Ren & Sun (2015), Delving deep into rectifiers.
 * @example nn.init.heNormal(zeros([16, 3, 5, 5]), { mode: "fanOut" }).shape // [16, 3, 5, 5]
 */
export function heNormal<T extends Tensor>(target: T, options: FanOptions = {}): T {
  return normal(target, 0, heStd(target.shape, options), options);
}

function xavierStd(shape: Shape): number {
  const { fanIn, fanOut } = fans(shape);
  return Math.sqrt(2 / (fanIn + fanOut));
}

function heStd(shape: Shape, { gain = Math.SQRT2, mode = "fanIn" }: FanOptions): number {
  return gain / Math.sqrt(fans(shape)[mode]);
}

/** Uniform of mean 0: between ±√3 std. */
function uniformOfStd<T extends Tensor>(target: T, std: number, options: InitOptions): T {
  const bound = Math.sqrt(3) * std;
  return uniform(target, -bound, bound, options);
}

function fill<T extends Tensor>(
  target: T,
  draw: typeof rand,
  { generator }: InitOptions,
  value: (drawn: number) => number,
): T {
  const drawn = draw(target.shape, { dtype: "float64", ...(generator && { generator }) });
  const { elements } = drawn;
  elements.forEach((number, i) => (elements[i] = value(number)));
  return noGrad(() => target.assign(drawn));
}

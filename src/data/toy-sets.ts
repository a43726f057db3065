import { convert, type DType } from "../tensor/dtype.js";
import type { Generator } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { TensorDataset } from "./dataset.js";
import { generatorOr } from "./shuffle.js";

/** Samples with an input and a target: `x [n, …]` and `y [n]`. */
export type LabelledDataset = TensorDataset<[x: Tensor, y: Tensor]>;

/** What all toy sets can be told. */
export interface ToyOptions {
  /** Standard deviation of what is added to the inputs; 0.1 by default unless said otherwise. */
  noise?: number;
  /** Source of randomness; by default seeded from the shared generator. */
  generator?: Generator;
  /** dtype of the inputs, float32 by default. */
  dtype?: DType;
}

/** For sets with any number of classes. */
export interface ClassesOptions extends ToyOptions {
  /** How many classes there are. */
  classes?: number;
}

/** The shape of {@link spirals}. */
export interface SpiralOptions extends ClassesOptions {
  /** How often an arm goes round the centre; 1 by default. */
  turns?: number;
}

/** The shape of {@link blobs}. */
export interface BlobOptions extends ClassesOptions {
  /** How many coordinates a point has, 2 by default. */
  features?: number;
}

/**
 * Two half circles that reach into each other; a line cannot separate them.
 *
 * Shapes: `x [count, 2]`, `y [count]` int32: 0 and 1 in turn.
 *
 * @throws RangeError if count is not a whole number from 1.
 * @example moons(6, { noise: 0 }).get(0)[0].toArray() // [1, 0]
 */
export function moons(count: number, options: ToyOptions = {}): LabelledDataset {
  const perClass = Math.ceil(count / 2);
  return points("moons", count, 2, options, (i) => {
    const angle = (Math.PI * Math.floor(i / 2)) / Math.max(perClass - 1, 1);
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return i % 2 === 0 ? [x, y] : [1 - x, 0.5 - y];
  });
}

/**
 * Arms of spirals around one centre, one per class (2 by default), from radius 0.1 to 1; noise 0.02 by default.
 *
 * Shapes: `x [count, 2]`, `y [count]` int32: 0, 1, … in turn.
 *
 * @throws RangeError if count is not a whole number from 1.
 * @example spirals(300, { classes: 3 }).tensors[0].shape // [300, 2]
 */
export function spirals(
  count: number,
  { classes = 2, turns = 1, noise = 0.02, ...options }: SpiralOptions = {},
): LabelledDataset {
  const perClass = Math.ceil(count / classes);
  return points("spirals", count, classes, { ...options, noise }, (i) => {
    const along = Math.floor(i / classes) / Math.max(perClass - 1, 1);
    const radius = 0.1 + 0.9 * along;
    const angle = 2 * Math.PI * (turns * along + (i % classes) / classes);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/**
 * Clouds of points around centres drawn from [−1, 1], one per class (3 by default).
 *
 * Shapes: `x [count, features]`, `y [count]` int32: 0, 1, … in turn.
 *
 * @throws RangeError if count is not a whole number from 1.
 * @example blobs(10, { classes: 4, features: 5 }).tensors[0].shape // [10, 5]
 */
export function blobs(
  count: number,
  { classes = 3, features = 2, noise = 0.15, ...options }: BlobOptions = {},
): LabelledDataset {
  const generator = generatorOr(options.generator);
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: features }, () => 2 * generator.uniform() - 1),
  );
  return points("blobs", count, classes, { ...options, noise, generator }, (i) => centres[i % classes]);
}

/**
 * The square [−1, 1]², of class 1 where the signs of the two coordinates differ: the exclusive or of "x > 0" and
 * "y > 0". Labels go by the place before noise, which is 0 by default.
 *
 * Shapes: `x [count, 2]`, `y [count]` int32: 0 and 1 in turn.
 *
 * @throws RangeError if count is not a whole number from 1.
 * @example
 * const [x, y] = xor(100).get(1);
 * x.data[0] * x.data[1] < 0 // true
 */
export function xor(count: number, { noise = 0, ...options }: ToyOptions = {}): LabelledDataset {
  const generator = generatorOr(options.generator);
  return points("xor", count, 2, { ...options, noise, generator }, (i) => {
    const [across, up] = [1 - generator.uniform(), 1 - generator.uniform()];
    const side = generator.uniform() < 0.5 ? -1 : 1;
    return [side * across, side * up * (i % 2 === 0 ? 1 : -1)];
  });
}

/**
 * Rings around one centre, class `k` with radius (k + 1) / classes; 2 classes and noise 0.05 by default.
 *
 * Shapes: `x [count, 2]`, `y [count]` int32: 0, 1, … in turn.
 *
 * @throws RangeError if count is not a whole number from 1.
 * @example norm(rings(10, { noise: 0, dtype: "float64" }).get(0)[0]).item() // 0.5
 */
export function rings(
  count: number,
  { classes = 2, noise = 0.05, ...options }: ClassesOptions = {},
): LabelledDataset {
  const generator = generatorOr(options.generator);
  return points("rings", count, classes, { ...options, noise, generator }, (i) => {
    const radius = ((i % classes) + 1) / classes;
    const angle = 2 * Math.PI * generator.uniform();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** The polynomial and its abscissas. */
export interface PolynomialOptions extends ToyOptions {
  /** c₀, c₁, c₂, …; [0, −1, 0, 1] by default: x³ − x. */
  coefficients?: readonly number[];
  /** Where the abscissas lie, [−1.5, 1.5] by default. */
  range?: readonly [number, number];
}

/**
 * Points on a polynomial, y = c₀ + c₁ x + c₂ x² + … + noise, at abscissas drawn uniformly from a range.
 *
 * Shapes: `x [count, 1]`, `y [count, 1]`.
 *
 * @throws RangeError if count is not a whole number from 1.
 * @example
 * const [x, y] = noisyPolynomial(5, { coefficients: [1, 2], noise: 0, dtype: "float64" }).tensors;
 * allClose(y, x.mul(2).add(1)) // true
 */
export function noisyPolynomial(
  count: number,
  {
    coefficients = [0, -1, 0, 1],
    range: [from, to] = [-1.5, 1.5],
    noise = 0.1,
    ...rest
  }: PolynomialOptions = {},
): LabelledDataset {
  checkCount("noisyPolynomial", count);
  const generator = generatorOr(rest.generator);
  const dtype = rest.dtype ?? "float32";
  const x = Float64Array.from({ length: count }, () => from + (to - from) * generator.uniform());
  const y = x.map((at) => {
    const exact = coefficients.reduceRight((sum, coefficient) => sum * at + coefficient, 0);
    return exact + noise * generator.normal();
  });
  const column = (values: Float64Array): Tensor => new Tensor(convert(values, dtype), [count, 1], dtype);
  return new TensorDataset(column(x), column(y));
}

/** Points of classes 0, 1, … in turn; `place` gives each before noise. */
function points(
  name: string,
  count: number,
  classes: number,
  { noise = 0.1, generator, dtype = "float32" }: ToyOptions,
  place: (i: number) => readonly number[],
): LabelledDataset {
  checkCount(name, count);
  const random = generatorOr(generator);
  const rows = Array.from({ length: count }, (_, i) => place(i).map((at) => at + noise * random.normal()));
  const x = new Tensor(convert(rows.flat(), dtype), [count, rows[0].length], dtype);
  return new TensorDataset(
    x,
    labels(count, (i) => i % classes),
  );
}

/** Class numbers as a tensor `[count]` of int32. */
export function labels(count: number, classOf: (i: number) => number): Tensor {
  return new Tensor(
    Int32Array.from({ length: count }, (_, i) => classOf(i)),
    [count],
    "int32",
  );
}

/** Throws a RangeError unless there is something to make. */
export function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`${name}: count is ${count}. Expected a whole number from 1.`);
}

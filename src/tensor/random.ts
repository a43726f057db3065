import { generate, type TensorOptions } from "./create.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/**
 * A seeded stream of random numbers: Philox4x32-10, a counter-based generator. Block `n` of the stream is a keyed
 * hash of the number `n`, so the same seed gives the same numbers on every machine.
 *
 * @see Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
 * @example new Generator(7).uniform() === new Generator(7).uniform() // true
 */
export class Generator {
  readonly seed: number;
  #block = 0;
  #words: readonly number[] = [];
  #nextWord = 0;
  #spareNormal: number | null = null;

  /** @throws RangeError if the seed is not a whole number from 0 to 2⁵³ − 1. */
  constructor(seed = 0) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`Generator: seed ${seed} is not a whole number from 0 to 2^53 - 1.`);
    }
    this.seed = seed;
  }

  /** A whole number drawn uniformly from 0 to 2³² − 1. */
  uint32(): number {
    if (this.#nextWord === this.#words.length) {
      this.#words = philox(words(this.#block++), words(this.seed));
      this.#nextWord = 0;
    }
    return this.#words[this.#nextWord++];
  }

  /** A number drawn uniformly from [0, 1), with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** A number from the standard normal distribution (Box–Muller: two uniforms make two normals). */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

let defaultGenerator = new Generator(0);

/** Restarts the generator that is used where none is passed. Programs start with seed 0. */
export function manualSeed(seed: number): void {
  defaultGenerator = new Generator(seed);
}

/** The generator to draw from: the one that was passed, or the shared one. */
export function sourceOf(options: RandomOptions): Generator {
  return options.generator ?? defaultGenerator;
}

export interface RandomOptions extends TensorOptions {
  /** Source of randomness; a shared one by default, see {@link manualSeed}. */
  generator?: Generator;
}

/**
 * Numbers drawn uniformly from [0, 1). In float32 each is the float64 draw cut to 24 bits, so 1 never occurs.
 *
 * @example rand([2, 3], { generator: new Generator(1) }).shape // [2, 3]
 */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  const generator = sourceOf(options);
  const double = options.dtype === "float64";
  return generate("rand", shape, options, () =>
    double ? generator.uniform() : Math.floor(generator.uniform() * 2 ** 24) / 2 ** 24,
  );
}

/**
 * Numbers from the standard normal distribution.
 *
 * @example randn([4], { generator: new Generator(1), dtype: "float64" }).dtype // "float64"
 */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  const generator = sourceOf(options);
  return generate("randn", shape, options, () => generator.normal());
}

/** The low and high 32 bits of a whole number. */
function words(value: number): [low: number, high: number] {
  return [value >>> 0, Math.floor(value / 2 ** 32) >>> 0];
}

/** Ten rounds of Philox4x32: 128 bits of counter (here its low 64), 64 bits of key, 128 random bits. */
export function philox(
  [c0, c1, c2 = 0, c3 = 0]: readonly [number, number, number?, number?],
  [k0, k1]: readonly [number, number],
): readonly [number, number, number, number] {
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = multiply(0xd2511f53, c0);
    const [high1, low1] = multiply(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The 64-bit product of two 32-bit numbers, as its high and low words. */
function multiply(a: number, b: number): [high: number, low: number] {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const middle = aHigh * (b & 0xffff) + Math.floor((aLow * (b & 0xffff)) / 2 ** 16);
  const middle2 = aLow * (b >>> 16) + (middle % 2 ** 16);
  const high = aHigh * (b >>> 16) + Math.floor(middle / 2 ** 16) + Math.floor(middle2 / 2 ** 16);
  return [high >>> 0, Math.imul(a, b) >>> 0];
}

import { drawByKernel } from "./draw.js";
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
  #seed: number;
  #block = 0;
  readonly #words = new Uint32Array(4);
  #nextWord = 4;
  #spareNormal: number | null = null;

  /** @throws RangeError if the seed is not a whole number from 0 to 2⁵³ − 1. */
  constructor(seed = 0) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`Generator: seed ${seed} is not a whole number from 0 to 2^53 - 1.`);
    }
    this.#seed = seed;
  }

  /** The number that the stream was started with. */
  get seed(): number {
    return this.#seed;
  }

  /**
   * Where in its stream the generator stands; plain numbers, so it can be kept as JSON.
   *
   * @example
   * const generator = new Generator(7);
   * const state = generator.stateDict();
   * const first = generator.uniform();
   * generator.loadStateDict(state);
   * generator.uniform() === first // true
   */
  stateDict(): GeneratorState {
    return {
      seed: this.#seed,
      drawn: 4 * this.#block - (4 - this.#nextWord),
      spareNormal: this.#spareNormal,
    };
  }

  /**
   * Goes on where {@link stateDict} was taken, also from a generator of another seed.
   *
   * @throws RangeError if `seed` or `drawn` is not a whole number from 0 to 2⁵³ − 1.
   */
  loadStateDict({ seed, drawn, spareNormal }: GeneratorState): void {
    if (!Number.isSafeInteger(drawn) || drawn < 0) {
      throw new RangeError(
        `Generator.loadStateDict: drawn ${drawn} is not a whole number from 0 to 2^53 - 1.`,
      );
    }
    this.#seed = new Generator(seed).seed;
    this.#block = Math.floor(drawn / 4);
    this.#nextWord = 4;
    for (let word = 0; word < drawn % 4; word++) this.uint32();
    this.#spareNormal = spareNormal;
  }

  /** A whole number drawn uniformly from 0 to 2³² − 1. */
  uint32(): number {
    if (this.#nextWord === 4) {
      const words = this.#words;
      words[0] = lowWord(this.#block);
      words[1] = upperWord(this.#block);
      words[2] = 0;
      words[3] = 0;
      philox(words, lowWord(this.#seed), upperWord(this.#seed));
      this.#block++;
      this.#nextWord = 0;
    }
    return this.#words[this.#nextWord++];
  }

  /** A number drawn uniformly from [0, 1), with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** @internal Passes over `count` draws of {@link uniform}; returns how many words had been drawn before. */
  skip(count: number): number {
    const { drawn, ...rest } = this.stateDict();
    this.loadStateDict({ ...rest, drawn: drawn + 2 * count });
    return drawn;
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

/** What {@link Generator.stateDict} keeps. */
export interface GeneratorState {
  /** What the stream was started with. */
  seed: number;
  /** Words of 32 bits drawn so far. */
  drawn: number;
  /** The second of the two normals of a Box–Muller pair, if it is still to come. */
  spareNormal: number | null;
}

let defaultGenerator = new Generator(0);

/**
 * Restarts the generator that is used where none is passed. Programs start with seed 0.
 *
 * @throws RangeError if the seed is not a whole number from 0 to 2⁵³ − 1.
 * @example
 * manualSeed(7);
 * const first = rand([3]);
 * manualSeed(7);
 * rand([3]).equal(first).toArray() // [true, true, true]
 */
export function manualSeed(seed: number): void {
  defaultGenerator = new Generator(seed);
}

/** The generator to draw from: the one that was passed, or the shared one. */
export function sourceOf(options: RandomOptions): Generator {
  return options.generator ?? defaultGenerator;
}

/** What a new random tensor is to be, and where its numbers come from. */
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
  const drawn = drawByKernel("rand", "rand", shape, options, generator, []);
  if (drawn) return drawn;
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

/** The low 32 bits of a whole number. */
function lowWord(value: number): number {
  return value >>> 0;
}

/** The bits of a whole number above those. */
function upperWord(value: number): number {
  return Math.floor(value / 2 ** 32) >>> 0;
}

/** Ten rounds of Philox4x32, in place: 128 bits of counter become 128 random bits, under a key of 64 bits. */
export function philox(block: Uint32Array, keyLow: number, keyHigh: number): void {
  // plain variables instead of lists: most of the time would go into making lists
  let c0 = block[0];
  let c1 = block[1];
  let c2 = block[2];
  let c3 = block[3];
  for (let round = 0; round < 10; round++) {
    const high0 = highWord(0xd2511f53, c0);
    const high1 = highWord(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ (keyLow + Math.imul(round, 0x9e3779b9));
    c1 = low1;
    c2 = high0 ^ c3 ^ (keyHigh + Math.imul(round, 0xbb67ae85));
    c3 = low0;
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

/** The upper half of the 64-bit product of two 32-bit numbers. */
function highWord(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (other >>> 16);
}

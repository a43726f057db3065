import type { Pointer } from "../kernels.js";

/**
 * Random numbers from the stream of `Generator` (Philox4x32-10), bit for bit: element i takes the words `drawn + 2 i` and
 * `drawn + 2 i + 1`, as the draw `Generator.uniform()` does. After n elements the generator stands at `drawn + 2 n`.
 * `seed` and `drawn` are whole numbers below 2⁵³.
 */
export interface RandomKernels {
  /** Uniform in [0, 1): the draw cut to 24 bits. */
  rand(out: Pointer, seed: number, drawn: number, from: number, to: number): void;
  /** low + (high − low) · draw, rounded. */
  uniform(
    out: Pointer,
    seed: number,
    drawn: number,
    low: number,
    high: number,
    from: number,
    to: number,
  ): void;
  /** `below` where the draw is less than p, else `above`: (1, 0) for Bernoulli, (0, 1 / (1 − p)) for a dropout mask. */
  threshold(
    out: Pointer,
    seed: number,
    drawn: number,
    p: number,
    below: number,
    above: number,
    from: number,
    to: number,
  ): void;
}

import type { Optimizer } from "./optimizer.js";
import { Schedule } from "./schedule.js";

/** Length and end of the descent. */
export interface CosineAnnealingLROptions {
  /** How many steps lead from the first learning rate to the last. */
  tMax: number;
  /** The last learning rate; 0 by default. */
  etaMin?: number;
}

/**
 * Half a cosine wave from the first learning rate down to `etaMin`; after `tMax` steps the way goes up again.
 *
 *     lr(t) = etaMin + (lr₀ − etaMin) (1 + cos(π t / tMax)) / 2
 *
 * @throws RangeError if tMax is not a whole number from 1.
 * @see Loshchilov & Hutter (2017), SGDR: stochastic gradient descent with warm restarts.
 * @example
 * const schedule = new CosineAnnealingLR(new SGD([zeros([2], { requiresGrad: true })], { lr: 1 }), { tMax: 4 });
 * for (let epoch = 0; epoch < 2; epoch++) schedule.step();
 * schedule.lastLr // [0.5]
 */
export class CosineAnnealingLR extends Schedule {
  readonly #tMax: number;
  readonly #etaMin: number;

  constructor(optimizer: Optimizer, { tMax, etaMin = 0 }: CosineAnnealingLROptions) {
    super(optimizer);
    this.requireCount("tMax", tMax);
    this.#tMax = tMax;
    this.#etaMin = etaMin;
    this.apply(0);
  }

  override lrAt(steps: number, initialLr: number): number {
    const height = (1 + Math.cos((Math.PI * steps) / this.#tMax)) / 2;
    return this.#etaMin + (initialLr - this.#etaMin) * height;
  }
}

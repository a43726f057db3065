import type { Optimizer } from "./optimizer.js";
import { Schedule } from "./schedule.js";

/** Length and start of the ascent, and what follows. */
export interface LinearWarmupOptions {
  /** How many steps lead to the full learning rate; 5 by default. */
  totalIters?: number;
  /** The part of the learning rate to start with, from 0 to 1; 1/3 by default. */
  startFactor?: number;
  /** The schedule that takes over at the full learning rate, counting its steps from 0; constant by default. */
  after?: Schedule;
}

/**
 * Starts with small steps and grows them along a line to the full learning rate (PyTorch's LinearLR).
 *
 *     lr(t) = lr₀ · (startFactor + (1 − startFactor) · min(t, totalIters) / totalIters)
 *
 * With `after`, another schedule follows: `lr(t) = after.lr(t − totalIters)` for t ≥ totalIters. Step only the warm-up.
 *
 * @throws RangeError if totalIters is not a whole number from 1, or startFactor not from 0 to 1.
 * @throws Error if `after` belongs to another optimizer.
 * @see Goyal et al. (2017), Accurate, large minibatch SGD.
 * @example
 * const optimizer = new SGD([zeros([2], { requiresGrad: true })], { lr: 8 });
 * const after = new CosineAnnealingLR(optimizer, { tMax: 2 });
 * const schedule = new LinearWarmup(optimizer, { totalIters: 2, startFactor: 0, after });
 * const rates = [0, 1, 2, 3].map((t) => schedule.lrAt(t, 8));
 * rates // [0, 4, 8, 4]
 */
export class LinearWarmup extends Schedule {
  readonly #totalIters: number;
  readonly #startFactor: number;
  readonly #after: Schedule | undefined;

  constructor(
    optimizer: Optimizer,
    { totalIters = 5, startFactor = 1 / 3, after }: LinearWarmupOptions = {},
  ) {
    super(optimizer);
    this.requireCount("totalIters", totalIters);
    if (!(startFactor >= 0 && startFactor <= 1)) {
      throw new RangeError(`LinearWarmup: startFactor is ${startFactor}. Expected a number from 0 to 1.`);
    }
    if (after && after.optimizer !== optimizer) {
      throw new Error("LinearWarmup: the schedule after it belongs to another optimizer. Expected the same.");
    }
    this.#totalIters = totalIters;
    this.#startFactor = startFactor;
    this.#after = after;
    this.apply(0);
  }

  override lrAt(steps: number, initialLr: number): number {
    if (this.#after && steps >= this.#totalIters)
      return this.#after.lrAt(steps - this.#totalIters, initialLr);
    const progress = Math.min(steps, this.#totalIters) / this.#totalIters;
    return initialLr * (this.#startFactor + (1 - this.#startFactor) * progress);
  }
}

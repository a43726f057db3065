import type { Optimizer } from "./optimizer.js";
import { Schedule } from "./schedule.js";

/** The steps of the staircase. */
export interface StepLROptions {
  /** How many steps pass between two changes. */
  stepSize: number;
  /** What the learning rate is then multiplied by; 0.1 by default. */
  gamma?: number;
}

/**
 * A staircase: every `stepSize` steps the learning rate is multiplied by `gamma`.
 *
 *     lr(t) = lr₀ · gamma^⌊t / stepSize⌋
 *
 * @throws RangeError if stepSize is not a whole number from 1.
 * @example
 * const schedule = new StepLR(new SGD([zeros([2], { requiresGrad: true })], { lr: 8 }), { stepSize: 2, gamma: 0.5 });
 * for (let epoch = 0; epoch < 5; epoch++) schedule.step();
 * schedule.lastLr // [2]
 */
export class StepLR extends Schedule {
  readonly #stepSize: number;
  readonly #gamma: number;

  constructor(optimizer: Optimizer, { stepSize, gamma = 0.1 }: StepLROptions) {
    super(optimizer);
    this.requireCount("stepSize", stepSize);
    this.#stepSize = stepSize;
    this.#gamma = gamma;
    this.apply(0);
  }

  override lrAt(steps: number, initialLr: number): number {
    return initialLr * this.#gamma ** Math.floor(steps / this.#stepSize);
  }
}

import type { Optimizer } from "./optimizer.js";
import { Schedule } from "./schedule.js";

/** The shape of the cycle. */
export interface OneCycleLROptions {
  /** The learning rate at the peak. */
  maxLr: number;
  /** How many steps the whole cycle takes. */
  totalSteps: number;
  /** The part of the cycle in which the learning rate rises; 0.3 by default. */
  pctStart?: number;
  /** Along half a cosine wave or a line; "cos" by default. */
  annealStrategy?: "cos" | "linear";
  /** Whether momentum (β₁ of Adam) falls while the learning rate rises, and back; true by default. */
  cycleMomentum?: boolean;
  /** Momentum at the peak; 0.85 by default. */
  baseMomentum?: number;
  /** Momentum at both ends; 0.95 by default. */
  maxMomentum?: number;
  /** The first learning rate is maxLr / divFactor; 25 by default. */
  divFactor?: number;
  /** The last learning rate is the first / finalDivFactor; 1e4 by default. */
  finalDivFactor?: number;
}

/** The groups of optimizers that have a momentum to cycle. */
interface MomentumGroup {
  momentum?: number;
  betas?: readonly [number, number];
}

/**
 * One cycle for the whole training: from a small learning rate up to `maxLr`, then down to almost 0; momentum the
 * other way. Step it after every batch.
 *
 * With p = pctStart · totalSteps − 1 and f(a, b, s) = b + (a − b) (1 + cos π s) / 2, or a + (b − a) s if linear:
 *
 *     lr(t) = f(maxLr / divFactor, maxLr, t / p)                                    for t ≤ p
 *     lr(t) = f(maxLr, maxLr / divFactor / finalDivFactor, (t − p) / (totalSteps − 1 − p))   after
 *
 * @throws RangeError if totalSteps is not a whole number from 1, pctStart not from 0 to 1, or after totalSteps steps.
 * @throws Error if momentum is to be cycled and the optimizer has none.
 * @see Smith & Topin (2018), Super-convergence: very fast training of neural networks using large learning rates.
 * @example
 * const optimizer = new SGD([zeros([2], { requiresGrad: true })], { lr: 1, momentum: 0.9 });
 * const schedule = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 10, pctStart: 0.5, divFactor: 10 });
 * for (let batch = 0; batch < 4; batch++) schedule.step();
 * schedule.lastLr // [1]
 * optimizer.paramGroups[0].momentum // 0.85
 */
export class OneCycleLR extends Schedule {
  readonly #options: Required<OneCycleLROptions>;

  constructor(optimizer: Optimizer, options: OneCycleLROptions) {
    super(optimizer);
    this.#options = {
      pctStart: 0.3,
      annealStrategy: "cos",
      cycleMomentum: true,
      baseMomentum: 0.85,
      maxMomentum: 0.95,
      divFactor: 25,
      finalDivFactor: 1e4,
      ...options,
    };
    const { totalSteps, pctStart, cycleMomentum } = this.#options;
    this.requireCount("totalSteps", totalSteps);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new RangeError(`OneCycleLR: pctStart is ${pctStart}. Expected a number from 0 to 1.`);
    }
    if (cycleMomentum && !optimizer.paramGroups.every((group) => "momentum" in group || "betas" in group)) {
      throw new Error(
        `OneCycleLR: ${optimizer.constructor.name} has no momentum to cycle. Set cycleMomentum to false.`,
      );
    }
    this.apply(0);
  }

  /** `initialLr` plays no part: the cycle goes by maxLr. */
  override lrAt(steps: number): number {
    const { maxLr, divFactor, finalDivFactor } = this.#options;
    const first = maxLr / divFactor;
    return this.#between(steps, first, maxLr, first / finalDivFactor);
  }

  protected override apply(steps: number): void {
    super.apply(steps);
    const { cycleMomentum, baseMomentum, maxMomentum } = this.#options;
    if (!cycleMomentum) return;
    const momentum = this.#between(steps, maxMomentum, baseMomentum, maxMomentum);
    for (const group of this.optimizer.paramGroups as MomentumGroup[]) {
      if (group.betas) group.betas = [momentum, group.betas[1]];
      else group.momentum = momentum;
    }
  }

  override step(): void {
    const { totalSteps } = this.#options;
    if (this.steps >= totalSteps) {
      throw new RangeError(
        `OneCycleLR.step: all ${totalSteps} steps of the cycle were taken. totalSteps is epochs × batches per epoch.`,
      );
    }
    super.step();
  }

  /** From `first` by way of `peak` to `last`. */
  #between(steps: number, first: number, peak: number, last: number): number {
    const { totalSteps, pctStart, annealStrategy } = this.#options;
    const anneal = (from: number, to: number, part: number): number =>
      annealStrategy === "linear"
        ? from + (to - from) * part
        : to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2;
    const turn = pctStart * totalSteps - 1;
    if (steps <= turn) return anneal(first, peak, turn > 0 ? steps / turn : 1);
    return anneal(peak, last, (steps - turn) / (totalSteps - 1 - turn));
  }
}

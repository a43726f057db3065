import type { Optimizer } from "./optimizer.js";

/** What counts as a plateau, and what happens on one. */
export interface ReduceLROnPlateauOptions {
  /** Whether a good metric is small ("min", the default) or large ("max"). */
  mode?: "min" | "max";
  /** What learning rates are multiplied by, below 1; 0.1 by default. */
  factor?: number;
  /** How many steps without improvement are waited for; the next one reduces. 10 by default. */
  patience?: number;
  /** How much better than the best counts as improvement; 1e-4 by default. */
  threshold?: number;
  /** Whether the threshold is a part of the best metric ("rel", the default) or a difference ("abs"). */
  thresholdMode?: "rel" | "abs";
  /** How many steps after a reduction count neither way; 0 by default. */
  cooldown?: number;
  /** Learning rates stay at least this; 0 by default. */
  minLr?: number;
  /** Smaller reductions than this are not made; 1e-8 by default. */
  eps?: number;
}

/** Where a {@link ReduceLROnPlateau} stands. `best` is null before the first step, so that JSON keeps it. */
export interface PlateauState {
  /** The best metric so far. */
  best: number | null;
  /** How many steps in a row there was no improvement. */
  badSteps: number;
  /** How many steps still count neither way. */
  cooldownLeft: number;
}

/**
 * Multiplies the learning rates by `factor` when a metric has not improved for more than `patience` steps.
 *
 * Improvement, for mode "min": metric < best · (1 − threshold), or best − threshold if "abs"; for "max":
 * metric > best · (1 + threshold), or best + threshold. NaN is never one.
 *
 * @throws RangeError if factor is not from 0, below 1.
 * @example
 * const optimizer = new SGD([zeros([2], { requiresGrad: true })], { lr: 1 });
 * const schedule = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 1 });
 * for (const loss of [3, 2, 2, 2]) schedule.step(loss);
 * schedule.lastLr // [0.5]
 */
export class ReduceLROnPlateau {
  /** The optimizer whose learning rates are reduced. */
  readonly optimizer: Optimizer;
  readonly #options: Required<ReduceLROnPlateauOptions>;
  #state: PlateauState = { best: null, badSteps: 0, cooldownLeft: 0 };

  constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
    this.optimizer = optimizer;
    this.#options = {
      mode: "min",
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: "rel",
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
      ...options,
    };
    const { factor } = this.#options;
    if (!(factor >= 0 && factor < 1)) {
      throw new RangeError(`ReduceLROnPlateau: factor is ${factor}. Expected a number from 0, below 1.`);
    }
  }

  /** The present learning rate of each parameter group. */
  get lastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Takes note of the metric, and reduces the learning rates if it is time. */
  step(metric: number): void {
    const state = this.#state;
    if (this.#improves(metric)) {
      state.best = metric;
      state.badSteps = 0;
    } else {
      state.badSteps++;
    }
    if (state.cooldownLeft > 0) {
      state.cooldownLeft--;
      state.badSteps = 0;
    }
    if (state.badSteps > this.#options.patience) {
      this.#reduce();
      state.cooldownLeft = this.#options.cooldown;
      state.badSteps = 0;
    }
  }

  /** A copy of what a later run needs to go on. */
  stateDict(): PlateauState {
    return { ...this.#state };
  }

  /** Goes on where {@link stateDict} was taken. The learning rates themselves are the optimizer's state. */
  loadStateDict(state: PlateauState): void {
    this.#state = { ...state };
  }

  #improves(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const best = this.#state.best ?? (mode === "min" ? Infinity : -Infinity);
    const sign = mode === "min" ? -1 : 1;
    const bar = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return mode === "min" ? metric < bar : metric > bar;
  }

  #reduce(): void {
    const { factor, minLr, eps } = this.#options;
    for (const group of this.optimizer.paramGroups) {
      const reduced = Math.max(group.lr * factor, minLr);
      if (group.lr - reduced > eps) group.lr = reduced;
    }
  }
}

import { noteChange } from "../tensor/changes.js";
import { ShapeError } from "../tensor/errors.js";
import type { TensorData } from "../tensor/dtype.js";
import type { Tensor } from "../tensor/tensor.js";

/** When to stop, and what to keep. */
export interface EarlyStoppingOptions {
  /** How many steps in a row may pass without improvement; the last of them stops. 10 by default. */
  patience?: number;
  /** How much better than the best a metric must be to count; 0 by default. */
  minDelta?: number;
  /** Whether a good metric is small ("min", the default) or large ("max"). */
  mode?: "min" | "max";
  /** Tensors whose values at the best metric are kept, for `restoreBest()`. */
  params?: Iterable<Tensor>;
}

/** Where an {@link EarlyStopping} stands. `kept` are copies of the parameters at the best metric. */
export interface EarlyStoppingState {
  /** How many steps were taken. */
  steps: number;
  /** The best metric; null before the first step. */
  best: number | null;
  /** In which step it was, from 1. */
  bestStep: number;
  /** How many steps in a row there was no improvement. */
  badSteps: number;
  /** The elements of each parameter then; empty if none are kept. */
  kept: TensorData[];
}

/**
 * Tells when to stop: when the validation metric has not improved for `patience` steps in a row.
 *
 * Improvement: metric < best − minDelta, or metric > best + minDelta for mode "max"; NaN is never one.
 *
 * @throws RangeError if patience is not a whole number from 1, or minDelta negative.
 * @see Prechelt (1998), Early stopping – but when?
 * @example
 * const stopping = new EarlyStopping({ patience: 2 });
 * const stops = [0.9, 0.5, 0.6, 0.7].map((loss) => stopping.step(loss));
 * stops // [false, false, false, true]
 * stopping.best // 0.5
 */
export class EarlyStopping {
  readonly #patience: number;
  readonly #minDelta: number;
  readonly #mode: "min" | "max";
  readonly #params: readonly Tensor[];
  #state: EarlyStoppingState = { steps: 0, best: null, bestStep: 0, badSteps: 0, kept: [] };

  constructor({ patience = 10, minDelta = 0, mode = "min", params = [] }: EarlyStoppingOptions = {}) {
    if (!(Number.isInteger(patience) && patience >= 1)) {
      throw new RangeError(`EarlyStopping: patience is ${patience}. Expected a whole number from 1.`);
    }
    if (!(minDelta >= 0)) {
      throw new RangeError(`EarlyStopping: minDelta is ${minDelta}. Expected a number from 0.`);
    }
    this.#patience = patience;
    this.#minDelta = minDelta;
    this.#mode = mode;
    this.#params = [...params];
  }

  /** The best metric so far; null before the first step. */
  get best(): number | null {
    return this.#state.best;
  }

  /** In which step it was, counted from 1; 0 before the first. */
  get bestStep(): number {
    return this.#state.bestStep;
  }

  /** Whether patience has run out. */
  get stopped(): boolean {
    return this.#state.badSteps >= this.#patience;
  }

  /** Takes note of the metric; returns whether to stop. */
  step(metric: number): boolean {
    const state = this.#state;
    state.steps++;
    if (this.#improves(metric)) {
      state.best = metric;
      state.bestStep = state.steps;
      state.badSteps = 0;
      state.kept = this.#params.map(({ elements }) => elements.slice());
    } else {
      state.badSteps++;
    }
    return this.stopped;
  }

  /**
   * Sets the parameters back to their values at the best metric.
   *
   * @throws Error if no parameters were given to keep, or no step has been taken yet.
   */
  restoreBest(): void {
    const { kept } = this.#state;
    if (this.#params.length === 0) {
      throw new Error("EarlyStopping.restoreBest: no parameters were kept. Pass them as the option params.");
    }
    if (kept.length === 0) {
      throw new Error("EarlyStopping.restoreBest: there is no best yet. Call step(metric) first.");
    }
    this.#params.forEach(({ elements, storage }, i) => {
      elements.set(kept[i]);
      noteChange(storage);
    });
  }

  /** A copy of what a later run needs to go on. */
  stateDict(): EarlyStoppingState {
    return structuredClone(this.#state);
  }

  /**
   * Goes on where {@link stateDict} was taken.
   *
   * @throws ShapeError if the kept parameters were of other sizes; nothing is then changed.
   */
  loadStateDict(state: EarlyStoppingState): void {
    const sizes = (arrays: readonly { length: number }[]) => arrays.map(({ length }) => length).join(", ");
    const [saved, own] = [sizes(state.kept), sizes(this.#params.map(({ size }) => ({ length: size })))];
    if (state.kept.length > 0 && saved !== own) {
      throw new ShapeError(
        `EarlyStopping.loadStateDict: the state keeps parameters of sizes [${saved}], these have [${own}].`,
      );
    }
    this.#state = structuredClone(state);
  }

  #improves(metric: number): boolean {
    const { best } = this.#state;
    if (best === null) return !Number.isNaN(metric);
    return this.#mode === "min" ? metric < best - this.#minDelta : metric > best + this.#minDelta;
  }
}

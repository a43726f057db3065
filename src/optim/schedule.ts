import type { Optimizer } from "./optimizer.js";

/** Where a schedule stands. JSON keeps it exactly. */
export interface ScheduleState {
  /** How many steps were taken. */
  steps: number;
  /** The learning rates that the schedule started from, one per parameter group. */
  initialLrs: number[];
}

/**
 * A learning rate as a function of the number of steps taken. Making one sets the optimizer's learning rates to those of
 * step 0; every `step()` moves on by one, be it a batch or an epoch. Call it after the optimizer's `step()`.
 *
 * Schedules are closed formulas of the rate they started from, not products of changes, so nothing adds up wrongly.
 * A subclass gives the formula: {@link lrAt}.
 *
 * @example
 * class InverseTime extends Schedule {
 *   override lrAt(steps: number, initialLr: number) {
 *     return initialLr / (1 + steps);
 *   }
 * }
 * const schedule = new InverseTime(new SGD([zeros([2], { requiresGrad: true })], { lr: 1 }));
 * schedule.step();
 * schedule.lastLr // [0.5]
 */
export abstract class Schedule {
  /** The optimizer whose learning rates are set. */
  readonly optimizer: Optimizer;
  #steps = 0;

  constructor(optimizer: Optimizer) {
    this.optimizer = optimizer;
    for (const group of optimizer.paramGroups) group.initialLr ??= group.lr;
  }

  /** The learning rate after `steps` steps, of a group that started with `initialLr`. */
  abstract lrAt(steps: number, initialLr: number): number;

  /** How many steps were taken. */
  get steps(): number {
    return this.#steps;
  }

  /** The present learning rate of each parameter group. */
  get lastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Moves on by one step. */
  step(): void {
    this.#steps++;
    this.apply(this.#steps);
  }

  /** Sets the optimizer to what the schedule says for this number of steps. */
  protected apply(steps: number): void {
    for (const group of this.optimizer.paramGroups) group.lr = this.lrAt(steps, group.initialLr ?? group.lr);
  }

  /** What a later run needs to go on. */
  stateDict(): ScheduleState {
    const initialLrs = this.optimizer.paramGroups.map(({ initialLr, lr }) => initialLr ?? lr);
    return { steps: this.#steps, initialLrs };
  }

  /**
   * Goes on where {@link stateDict} was taken, and sets the optimizer's learning rates to match.
   *
   * @throws Error if the optimizer had another number of parameter groups.
   */
  loadStateDict({ steps, initialLrs }: ScheduleState): void {
    const { paramGroups } = this.optimizer;
    if (initialLrs.length !== paramGroups.length) {
      throw new Error(
        `${this.constructor.name}.loadStateDict: the state is of ${initialLrs.length} parameter groups, ` +
          `the optimizer has ${paramGroups.length}. Build its groups as they were.`,
      );
    }
    paramGroups.forEach((group, i) => (group.initialLr = initialLrs[i]));
    this.#steps = steps;
    this.apply(steps);
  }

  /** Throws a RangeError unless the option is a whole number from 1. */
  protected requireCount(name: string, value: number): void {
    if (Number.isInteger(value) && value >= 1) return;
    throw new RangeError(`${this.constructor.name}: ${name} is ${value}. Expected a whole number from 1.`);
  }
}

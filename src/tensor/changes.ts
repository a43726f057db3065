import type { TensorData } from "./dtype.js";

// A clock that ticks whenever storage is changed in place. A backward rule that reads a tensor can thereby tell whether
// it still holds what the operation saw. Writing into `data` directly goes unnoticed.

let ticks = 0;
const lastChange = new WeakMap<TensorData, number>();

/** The number of changes so far. */
export function changeClock(): number {
  return ticks;
}

/** Notes that storage has been changed in place. */
export function noteChange(data: TensorData): void {
  lastChange.set(data, ++ticks);
}

/** Whether storage was changed after the clock had shown `time`. */
export function changedSince(data: TensorData, time: number): boolean {
  return (lastChange.get(data) ?? 0) > time;
}

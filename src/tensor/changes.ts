import type { TensorData } from "./dtype.js";
import type { Storage } from "./storage.js";

// A clock that ticks whenever elements are changed in place. A backward rule that reads a tensor can thereby tell whether
// it still holds what the operation saw. Writing into `data` directly goes unnoticed.

let ticks = 0;
/** For arrays, which several storages may be made of. */
const lastChange = new WeakMap<TensorData, number>();

/** The number of changes so far. */
export function changeClock(): number {
  return ticks;
}

/** Notes that elements have been changed in place. */
export function noteChange(storage: Storage): void {
  storage.lastChange = ++ticks;
  if (storage.array) lastChange.set(storage.array, ticks);
}

/** Whether elements were changed after the clock had shown `time`. */
export function changedSince(storage: Storage, time: number): boolean {
  if (storage.lastChange > time) return true;
  return storage.array !== null && ticks > time && (lastChange.get(storage.array) ?? 0) > time;
}

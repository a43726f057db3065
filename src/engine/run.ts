import { engine } from "./engine.js";
import { threadCount, Threads, type Division, type RangedKernel } from "./threads.js";

let threads: Threads | undefined;

/** Runs a kernel of the engine, which must not be switched off, on one thread or several; see {@link Threads.run}. */
export function run(kernel: RangedKernel, values: readonly number[], division: Division): void {
  threads ??= new Threads(engine()!, threadCount());
  threads.run(kernel, values, division);
}

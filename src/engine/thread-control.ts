import type { Pointer } from "./kernels.js";

// How the threads talk: numbers in a part of the engine's memory that all of them see. Whatever two threads write to is in
// cache lines of its own.

/** Positions of int32, counted from the beginning of the part. */
export const at = {
  /** Goes up by one with each job; idle threads wait for that. */
  generation: 0,
  /** Whether there is something to do. */
  open: 16,
  /** How many threads have entered the job. While there are any, it must not change. */
  active: 32,
  /** The first unit that no thread has taken yet. */
  next: 48,
  /** How many threads have started. */
  started: 64,
  /** Whether a kernel has failed on another thread. */
  failed: 65,
  /** The job: which kernel (by its place among the exports), how many arguments, units in all and units to take at once. */
  kernel: 80,
  argumentCount: 81,
  units: 82,
  grain: 83,
  /** Whether the kernel takes scratch, and where that of each thread is. */
  scratched: 84,
  scratch: 96,
} as const;

export const mostThreads = 64;
const mostArguments = 32;
const argumentsAt = 4 * (at.scratch + mostThreads);
/** Bytes that all of it takes. */
export const controlBytes = argumentsAt + 8 * mostArguments;

/** What a thread is started with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Pointer;
  /** From 1: the main thread is 0. */
  readonly index: number;
}

/** Work that threads share: a kernel on a range of units, which they take piece by piece. */
export class Job {
  readonly words: Int32Array;
  private readonly numbers: Float64Array;
  private readonly kernels: readonly ((...values: number[]) => void)[];

  constructor(memory: WebAssembly.Memory, control: Pointer, exports: Record<string, unknown>) {
    this.words = new Int32Array(memory.buffer, control, argumentsAt / 4);
    this.numbers = new Float64Array(memory.buffer, control + argumentsAt, mostArguments);
    this.kernels = Object.values(exports) as ((...values: number[]) => void)[];
  }

  /** Writes a job, which is not open yet. */
  prepare(kernel: number, values: readonly number[], units: number, grain: number, scratched: boolean): void {
    const { words } = this;
    this.numbers.set(values);
    words[at.kernel] = kernel;
    words[at.argumentCount] = values.length;
    words[at.units] = units;
    words[at.grain] = grain;
    words[at.scratched] = scratched ? 1 : 0;
    words[at.failed] = 0;
    Atomics.store(words, at.next, 0);
  }

  /** All units of a job on the main thread. */
  runAlone(kernel: number, values: readonly number[], units: number, scratched: boolean): void {
    const run = this.kernels[kernel];
    if (scratched) run(...values, this.scratch(0), 0, units);
    else run(...values, 0, units);
  }

  /** Takes pieces until none is left. */
  work(thread: number): void {
    const { words } = this;
    const kernel = this.kernels[words[at.kernel]];
    const values = [...this.numbers.subarray(0, words[at.argumentCount])];
    const [units, grain] = [words[at.units], words[at.grain]];
    if (words[at.scratched]) values.push(this.scratch(thread));
    for (;;) {
      const from = Atomics.add(words, at.next, grain);
      if (from >= units) return;
      kernel(...values, from, Math.min(units, from + grain));
    }
  }

  private scratch(thread: number): Pointer {
    return this.words[at.scratch + thread] >>> 0;
  }
}

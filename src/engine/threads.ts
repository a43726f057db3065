import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { compiledFile } from "../package.js";
import type { Kernels, Pointer } from "./kernels.js";
import type { Engine } from "./load.js";
import { at, controlBytes, Job, mostThreads, type ThreadData } from "./thread-control.js";

/** Kernels that work on a range of units. */
export type RangedKernel = {
  [K in keyof Kernels]: Kernels[K] extends (...values: never[]) => void ? K : never;
}[keyof Kernels];

/** How the work of a kernel can be divided. */
export interface Division {
  /** How many units the result consists of. */
  readonly units: number;
  /** About how many nanoseconds all of it takes on one thread: little work is not divided. */
  readonly nanoseconds: number;
  /** Bytes of scratch, for kernels that take it. */
  readonly scratch?: number;
  /** Units to take at once at least: for kernels that have something to prepare each time. 1 by default. */
  readonly grain?: number;
}

/** Less work than this is done sooner by one thread. */
const leastNanoseconds = 60_000;
/** Into how many pieces for each thread work is divided, so that a thread that is held up leaves its share to others. */
const piecesPerThread = 4;
/** How often the main thread looks whether the others have finished before it sleeps. */
const patience = 20_000;
const alignment = 64;

/** Several threads that share the engine's memory. The first large piece of work starts them; they end with the process. */
export class Threads {
  /** How many there are at most, with the main one. */
  readonly count: number;
  private readonly engine: Engine;
  private readonly job: Job;
  private readonly control: Pointer;
  /** Each kernel's place among the exports. */
  private readonly places: ReadonlyMap<string, number>;
  private workers: Worker[] = [];
  private started = false;
  private scratchBytes = 0;

  constructor(engine: Engine, count: number) {
    this.engine = engine;
    this.count = count;
    this.control = engine.reserve(controlBytes);
    this.job = new Job(engine.memory, this.control, engine.kernels as unknown as Record<string, unknown>);
    this.places = new Map(Object.keys(engine.kernels).map((name, place) => [name, place]));
  }

  /** How many threads there are by now, with the main one: they start with the first large piece of work. */
  get running(): number {
    return 1 + Atomics.load(this.job.words, at.started);
  }

  /**
   * Runs `kernel(...values, [scratch,] from, to)` for ranges that make up all units, at the same time on several threads if
   * it is much work.
   *
   * @throws WebAssembly.RuntimeError if the kernel fails.
   */
  run(kernel: RangedKernel, values: readonly number[], division: Division): void {
    const { units, nanoseconds, scratch, grain = 1 } = division;
    const place = this.places.get(kernel)!;
    if (scratch !== undefined) this.needScratch(scratch);
    if (nanoseconds < leastNanoseconds || units <= grain || !this.start()) {
      this.job.runAlone(place, values, units, scratch !== undefined);
      return;
    }
    // The one before was not, if an interrupt has cut off the code around it.
    this.close();
    const piece = Math.ceil(units / (piecesPerThread * this.count));
    this.job.prepare(place, values, units, Math.max(grain, piece), scratch !== undefined);
    this.share();
  }

  /** Opens the prepared job, takes part in it, and closes it when all threads have left. */
  private share(): void {
    const { words } = this.job;
    Atomics.store(words, at.open, 1);
    Atomics.add(words, at.generation, 1);
    Atomics.notify(words, at.generation);
    try {
      this.job.work(0);
    } finally {
      this.close();
    }
    if (words[at.failed]) throw new Error("A kernel failed on another thread.");
  }

  /** Closes a job and waits until all threads have left it. */
  private close(): void {
    const { words } = this.job;
    Atomics.store(words, at.open, 0);
    let looks = 0;
    for (let active; (active = Atomics.load(words, at.active)) > 0;) {
      if (++looks > patience) Atomics.wait(words, at.active, active);
    }
  }

  /** Starts the threads, the first time; whether there are any. */
  private start(): boolean {
    if (this.started) return this.workers.length > 0;
    this.started = true;
    try {
      for (let index = 1; index < this.count; index++) this.workers.push(this.startThread(index));
    } catch {
      // Not allowed here, or no room: whatever has started is enough.
    }
    return this.workers.length > 0;
  }

  private startThread(index: number): Worker {
    const { module, memory } = this.engine;
    const workerData: ThreadData = { module, memory, control: this.control, index };
    // Nothing of this process's options and environment concerns the thread.
    const worker = new Worker(compiledFile("engine/thread.js"), { workerData, execArgv: [], env: {} });
    worker.on("error", () => {
      this.workers = this.workers.filter((other) => other !== worker);
    });
    worker.unref();
    return worker;
  }

  /** Makes sure that each thread has so much scratch. */
  private needScratch(bytes: number): void {
    if (bytes <= this.scratchBytes) return;
    const each = Math.ceil(Math.max(bytes, 2 * this.scratchBytes, 2 ** 18) / alignment) * alignment;
    const start = this.engine.reserve(each * this.count);
    for (let i = 0; i < this.count; i++) this.job.words[at.scratch + i] = start + i * each;
    this.scratchBytes = each;
  }
}

/**
 * How many threads to use: `GRADLAB_THREADS`, or as many as there are processors, but not more than four.
 *
 * @throws RangeError if GRADLAB_THREADS is not a whole number from 1 to 64.
 */
export function threadCount(): number {
  const given = process.env["GRADLAB_THREADS"];
  if (given === undefined || given === "") return Math.min(availableParallelism(), 4);
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= mostThreads) return count;
  throw new RangeError(
    `GRADLAB_THREADS is ${JSON.stringify(given)}. Expected a whole number from 1 to ${mostThreads}.`,
  );
}

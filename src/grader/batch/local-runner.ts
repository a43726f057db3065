import { Judge, type JudgeOptions, type Verdict } from "../judge.js";
import type { Reader } from "../reader.js";
import type { Item, Runner } from "./runner.js";

/** Grades in this process, with a judge that starts with the first submissions and has no more threads than there are of these. */
export class LocalRunner implements Runner {
  readonly #courseRoot: string;
  readonly #reader: Reader;
  readonly #options: JudgeOptions;
  #judge: Promise<Judge> | undefined;

  /** @param reader compiles the submissions; whoever made it closes it */
  constructor(courseRoot: string, reader: Reader, options: JudgeOptions = {}) {
    this.#courseRoot = courseRoot;
    this.#reader = reader;
    this.#options = options;
  }

  async run(items: readonly Item[], onVerdict: (item: Item, verdict: Verdict) => void): Promise<void> {
    // A thread that has nothing to do costs its memory all the same.
    this.#judge ??= this.#start(items.length);
    await Promise.all(items.map(async (item) => onVerdict(item, await this.grade(item.job))));
  }

  async grade(job: Item["job"]): Promise<Verdict> {
    return (await (this.#judge ??= this.#start())).test(job);
  }

  #start(mostWorkers = Infinity): Promise<Judge> {
    const { workers = 1 } = this.#options;
    return Judge.start(this.#courseRoot, {
      ...this.#options,
      workers: Math.min(workers, mostWorkers),
      compile: (source) => this.#reader.compile(source),
    });
  }

  async close(): Promise<void> {
    const judge = await this.#judge?.catch(() => undefined);
    await judge?.close();
  }
}

import { Judge, type JudgeOptions, type Verdict } from "../judge.js";
import { Reader } from "../reader.js";
import type { Item, Runner } from "./runner.js";

/** Grades in this process, with a judge that starts with the first submission. */
export class LocalRunner implements Runner {
  readonly #courseRoot: string;
  readonly #options: JudgeOptions;
  readonly #reader = new Reader();
  #judge: Promise<Judge> | undefined;

  constructor(courseRoot: string, options: JudgeOptions = {}) {
    this.#courseRoot = courseRoot;
    this.#options = options;
  }

  async run(items: readonly Item[], onVerdict: (item: Item, verdict: Verdict) => void): Promise<void> {
    await Promise.all(items.map(async (item) => onVerdict(item, await this.grade(item.job))));
  }

  async grade(job: Item["job"]): Promise<Verdict> {
    return (await (this.#judge ??= this.#start())).test(job);
  }

  #start(): Promise<Judge> {
    const compile = (source: string) => this.#reader.compile(source);
    return Judge.start(this.#courseRoot, { ...this.#options, compile });
  }

  async close(): Promise<void> {
    const judge = await this.#judge?.catch(() => undefined);
    await judge?.close();
    this.#reader.close();
  }
}

import { Judge, type JudgeOptions, type Verdict } from "../judge.js";
import type { Item, Runner } from "./runner.js";

/** Grades in this process, with a judge that starts with the first submission. */
export class LocalRunner implements Runner {
  readonly #courseRoot: string;
  readonly #options: JudgeOptions;
  #judge: Promise<Judge> | undefined;

  constructor(courseRoot: string, options: JudgeOptions = {}) {
    this.#courseRoot = courseRoot;
    this.#options = options;
  }

  async run(items: readonly Item[], onVerdict: (item: Item, verdict: Verdict) => void): Promise<void> {
    await Promise.all(items.map(async (item) => onVerdict(item, await this.grade(item.job))));
  }

  async grade(job: Item["job"]): Promise<Verdict> {
    return (await (this.#judge ??= Judge.start(this.#courseRoot, this.#options))).test(job);
  }

  async close(): Promise<void> {
    const judge = await this.#judge?.catch(() => undefined);
    await judge?.close();
  }
}

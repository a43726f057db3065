import { Judge, type Job, type JudgeOptions, type Verdict } from "../judge.js";
import type { Item, Runner } from "./runner.js";

interface Waiting {
  job: Job;
  resolve: (verdict: Verdict) => void;
  reject: (error: unknown) => void;
}

/** What a judge takes at a time: starting a run costs as much as a submission, but one that hangs holds up those taken with it. */
const mostAtOnce = 32;

/**
 * Judges in this process, each testing one submission at a time, so that an endless loop holds up one judge and not all. They start
 * with the first submission.
 */
export class JudgePool implements Runner {
  readonly #courseRoot: string;
  readonly #size: number;
  readonly #options: JudgeOptions;
  readonly #waiting: Waiting[] = [];
  readonly #judges: Promise<Judge>[] = [];
  readonly #works = new Set<Promise<void>>();

  constructor(courseRoot: string, { workers = 1, ...options }: JudgeOptions = {}) {
    this.#courseRoot = courseRoot;
    this.#size = workers;
    this.#options = options;
  }

  async run(items: readonly Item[], onVerdict: (item: Item, verdict: Verdict) => void): Promise<void> {
    await Promise.all(items.map(async (item) => onVerdict(item, await this.grade(item.job))));
  }

  grade(job: Job): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      if (this.#works.size >= this.#size) return;
      const work = this.#work().finally(() => this.#works.delete(work));
      this.#works.add(work);
    });
  }

  /** One judge's work, until nothing waits. */
  async #work(): Promise<void> {
    // What is handed in at once can be taken at once.
    await Promise.resolve();
    const judge = this.#judges.pop() ?? Judge.start(this.#courseRoot, { ...this.#options, workers: 1 });
    while (this.#waiting.length > 0) {
      // Less and less towards the end, so that all judges have something to do until then.
      const share = Math.ceil(this.#waiting.length / (2 * this.#size));
      const taken = this.#waiting.splice(0, Math.min(mostAtOnce, share));
      const jobs = taken.map(({ job }) => job);
      try {
        await (await judge).run(jobs, (i, verdict) => taken[i].resolve(verdict));
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    this.#judges.push(judge);
  }

  /** What is being tested comes to its end; what waits is forgotten. */
  async close(): Promise<void> {
    this.#waiting.splice(0);
    await Promise.all(this.#works);
    const started = await Promise.allSettled(this.#judges.splice(0));
    for (const judge of started) if (judge.status === "fulfilled") await judge.value.close();
  }
}

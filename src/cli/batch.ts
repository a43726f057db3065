import { join } from "node:path";
import type { Course } from "../course/course.js";
import { onInterruption } from "../grader/batch/interruption.js";
import { Journal, journalName } from "../grader/batch/journal.js";
import { LocalRunner } from "../grader/batch/local-runner.js";
import type { Runner } from "../grader/batch/runner.js";
import type { GradeOptions } from "../grader/grade.js";
import { Reader } from "../grader/reader.js";
import type { Tier } from "../grader/results.js";
import { ProgressBar } from "../plot/progress-bar.js";

interface BatchOptions {
  jobs: number;
  tier: Tier;
  /** Redis's URL, or undefined to grade here. */
  queue: string | undefined;
  /** The folder of the journal; without one there is none. */
  out: string | undefined;
  /** Forget the journal. */
  fresh: boolean | undefined;
}

/** Milliseconds after which it is shown how many submissions have been read. A small class is read before anyone could look. */
const readingShownAfter = 2000;

/** How `gradlab grade` grades many submissions: who does it, where results are kept, what is shown, and what Ctrl-C does. */
export class Batch {
  readonly #reader: Reader;
  readonly #runner: Runner;
  readonly #journal: Journal | undefined;
  readonly #forgetInterruption: () => void;
  readonly #startedAt = performance.now();
  /** When grading began; before that all is read. */
  #gradingSince: number | undefined;
  #progress: ProgressBar | undefined;

  private constructor(reader: Reader, runner: Runner, journal: Journal | undefined) {
    this.#reader = reader;
    this.#runner = runner;
    this.#journal = journal;
    this.#forgetInterruption = onInterruption(() => this.#leave());
  }

  static async open(course: Course, { jobs, tier, queue, out, fresh }: BatchOptions): Promise<Batch> {
    const journal =
      out === undefined ? undefined : new Journal(join(out, journalName), { fresh: fresh ?? false });
    const damaged = journal?.damagedLines ?? 0;
    if (damaged > 0)
      console.error(`gradlab: ${journal?.file}: ${damaged} damaged lines are left out and graded again`);
    try {
      const reader = new Reader();
      return new Batch(reader, await startRunner(course, reader, { jobs, tier, queue, fresh }), journal);
    } catch (error) {
      journal?.close();
      throw error;
    }
  }

  get options(): Pick<
    GradeOptions,
    "reader" | "runner" | "journal" | "onRead" | "onKnown" | "onProgress" | "onAdvice"
  > {
    return {
      reader: this.#reader,
      runner: this.#runner,
      ...(this.#journal && { journal: this.#journal }),
      onRead: (done, total) => {
        if (performance.now() - this.#startedAt > readingShownAfter) this.#bar("read", total).update(done);
      },
      onKnown: (known, total) =>
        console.error(
          `gradlab: ${known} of ${total} have a result in ${this.#journal?.file} (--fresh grades them again)`,
        ),
      onProgress: (done, total) => {
        this.#gradingSince ??= performance.now();
        const rate = done / ((performance.now() - this.#gradingSince) / 1000);
        this.#bar("graded", total).update(done, done > 0 ? { "per second": rate } : {});
      },
      onAdvice: (done, total) => this.#bar("types read", total).update(done),
    };
  }

  /** One bar at a time, for what is being done. */
  #bar(label: string, total: number): ProgressBar {
    if (this.#progress?.label === label) return this.#progress;
    this.#progress?.finish();
    return (this.#progress = new ProgressBar(label, total));
  }

  async #leave(): Promise<void> {
    this.#progress?.finish();
    const kept = this.#journal
      ? `what is graded is in ${this.#journal.file}: run the same command again to go on`
      : "with --out DIR the next run would go on from here";
    console.error(`gradlab: interrupted; ${kept}`);
    this.#journal?.close();
    await this.#runner.abandon?.();
  }

  async close(): Promise<void> {
    this.#progress?.finish();
    this.#forgetInterruption();
    this.#journal?.close();
    await this.#runner.close();
    this.#reader.close();
  }
}

/** BullMQ is loaded only where there is a queue. */
async function startRunner(
  course: Course,
  reader: Reader,
  { jobs, tier, queue, fresh = false }: Pick<BatchOptions, "jobs" | "tier" | "queue" | "fresh">,
): Promise<Runner> {
  if (queue === undefined) return new LocalRunner(course.root, reader, { workers: jobs, tier });
  const { QueueRunner } = await import("../grader/batch/queue-runner.js");
  return QueueRunner.connect(queue, { course, tier, fresh });
}

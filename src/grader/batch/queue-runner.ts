import { setTimeout as sleep } from "node:timers/promises";
import type { Course } from "../../course/course.js";
import { messageOf, UserError } from "../../errors.js";
import type { Job, Verdict } from "../judge.js";
import { printable } from "../printable.js";
import type { Tier } from "../results.js";
import { CourseTerms } from "./key.js";
import { toPayload } from "./payload.js";
import { connectRedis, type Connection } from "./redis.js";
import { chunksOf, ResultStore } from "./result-store.js";
import type { Item, Runner } from "./runner.js";
import { SubmissionQueue } from "./submission-queue.js";

/** Milliseconds between two looks at the queue. */
const pollInterval = 300;
/** After so many milliseconds without a worker, someone should know. */
const workerPatience = 10_000;
/** Milliseconds that leaving may take. */
const leavingPatience = 3000;

export interface QueueRunnerOptions {
  course: Course;
  tier: Tier;
  /** Do not take results that are still in Redis from an earlier run. */
  fresh: boolean;
}

/**
 * Has submissions graded by the workers of a queue. It looks at Redis again and again instead of listening: an event can be lost, and a
 * job too, when Redis dies; what is neither there nor done is handed in again.
 */
export class QueueRunner implements Runner {
  readonly #connection: Connection;
  readonly #options: QueueRunnerOptions;
  readonly #terms: CourseTerms;
  readonly #queue: SubmissionQueue;
  readonly #results: ResultStore;
  readonly #pending = new Map<string, Item>();
  readonly #told = new Set<string>();
  #workerSeenAt = performance.now();
  #isClosed = false;

  private constructor(connection: Connection, options: QueueRunnerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#terms = new CourseTerms(options.course.root);
    this.#queue = new SubmissionQueue(connection.redis);
    this.#results = new ResultStore(connection.redis);
  }

  /** @throws UserError if there is no Redis at the URL */
  static async connect(url: string, options: QueueRunnerOptions): Promise<QueueRunner> {
    return new QueueRunner(await connectRedis(url), options);
  }

  async run(items: readonly Item[], onVerdict: (item: Item, verdict: Verdict) => void): Promise<void> {
    const keys = items.map(({ key }) => key);
    for (const item of items) this.#pending.set(item.key, item);
    const finish = (item: Item, verdict: Verdict) => {
      this.#pending.delete(item.key);
      onVerdict(item, verdict);
    };
    try {
      await this.#forgetFailures(keys);
      if (this.#options.fresh) await this.#results.remove(keys);
      while (this.#pending.size > 0 && !this.#isClosed) {
        await this.#collect(finish);
        await this.#tend(finish);
        await this.#lookForWorkers();
        if (this.#pending.size > 0) await sleep(pollInterval);
      }
      await this.#tidyUp(keys);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** What failed in an earlier run gets another chance. */
  async #forgetFailures(keys: readonly string[]): Promise<void> {
    for (const chunk of chunksOf(keys)) {
      const states = await this.#queue.states(chunk);
      await this.#queue.remove(chunk.filter((_, i) => states[i].state === "failed"));
    }
  }

  async #collect(finish: (item: Item, verdict: Verdict) => void): Promise<void> {
    const found = await this.#results.get([...this.#pending.keys()]);
    for (const [key, verdict] of found) finish(this.#pending.get(key)!, verdict);
  }

  /** Hands in what is not in the queue, and gives up what the workers have given up. */
  async #tend(finish: (item: Item, verdict: Verdict) => void): Promise<void> {
    for (const items of chunksOf([...this.#pending.values()])) {
      const states = await this.#queue.states(items.map(({ key }) => key));
      const missing: Item[] = [];
      for (const [i, state] of states.entries()) {
        if (state.state === "missing") missing.push(items[i]);
        else if (state.state === "failed") finish(items[i], ungraded(items[i].job, state.reason));
        else if (state.trouble !== undefined) this.#tell(state.trouble);
      }
      await this.#queue.add(
        missing.map((item) => toPayload(item, this.#terms.of(item.job.files), this.#options.tier)),
      );
    }
  }

  async #lookForWorkers(): Promise<void> {
    if (performance.now() - this.#workerSeenAt < workerPatience) return;
    if ((await this.#queue.workerCount()) === 0)
      this.#tell(
        `no worker is connected to ${this.#connection.shownUrl}: start one with gradlab worker --queue URL`,
      );
    this.#workerSeenAt = performance.now();
  }

  #tell(message: string): void {
    if (!this.#told.has(message)) console.error(`gradlab: ${printable(message)}`);
    this.#told.add(message);
  }

  /** Students' work stays in Redis no longer than it is needed. */
  async #tidyUp(keys: readonly string[]): Promise<void> {
    const conflicts = await this.#results.conflicts(keys);
    console.error(`gradlab: ${keys.length} results from the queue, ${conflicts.length} conflicts`);
    for (const key of conflicts)
      console.error(`gradlab: graded twice with different scores, the first counts: ${key}`);
    await this.#queue.remove(keys);
    await this.#results.remove(keys);
  }

  #explain(error: unknown): unknown {
    const isReply = error instanceof Error && error.name === "ReplyError";
    return isReply ? new UserError(`${this.#connection.shownUrl}: ${printable(messageOf(error))}`) : error;
  }

  async abandon(): Promise<void> {
    this.#isClosed = true;
    const keys = [...this.#pending.keys()];
    const removed = this.#queue.remove(keys).then(() => true);
    const isRemoved = await Promise.race([removed, sleep(leavingPatience, false)]);
    console.error(
      isRemoved
        ? `gradlab: ${keys.length} submissions were taken from the queue, except those that workers have begun`
        : `gradlab: ${this.#connection.shownUrl} does not answer; what is in the queue is forgotten after a day`,
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connection.redis.disconnect();
    await this.#queue.close();
  }
}

/** What can be said of a submission that no worker could grade. */
function ungraded({ manifest, exercise }: Job, message: string): Verdict {
  const exercises = manifest.cells.flatMap((cell) => {
    if (cell.kind !== "exercise" || (exercise !== undefined && cell.name !== exercise)) return [];
    const { name, points } = cell;
    return [{ name, points, score: 0, outcome: "infrastructure" as const, message, tests: [] }];
  });
  return { exercises, durationMs: 0 };
}

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { UnrecoverableError, Worker } from "bullmq";
import type { Course } from "../../course/course.js";
import { messageOf, UserError } from "../../errors.js";
import { isInfrastructure, type Verdict } from "../judge.js";
import { printable } from "../printable.js";
import { Reader } from "../reader.js";
import type { Tier } from "../results.js";
import { LocalRunner } from "./local-runner.js";
import { CourseTerms } from "./key.js";
import { filesOf, jobOf, parsePayload, type Payload } from "./payload.js";
import { connectRedis, type Connection } from "./redis.js";
import { ResultStore, secondsToLive } from "./result-store.js";
import { queueName, queuePrefix, SubmissionQueue } from "./submission-queue.js";

/** Milliseconds after which the job of a worker that was killed goes to another one, about. */
const lockDuration = 10_000;
const stalledInterval = 5000;
/** So many workers may die with a job before it is given up. */
const maxStalledCount = 10;
/** Seconds that a worker which is to stop waits for Redis. */
const outagePatience = 5;
/** Milliseconds that a worker which has refused a job leaves the others alone with the queue. */
const refusalPause = 10_000;

export interface QueueWorkerOptions {
  course: Course;
  /** Submissions tested at a time. */
  jobs: number;
  tier: Tier;
}

/** Grades submissions from a queue, with the tests of its own course: only those that were handed in for the very same tests. */
export class QueueWorker {
  readonly #id = `${hostname()} ${process.pid} ${randomUUID()}`;
  readonly #options: QueueWorkerOptions;
  readonly #connection: Connection;
  readonly #terms: CourseTerms;
  readonly #reader = new Reader();
  readonly #pool: LocalRunner;
  readonly #queue: SubmissionQueue;
  readonly #results: ResultStore;
  readonly #worker: Worker<Payload>;
  #pause: NodeJS.Timeout | undefined;
  graded = 0;

  private constructor(connection: Connection, options: QueueWorkerOptions) {
    const { course, jobs, tier } = options;
    this.#options = options;
    this.#connection = connection;
    this.#terms = new CourseTerms(course.root);
    this.#pool = new LocalRunner(course.root, this.#reader, { workers: jobs, tier });
    this.#queue = new SubmissionQueue(connection.redis);
    this.#results = new ResultStore(connection.redis);
    this.#worker = new Worker<Payload>(queueName, ({ data }) => this.#grade(data), {
      connection: connection.redis,
      prefix: queuePrefix,
      autorun: false,
      // The next ones are at hand when a judge is free.
      concurrency: 2 * jobs,
      lockDuration,
      stalledInterval,
      maxStalledCount,
      removeOnFail: { age: secondsToLive },
    });
    // The connection's own listener tells of outages.
    this.#worker.on("error", () => {});
  }

  /** @throws UserError if there is no Redis at the URL */
  static async connect(url: string, options: QueueWorkerOptions): Promise<QueueWorker> {
    const worker = new QueueWorker(await connectRedis(url), options);
    await worker.#worker.waitUntilReady();
    return worker;
  }

  /** Begins to take submissions. */
  start(): void {
    this.#worker.run().catch((error) => console.error(`gradlab: ${printable(messageOf(error))}`));
  }

  get shownUrl(): string {
    return this.#connection.shownUrl;
  }

  async #grade(data: unknown): Promise<void> {
    const payload = giveUpOnUserError(() => parsePayload(data));
    const refusal = this.#whyNot(payload);
    if (refusal !== undefined) return this.#refuse(payload, refusal);
    const job = giveUpOnUserError(() => jobOf(this.#options.course, payload));
    const { key } = payload;
    // From a worker that died after it had graded, or from another run.
    if ((await this.#results.get([key])).has(key)) return;
    const verdict = await this.#pool.grade(job);
    if (isInfrastructure(verdict)) throw new Error(troubleOf(verdict));
    await this.#results.setIfAbsent(key, verdict);
    this.graded++;
  }

  /** Why this worker must not grade a submission; undefined if it may. */
  #whyNot({ lesson, terms: asked, tier: askedTier }: Payload): string | undefined {
    const { course, tier } = this.#options;
    let own;
    try {
      own = this.#terms.of(filesOf(course, lesson));
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
    if (own.graderVersion !== asked.graderVersion)
      return `this worker is gradlab ${own.graderVersion}, the submission is to be graded by ${asked.graderVersion}`;
    if (own.testsHash !== asked.testsHash)
      return `this worker's tests of ${lesson} are ${own.testsHash.slice(0, 12)}, the submission is to be graded by ${asked.testsHash.slice(0, 12)}: give the worker the same course`;
    if (tier !== askedTier)
      return `this worker isolates submissions by ${tier}, the submission is to be graded in ${askedTier}: see --sandbox`;
    return undefined;
  }

  /** Puts a job back. If others may take it, it leaves them the time; otherwise the job had better fail soon. */
  async #refuse({ terms, tier }: Payload, reason: string): Promise<never> {
    const message = `refused by ${hostname()}: ${reason}`;
    console.error(`gradlab: ${printable(message)}`);
    const refusers = `gradlab:refusers:${terms.testsHash}:${terms.graderVersion}:${tier}`;
    const { redis } = this.#connection;
    await redis.multi().sadd(refusers, this.#id).expire(refusers, 60).exec();
    if ((await redis.scard(refusers)) < (await this.#queue.workerCount())) await this.#leaveToOthers();
    throw new Error(message);
  }

  async #leaveToOthers(): Promise<void> {
    if (this.#pause) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      void this.#worker.resume();
    }, refusalPause);
    await this.#worker.pause(true);
  }

  /** Finishes what it has begun and takes nothing more. Where Redis is away, others will do it. */
  async close(): Promise<void> {
    clearTimeout(this.#pause);
    const finished = new AbortController();
    await Promise.race([this.#finish().finally(() => finished.abort()), this.#isAway(finished.signal)]);
    this.#connection.redis.disconnect();
  }

  async #finish(): Promise<void> {
    await this.#worker.close();
    await this.#pool.close();
    this.#reader.close();
    await this.#queue.close();
  }

  /** Resolves when there has been no connection for a while. */
  async #isAway(signal: AbortSignal): Promise<void> {
    for (let seconds = 0; seconds < outagePatience && !signal.aborted;) {
      await sleep(1000);
      seconds = this.#connection.redis.status === "ready" ? 0 : seconds + 1;
    }
  }
}

/** What is wrong with the job itself will not be better the next time. */
function giveUpOnUserError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof UserError ? new UnrecoverableError(messageOf(error)) : error;
  }
}

function troubleOf({ exercises }: Verdict): string {
  return exercises.find(({ outcome }) => outcome === "infrastructure")?.message ?? "";
}

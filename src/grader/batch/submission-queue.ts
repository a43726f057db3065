import { Queue, type JobsOptions } from "bullmq";
import type { Redis } from "ioredis";
import type { Payload } from "./payload.js";
import { secondsToLive } from "./result-store.js";

/** The queue's name and prefix in Redis, for both ends. */
export const queueName = "submissions";
export const queuePrefix = "gradlab";

const jobOptions: JobsOptions = {
  // Infrastructure failures and refusals; a worker that dies costs none of these.
  attempts: 5,
  backoff: { type: "exponential", delay: 1000 },
  removeOnComplete: true,
  removeOnFail: { age: secondsToLive },
};

/** Where a job is in its life. */
export type JobState =
  | { state: "missing" }
  /** Waiting, under way or to be tried again; `trouble` is what went wrong the last time. */
  | { state: "open"; trouble?: string }
  | { state: "failed"; reason: string };

/** The queue of submissions in BullMQ, in the terms of whoever hands them in. A job's id is the key of its content. */
export class SubmissionQueue {
  readonly #queue: Queue<Payload>;
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#queue = new Queue(queueName, { connection: redis, prefix: queuePrefix });
    // The connection's own listener tells of outages.
    this.#queue.on("error", () => {});
  }

  /** Adds jobs that are not in the queue already. Redis forgets them after a day, whoever is gone by then. */
  async add(payloads: readonly Payload[]): Promise<void> {
    await this.#queue.addBulk(
      payloads.map((data) => ({ name: data.lesson, data, opts: { ...jobOptions, jobId: data.key } })),
    );
    const expiry = this.#redis.pipeline();
    for (const { key } of payloads) expiry.expire(this.#queue.toKey(key), secondsToLive);
    await expiry.exec();
  }

  async states(keys: readonly string[]): Promise<JobState[]> {
    const asked = this.#redis.pipeline();
    for (const key of keys) asked.hmget(this.#queue.toKey(key), "timestamp", "finishedOn", "failedReason");
    const answers = (await asked.exec()) ?? [];
    return answers.map(([error, fields]) => {
      if (error) throw error;
      const [timestamp, finishedOn, reason] = fields as (string | null)[];
      if (timestamp === null) return { state: "missing" };
      if (finishedOn !== null && reason !== null) return { state: "failed", reason };
      return { state: "open", ...(reason !== null && { trouble: reason }) };
    });
  }

  /** Removes jobs that no worker has in its hands. */
  async remove(keys: readonly string[]): Promise<void> {
    await Promise.all(keys.map((key) => this.#queue.remove(key)));
  }

  workerCount(): Promise<number> {
    return this.#queue.getWorkersCount();
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

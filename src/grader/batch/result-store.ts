import type { Redis } from "ioredis";
import type { Verdict } from "../judge.js";
import { seal, unseal } from "./sealed.js";

/** Seconds after which Redis forgets what nobody has removed: students' work does not lie about. */
export const secondsToLive = 24 * 60 * 60;

/** Values asked for with one command. */
const chunkSize = 200;

const resultKey = (key: string) => `gradlab:result:${key}`;
const conflictKey = (key: string) => `gradlab:conflict:${key}`;

/** Verdicts in Redis by the keys of their content, whichever run asked for them. The first one counts. */
export class ResultStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async get(keys: readonly string[]): Promise<Map<string, Verdict>> {
    const found = new Map<string, Verdict>();
    for (const chunk of chunksOf(keys)) {
      const texts = await this.#redis.mget(chunk.map(resultKey));
      for (const [i, text] of texts.entries()) {
        const verdict = text === null ? undefined : (unseal(text) as Verdict | undefined);
        if (verdict) found.set(chunk[i], verdict);
      }
    }
    return found;
  }

  /** Keeps a verdict if there is none yet. Another one with another score is a conflict, and counted. */
  async setIfAbsent(key: string, verdict: Verdict): Promise<void> {
    const isFirst = await this.#redis.set(resultKey(key), seal(verdict), "EX", secondsToLive, "NX");
    if (isFirst) return;
    const first = (await this.get([key])).get(key);
    if (!first) await this.#redis.set(resultKey(key), seal(verdict), "EX", secondsToLive);
    else if (scoresOf(first) !== scoresOf(verdict))
      await this.#redis.multi().incr(conflictKey(key)).expire(conflictKey(key), secondsToLive).exec();
  }

  /** The keys of those that were graded more than once, with different scores. */
  async conflicts(keys: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const chunk of chunksOf(keys)) {
      const counts = await this.#redis.mget(chunk.map(conflictKey));
      found.push(...chunk.filter((_, i) => counts[i] !== null));
    }
    return found;
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const chunk of chunksOf(keys))
      await this.#redis.del(...chunk.map(resultKey), ...chunk.map(conflictKey));
  }
}

function scoresOf({ exercises }: Verdict): string {
  return JSON.stringify(exercises.map(({ name, score }) => [name, score]));
}

export function chunksOf<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / chunkSize);
  return Array.from({ length: count }, (_, i) => items.slice(i * chunkSize, (i + 1) * chunkSize));
}

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { TypedSource } from "../course/type-advice.js";
import { messageOf } from "../errors.js";
import { compiledFile } from "../package.js";

/** Milliseconds that the types of one submission may take, which is a hundred times what they do take. */
const patience = 5000;
const memoryMegabytes = 1024;

/**
 * Looks at the types of submissions, one after the other, in a thread of its own: types can be written that the compiler computes for hours, or
 * until there is no memory left.
 */
export class Advice {
  #thread: Promise<Worker> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #asking = new AbortController();
  #isClosed = false;

  /** What the compiler says, in lines; or why it says nothing. */
  on({ source, spans }: TypedSource): Promise<string[]> {
    const advice = this.#turn.then(() => (this.#isClosed ? [] : this.#ask({ source, spans })));
    this.#turn = advice;
    return advice;
  }

  async #ask(submission: TypedSource): Promise<string[]> {
    const asking = (this.#asking = new AbortController());
    let timer: NodeJS.Timeout | undefined;
    try {
      const thread = await (this.#thread ??= start());
      timer = setTimeout(() => asking.abort(), patience);
      thread.postMessage(submission);
      const [advice] = (await once(thread, "message", { signal: asking.signal })) as [string[]];
      return advice;
    } catch (error) {
      await this.#end();
      return [`types: not looked at, as ${reasonOf(error as Error)} (costs no points)`];
    } finally {
      clearTimeout(timer);
    }
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await (await thread?.catch(() => undefined))?.terminate();
  }

  /** What is under way is given up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#asking.abort();
    await this.#end();
  }
}

async function start(): Promise<Worker> {
  const thread = new Worker(compiledFile("grader/advice-thread.js"), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
  });
  // That it is ready.
  await once(thread, "message");
  // Whoever waits for an answer is told; nobody waits for one that comes too late.
  thread.on("error", () => {});
  return thread;
}

function reasonOf(error: Error & { code?: string }): string {
  if (error.name === "AbortError") return `that took more than ${patience / 1000} s`;
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY") return `that took more than ${memoryMegabytes} MB`;
  return `the compiler gave up: ${messageOf(error)}`;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { VerifiedMessage } from "./wire.js";

/** For how long, in milliseconds, no request has come when all that were sent at once are taken to be there. */
const quietTime = 20;

/** For how long, in milliseconds, that is waited for at most. */
const abortPatience = 1000;

interface Queued {
  message: VerifiedMessage;
  aborted: boolean;
}

/** The requests of the shell channel, handled one at a time and in order. */
export class RequestQueue {
  readonly #waiting: Queued[] = [];
  readonly #handle: (message: VerifiedMessage, aborted: boolean) => Promise<void>;
  readonly #onEmpty: () => void;
  #draining = false;

  /** `onEmpty` is called each time that all have been handled. */
  constructor(handle: (message: VerifiedMessage, aborted: boolean) => Promise<void>, onEmpty: () => void) {
    this.#handle = handle;
    this.#onEmpty = onEmpty;
  }

  get isIdle(): boolean {
    return !this.#draining;
  }

  push(message: VerifiedMessage): void {
    this.#waiting.push({ message, aborted: false });
    if (!this.#draining) void this.#drain();
  }

  /**
   * Marks the execute requests that wait as aborted, once no more of them come: a client that runs all cells at once sends them one by
   * one, and the first may have failed before the last has arrived.
   */
  async abortExecutes(): Promise<void> {
    const patience = Date.now() + abortPatience;
    let seen: number;
    do {
      seen = this.#waiting.length;
      await sleep(quietTime);
    } while (seen !== this.#waiting.length && Date.now() < patience);
    for (const queued of this.#waiting)
      queued.aborted ||= queued.message.header.msg_type === "execute_request";
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift())
      await this.#handle(next.message, next.aborted);
    this.#draining = false;
    this.#onEmpty();
  }
}

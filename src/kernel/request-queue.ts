import { setImmediate as nextTurn } from "node:timers/promises";
import type { VerifiedMessage } from "./wire.js";

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

  /** Marks the execute requests that have been received by now as aborted. */
  async abortExecutes(): Promise<void> {
    let seen: number;
    do {
      seen = this.#waiting.length;
      await nextTurn();
    } while (seen !== this.#waiting.length);
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

import type { StreamName } from "./messages.js";

/** How long text may wait for more, in milliseconds, and how many characters make it go at once. */
const delay = 20;
const limit = 64 * 1024;

/**
 * Joins the many small writes of a cell into few `stream` messages, without changing their order.
 * `C` identifies the cell; `flush` must be called before anything else is shown.
 */
export class StreamBuffer<C> {
  readonly #publish: (cell: C, name: StreamName, text: string) => void;
  #waiting: { cell: C; name: StreamName; text: string } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (cell: C, name: StreamName, text: string) => void) {
    this.#publish = publish;
  }

  write(cell: C, name: StreamName, text: string): void {
    if (this.#waiting && (this.#waiting.cell !== cell || this.#waiting.name !== name)) this.flush();
    if (this.#waiting) this.#waiting.text += text;
    else this.#waiting = { cell, name, text };
    if (this.#waiting.text.length > limit) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), delay);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) this.#publish(waiting.cell, waiting.name, waiting.text);
  }
}

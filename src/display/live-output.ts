import type { MimeBundle } from "./mime.js";
import { notebookSession } from "./session.js";

/**
 * One output that changes while code runs. In a notebook it is displayed once and then updated in place; elsewhere
 * each state is printed. States that come faster than every `interval` milliseconds are skipped, but never the last.
 */
export class LiveOutput {
  readonly #render: () => MimeBundle;
  readonly #print: () => void;
  readonly #interval: number;
  readonly #displayId = `gradlab-${crypto.randomUUID()}`;
  #isDisplayed = false;
  #shownAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** `render` makes the present state for a notebook, `print` writes it where there is none. */
  constructor(render: () => MimeBundle, print: () => void, interval: number) {
    this.#render = render;
    this.#print = print;
    this.#interval = interval;
  }

  /** The state has changed: shows it now, or as soon as the interval is over, together with what comes until then. */
  changed(): void {
    const wait = this.#shownAt + this.#interval - performance.now();
    if (wait <= 0) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), wait);
  }

  /** Shows a state that still waits. A loop that never pauses gives timers no chance: call this after it. */
  flush(): void {
    if (this.#timer) this.#show();
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const session = notebookSession();
    if (session) {
      session.display(this.#render(), { displayId: this.#displayId, update: this.#isDisplayed });
      this.#isDisplayed = true;
    } else this.#print();
    this.#shownAt = performance.now();
  }
}

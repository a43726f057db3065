import { createRequire } from "node:module";
import type * as terminal from "cli-progress";
import { escapeHtml, type MimeBundle } from "../display/mime.js";
import { LiveOutput } from "../display/live-output.js";
import { notebookSession } from "../display/session.js";

/** How often a {@link ProgressBar} is updated. */
export interface ProgressBarOptions {
  /** Milliseconds between two updates; 200 unless told, 2000 where lines are printed. */
  interval?: number;
}

/**
 * How far a loop is, with the time it will still take and some numbers: a bar below the notebook cell, a bar on a
 * terminal (on stderr), and a line now and then elsewhere.
 *
 * @throws RangeError if `total` is not a whole number from 1.
 * @example
 * const bar = new ProgressBar("training", 200);
 * bar.update(50, { loss: 0.04 });
 * bar.toString().startsWith("training 50/200 · loss 0.04") // true
 */
export class ProgressBar {
  /** What is being done. */
  readonly label: string;
  /** How many steps there are. */
  readonly total: number;
  readonly #output: LiveOutput;
  readonly #startedAt = performance.now();
  #terminal: terminal.SingleBar | undefined;
  #done = 0;
  #values: Readonly<Record<string, number>> = {};

  constructor(label: string, total: number, options: ProgressBarOptions = {}) {
    if (!Number.isInteger(total) || total < 1) {
      throw new RangeError(`ProgressBar: total is ${total}. Expected a whole number from 1.`);
    }
    this.label = label;
    this.total = total;
    const bars = notebookSession() !== undefined || process.stderr.isTTY;
    this.#output = new LiveOutput(
      () => this.#bundle(),
      () => this.#print(),
      options.interval ?? (bars ? 200 : 2000),
    );
  }

  /**
   * Says that `done` of `total` are through; `values` stand beside the bar.
   *
   * @throws RangeError if `done` is not between 0 and `total`.
   */
  update(done: number, values: Readonly<Record<string, number>> = {}): void {
    if (!(done >= 0 && done <= this.total)) {
      throw new RangeError(`ProgressBar: done is ${done}. Expected a number from 0 to ${this.total}.`);
    }
    this.#done = done;
    this.#values = values;
    this.#output.changed();
    if (done === this.total) this.finish();
  }

  /** Shows the last state and leaves the terminal's line; `update(total)` does so by itself. */
  finish(): void {
    this.#output.flush();
    this.#terminal?.stop();
    this.#terminal = undefined;
  }

  /** One line like `training 50/200 · loss 0.04 · 12 s left`. */
  toString(): string {
    return [`${this.label} ${this.#done}/${this.total}`, ...this.#details()].join(" · ");
  }

  #details(): string[] {
    const values = Object.entries(this.#values).map(
      ([name, value]) => `${name} ${Number(value.toPrecision(4))}`,
    );
    const seconds = (performance.now() - this.#startedAt) / 1000;
    if (this.#done === this.total) return [...values, `took ${duration(seconds)}`];
    if (this.#done === 0) return values;
    return [...values, `${duration((seconds / this.#done) * (this.total - this.#done))} left`];
  }

  #bundle(): MimeBundle {
    const bar = `<progress value="${this.#done}" max="${this.total}" aria-label="${escapeHtml(this.label)}"></progress>`;
    return { "text/html": `<div>${bar} ${escapeHtml(this.toString())}</div>`, "text/plain": this.toString() };
  }

  #print(): void {
    if (!process.stderr.isTTY) return console.error(this.toString());
    const details = { details: this.#details().join(" · ") };
    if (this.#terminal) return this.#terminal.update(this.#done, details);
    // loaded when the first bar is drawn on a terminal: most programs draw none
    const progress = createRequire(import.meta.url)("cli-progress") as typeof terminal;
    this.#terminal = new progress.SingleBar({
      format: `${this.label} {bar} {value}/{total} · {details}`,
      hideCursor: true,
    });
    this.#terminal.start(this.total, this.#done, details);
  }
}

/** `45 s`, `3 min 20 s`, `2 h 5 min` */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

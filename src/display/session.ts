import type { Comms } from "./comm.js";
import { isDisplayable, type MimeBundle } from "./mime.js";
import { toMimeBundle } from "./value.js";

/**
 * What the notebook's kernel offers to the code running in it. The kernel registers one under
 * `Symbol.for("gradlab.session")`; outside a kernel there is none. A global symbol, because the library
 * in a cell and the kernel under it may be loaded separately and must not import each other.
 */
export interface NotebookSession {
  /** Shows a bundle below the current cell; a `displayId` names the output, `update` replaces the one so named. */
  display(data: MimeBundle, options?: { displayId?: string; update?: boolean }): void;
  /** Removes what the current cell has shown, now or (`wait`) when it shows something new. */
  clearOutput(wait: boolean): void;
  /** Asks the person at the keyboard for a line; `null` is the end of the input. */
  readInput(prompt: string, password: boolean): Promise<string | null>;
  /** Lines to objects in the front end. */
  readonly comms: Comms;
  /** Sources of all cells executed so far, oldest first, whether they succeeded or not. */
  executedCells(): readonly string[];
}

export const sessionSymbol: unique symbol = Symbol.for("gradlab.session") as never;

/** The kernel session this code runs in, or undefined outside a notebook. */
export function notebookSession(): NotebookSession | undefined {
  return (globalThis as { [sessionSymbol]?: NotebookSession })[sessionSymbol];
}

/**
 * Shows a value below the current notebook cell, as if it were the cell's last expression.
 * Outside a notebook its plain-text form is printed.
 */
export async function display(value: unknown): Promise<void> {
  const session = notebookSession();
  if (session) session.display(await toMimeBundle(value));
  else console.log(isDisplayable(value) ? (await toMimeBundle(value))["text/plain"] : value);
}

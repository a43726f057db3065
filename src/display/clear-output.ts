import { notebookSession } from "./session.js";

/**
 * Removes what the current cell has shown so far; with `wait` only when something new comes, so that nothing flickers.
 * Outside a notebook it does nothing.
 */
export function clearOutput({ wait = false }: { wait?: boolean } = {}): void {
  notebookSession()?.clearOutput(wait);
}

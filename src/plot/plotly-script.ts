import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { notebookSession } from "../display/session.js";

/** The execution that carried the script into the notebook: the cell's source, and its number in the session. */
interface Carrier {
  source: string | undefined;
  execution: number;
}

const carriers = new WeakMap<object, Carrier>();

/**
 * The plotting library as HTML, for the first figure of a notebook session, and nothing for the later ones:
 * one copy of 1.4 MB per notebook serves them all. The cell that carries it carries it again when it is run
 * again, because its new output replaces the old one. Outside a notebook every figure stands alone.
 */
export function plotlyScriptForSession(): string {
  const session = notebookSession();
  if (!session) return plotlyScript();
  const cells = session.executedCells();
  const current: Carrier = { source: cells.at(-1), execution: cells.length };
  const carrier = carriers.get(session);
  const runAgain = carrier?.source === current.source && carrier?.execution !== current.execution;
  if (carrier && !runAgain) return "";
  carriers.set(session, current);
  return plotlyScript();
}

let cached: string | undefined;

/**
 * plotly.js in a script element, read from node_modules at first use. `module`, `exports` and `define` are
 * hidden from it, because in pages with RequireJS (the classic notebook) it must become `window.Plotly` all
 * the same.
 */
export function plotlyScript(): string {
  cached ??= wrap(
    readFileSync(createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min"), "utf8"),
  );
  return cached;
}

function wrap(source: string): string {
  const body = escapeScript(source);
  return `<script>if (!window.Plotly) (function (module, exports, define) {\n${body}\n}).call(window);</script>\n`;
}

/** Keeps a script from ending its element early, and from line separators that old parsers reject. */
function escapeScript(source: string): string {
  return source
    .replace(/<\/(?=script)/gi, "<\\/")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

import { inspect } from "node:util";
import type { CellDiagnostic } from "./diagnostics.js";
import type { ErrorContent } from "./messages.js";
import type { Position } from "./source-maps.js";
import type { StackTraces } from "./stack-traces.js";

/** Whatever a cell threw, as a Jupyter `error`: the error as Node prints it, and the line of the cell it came from. */
export function reportThrown(error: unknown, traces: StackTraces): ErrorContent {
  if (isInterrupt(error)) return interrupted;
  if (!(error instanceof Error)) {
    const evalue = typeof error === "string" ? error : safely(() => inspect(error));
    return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`] };
  }
  const arrow = removeArrow(error);
  const place = traces.innermost(error) ?? (arrow && traces.placeOf(arrow.url, arrow));
  const ename = safely(() => String(error.name)) || "Error";
  const evalue = safely(() => String(error.message));
  // Node puts an error without frames between brackets.
  const text = safely(() => inspect(error), `${ename}: ${evalue}`).replace(/^\[([^]*?)\](?=$| \{)/, "$1");
  const traceback = text.split("\n");
  if (place) traceback.push("", place.script.name, ...excerpt(place.script.source, place.position));
  return { ename, evalue, traceback };
}

/** Type errors as a Jupyter `error`, each with its place, the line, and the compiler's reasons. */
export function reportDiagnostics(diagnostics: readonly CellDiagnostic[], cell: string): ErrorContent {
  const told = diagnostics.slice(0, diagnosticsShown).map((diagnostic) => {
    const { file, source, line, column, width, code, message, reasons } = diagnostic;
    return [
      `${file ?? cell}, line ${line}: ${message} ts(${code})`,
      ...reasons,
      ...excerpt(source, { line, column }, width),
    ].join("\n");
  });
  const more = diagnostics.length - told.length;
  if (more > 0) told.push(`… and ${more} more`);
  const { file, line, column, message } = diagnostics[0];
  const evalue = `${file === undefined ? "" : `${file} `}${line}:${column} - ${message}`;
  return { ename: "TypeScriptError", evalue, traceback: told.join("\n\n").split("\n") };
}

/** One mistake can have many consequences, of which the first few help. */
const diagnosticsShown = 10;

/**
 * Takes off what Node's vm puts before the stack of an error that leaves a script: the place in the emitted JavaScript,
 * its line, and an arrow. If V8 refused the script, nothing else tells the place.
 */
function removeArrow(error: Error): ({ url: string } & Position) | undefined {
  const stack = safely(() => String(error.stack), "");
  if (stack.startsWith(safely(() => `${error.name}: ${error.message}`))) return undefined;
  const arrow = /^(\S.*):(\d+)\n.*\n([ \t]*)\^*\s*\n(?=\S)/.exec(stack);
  if (!arrow) return undefined;
  const [whole, url, line, indent] = arrow;
  error.stack = stack.slice(whole.length);
  return { url, line: Number(line), column: indent.length + 1 };
}

/** An interrupted cell. */
export const interrupted: ErrorContent = {
  ename: "KeyboardInterrupt",
  evalue: "the cell was interrupted; variables keep the values they had",
  traceback: ["KeyboardInterrupt: the cell was interrupted; variables keep the values they had"],
};

/** Node's error for a child process ended by SIGINT, and tslab's for an await that was given up. */
function isInterrupt(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    (error as { signal?: unknown }).signal === "SIGINT" ||
    safely(() => error.message) === "Interrupted asynchronously"
  );
}

/** The line of a position between its neighbours, marked. */
function excerpt(source: string, { line, column }: Position, width = 1): string[] {
  const lines = source.split("\n");
  const first = Math.max(1, line - 2);
  const last = Math.min(lines.length, line + 2);
  const digits = String(last).length;
  const result: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1];
    result.push(`${number === line ? ">" : " "} ${String(number).padStart(digits)} | ${text}`.trimEnd());
    // Tabs are kept, so that the caret stands below its character however wide they are shown.
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    if (number === line) result.push(`  ${" ".repeat(digits)} | ${indent}${"^".repeat(Math.max(1, width))}`);
  }
  return result;
}

/** User objects may throw from anything, their `name` and their inspection included. */
function safely(print: () => string, fallback = "(cannot be printed)"): string {
  try {
    return print();
  } catch {
    return fallback;
  }
}

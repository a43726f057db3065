import { inspect } from "node:util";
import type { Diagnostic } from "tslab/dist/converter.js";
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
  const place = traces.innermost(error);
  removeArrow(error);
  const ename = safely(() => String(error.name)) || "Error";
  const evalue = safely(() => String(error.message));
  const traceback = safely(() => inspect(error), `${ename}: ${evalue}`).split("\n");
  if (place) traceback.push("", place.script.name, ...excerpt(place.script.source, place.position));
  return { ename, evalue, traceback };
}

/**
 * Type errors as a Jupyter `error`. The compiler explains an error in several messages for one place; the first is the
 * error and the others are its reasons.
 */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  cell: string,
  code: string,
): ErrorContent {
  const traceback: string[] = [];
  let previous: Diagnostic | undefined;
  for (const diagnostic of diagnostics) {
    const { start, end, fileName, messageText } = diagnostic;
    if (previous?.start.offset === start.offset && previous.end.offset === end.offset) {
      traceback.push(`  ${messageText}`);
    } else {
      if (previous) traceback.push(...shown(previous, code), "");
      traceback.push(`${fileName ?? cell}, line ${start.line + 1}: ${messageText} ts(${diagnostic.code})`);
    }
    previous = diagnostic;
  }
  if (previous) traceback.push(...shown(previous, code));
  const { start, messageText } = diagnostics[0];
  const evalue = `${start.line + 1}:${start.character + 1} - ${messageText}`;
  return { ename: "TypeScriptError", evalue, traceback };
}

/** Takes off what Node's vm puts before the stack of an error that leaves a script: a line of emitted JavaScript. */
function removeArrow(error: Error): void {
  if (error.stack) error.stack = error.stack.replace(/^\S.*:\d+\n.*\n\s*\^+\n+/, "");
}

/** An interrupted cell. */
export const interrupted: ErrorContent = {
  ename: "KeyboardInterrupt",
  evalue: "the cell was interrupted; variables keep the values they had",
  traceback: ["KeyboardInterrupt: the cell was interrupted; variables keep the values they had"],
};

/** Node's errors for a script and for a child process ended by SIGINT, and tslab's for an await that was given up. */
function isInterrupt(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    (error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    (error as { signal?: unknown }).signal === "SIGINT" ||
    safely(() => error.message) === "Interrupted asynchronously"
  );
}

function shown({ start, end, fileName }: Diagnostic, code: string): string[] {
  if (fileName !== undefined) return [];
  const width = start.line === end.line ? end.character - start.character : 1;
  return excerpt(code, { line: start.line + 1, column: start.character + 1 }, width);
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

import { relative } from "node:path";
import type * as Typescript from "@tslab/typescript-for-tslab";
import type { Diagnostic as TslabDiagnostic } from "tslab/dist/converter.js";

/** What the compiler has against a cell or a file that it imports. */
export interface CellDiagnostic {
  /** The file's path as seen from the notebook; undefined for the cell itself. */
  file: string | undefined;
  source: string;
  /** Counted from 1. */
  line: number;
  column: number;
  /** The number of characters to mark, on that line. */
  width: number;
  code: number;
  message: string;
  /** Why, from the next to the last reason, each indented by its depth. */
  reasons: readonly string[];
}

/** What surrounds the compiler's text of a cell. */
export interface CellFrame {
  fileName: string;
  /** The line before the cell. */
  prefix: string;
  code: string;
}

/**
 * The compiler's diagnostics, of which `reported` are those that tslab means to report. (It leaves out that a cell
 * awaits, and splits an explanation into diagnostics of which only the first names its file.)
 */
export function cellDiagnostics(
  all: readonly Typescript.Diagnostic[],
  reported: readonly TslabDiagnostic[],
  { fileName, prefix, code }: CellFrame,
  cwd: string,
): CellDiagnostic[] {
  const meant = new Set(reported.map((diagnostic) => `${diagnostic.start.offset} ${diagnostic.code}`));
  const result: CellDiagnostic[] = [];
  for (const { file, start = 0, length = 1, messageText, code: number } of all) {
    if (!file) continue;
    const isCell = file.fileName === fileName;
    // The modules that cells define have the line before them, too.
    const before = file.text.startsWith(prefix) ? prefix.length : 0;
    const offset = start - before;
    if (!meant.has(`${offset} ${number}`) && !meant.has(`${start} ${number}`)) continue;
    const source = isCell ? code : file.text.slice(before);
    // What tslab puts behind the cell repeats what is wrong in it.
    if (isCell && offset > code.length) continue;
    const lines = source.slice(0, Math.max(0, offset)).split("\n");
    const column = lines.at(-1)!.length + 1;
    const lineLength = source.split("\n")[lines.length - 1].length;
    result.push({
      file: isCell ? undefined : relative(cwd, file.fileName),
      source,
      line: lines.length,
      column,
      width: Math.max(1, Math.min(length, lineLength - column + 1)),
      code: number,
      message: hints[number] ?? (typeof messageText === "string" ? messageText : messageText.messageText),
      reasons: typeof messageText === "string" ? [] : reasonsOf(messageText.next ?? []),
    });
  }
  return result;
}

/** The compiler speaks of its settings, which are ours, where the reader needs to know what to do. */
const hints: Record<number, string | undefined> = {
  6059: "A cell can import files from the folder of its notebook and from below it, not from above.",
};

function reasonsOf(chain: readonly Typescript.DiagnosticMessageChain[], depth = 1): string[] {
  return chain.flatMap(({ messageText, next = [] }) => [
    "  ".repeat(depth) + messageText,
    ...reasonsOf(next, depth + 1),
  ]);
}

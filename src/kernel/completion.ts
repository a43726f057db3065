import type * as Typescript from "@tslab/typescript-for-tslab";
import type { CompletionView } from "./compiler-hooks.js";

type TS = typeof Typescript;
type Entry = Typescript.CompletionEntry & { symbol?: Typescript.Symbol };

/** What a cursor may be continued with, best first; offsets in UTF-16 units of the cell. */
export interface Completion {
  start: number;
  end: number;
  matches: readonly CompletionMatch[];
}

export interface CompletionMatch {
  text: string;
  /** A word of ipykernel's, by which front ends choose an icon. */
  type: string;
  /** Parameters and result of a function, `(x: number): string`, if few are offered; or "". */
  signature: string;
}

/** The compiler's offers for a cell, where `prefixLength` characters stand before it. */
export function completionOf(
  ts: TS,
  { file, checker, position, info }: CompletionView,
  prefixLength: number,
): Completion {
  const entries: readonly Entry[] = info?.entries ?? [];
  const { start, end } = replacedSpan(file.text, position, info);
  const typed = file.text.slice(start, position);
  const place = { start: start - prefixLength, end: Math.min(end, file.text.length) - prefixLength };
  const own = ({ symbol }: Entry) =>
    symbol?.declarations?.some((declaration) => {
      const source = declaration.getSourceFile();
      // tslab makes the declarations of earlier cells the parent of the cell's file.
      return source === file || source === file.parent;
    }) ?? false;
  const offered = ranked(entries, typed, own);
  const matches = offered.map((entry) => {
    // Made from types that may not have been looked at yet, which for all of a tensor's methods takes too long.
    const signature = offered.length <= maxSignatures ? signatureOf(entry) : "";
    // A method may be a property that holds a function.
    return { text: entry.name, type: signature === "" ? typeOf(entry.kind) : "function", signature };
  });
  return { ...place, matches };

  function signatureOf({ symbol }: Entry): string {
    const { Alias, Function, Method, Property, Variable } = ts.SymbolFlags;
    const target = symbol && symbol.flags & Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (!target || !(target.flags & (Function | Method | Property | Variable))) return "";
    const [signature] = checker.getTypeOfSymbolAtLocation(target, file).getCallSignatures();
    return signature ? checker.signatureToString(signature) : "";
  }
}

const maxSignatures = 8;

/** What the completion replaces: a part of a path, what is between quotes, or the name around the cursor. */
function replacedSpan(
  text: string,
  position: number,
  info: Typescript.CompletionInfo | undefined,
): { start: number; end: number } {
  const span =
    info?.entries.find((entry) => entry.replacementSpan)?.replacementSpan ?? info?.optionalReplacementSpan;
  if (span) return { start: span.start, end: span.start + span.length };
  const before = /[\p{ID_Continue}$#]*$/u.exec(text.slice(0, position))![0];
  const after = before === "" ? "" : /^[\p{ID_Continue}$]*/u.exec(text.slice(position))![0];
  return { start: position - before.length, end: position + after.length };
}

/**
 * Those that continue what has been typed, in its case before others; if none do, those that contain it. Then: what this
 * notebook declares, what the language has globally, keywords, and what is deprecated or private by its name.
 */
function ranked(entries: readonly Entry[], typed: string, own: (entry: Entry) => boolean): Entry[] {
  const lower = typed.toLowerCase();
  // Hidden files are for those who ask for them.
  const visible = entries.filter(({ name }) => !name.startsWith(".") || typed.startsWith("."));
  const continuing = visible.filter(({ name }) => name.toLowerCase().startsWith(lower));
  const offered =
    continuing.length > 0 ? continuing : visible.filter(({ name }) => name.toLowerCase().includes(lower));
  const collator = new Intl.Collator("en");
  return offered
    .map((entry) => ({ entry, rank: `${rankOf(entry, typed)}${own(entry) ? 0 : 1}${entry.sortText}` }))
    .sort((a, b) => a.rank.localeCompare(b.rank) || collator.compare(a.entry.name, b.entry.name))
    .map(({ entry }) => entry);
}

function rankOf({ name, kind }: Entry, typed: string): string {
  const otherCase = name.startsWith(typed) ? 0 : 1;
  const hidden = name.startsWith("_") && !typed.startsWith("_") ? 1 : 0;
  return `${otherCase}${typeOf(kind) === "keyword" ? 1 : 0}${hidden}`;
}

function typeOf(kind: string): string {
  switch (kind) {
    case "function":
    case "local function":
    case "method":
      return "function";
    case "class":
    case "local class":
    case "interface":
    case "type":
    case "enum":
      return "class";
    case "property":
    case "getter":
    case "setter":
    case "accessor":
    case "enum member":
      return "property";
    case "module":
    case "external module name":
      return "module";
    case "parameter":
      return "param";
    case "directory":
    case "script":
      return "path";
    case "keyword":
    case "primitive type":
      return "keyword";
    default:
      return "instance";
  }
}

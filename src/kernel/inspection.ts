import type * as Typescript from "@tslab/typescript-for-tslab";
import type { CellView } from "./compiler-hooks.js";

type TS = typeof Typescript;

/** What is known of a name: its type as TypeScript writes it, its docstring, its declaration. */
export interface Inspection {
  signature: string;
  documentation: string;
  tags: readonly { name: string; text: string }[];
  /** As its author or the compiler wrote it. */
  declaration: string;
}

/** Looks up the name at a position, or else the function in whose arguments it lies. */
export function inspectCell(ts: TS, view: CellView): Inspection | undefined {
  const { file, checker, position } = view;
  const at = (offset: number) => ts.getQuickInfoAtPosition(file, checker, neverCancelled, offset);
  let offset = position;
  let info = at(offset);
  if (!info?.displayParts?.length) {
    const callee = calleeAround(ts, view);
    if (callee === undefined) return undefined;
    info = at((offset = callee));
  }
  const signature = ts.displayPartsToString(info?.displayParts);
  // A name that nothing declares has a type, but no kind.
  if (signature === "" || (String(info?.kind) === "" && signature === "any")) return undefined;
  return {
    signature,
    documentation: ts.displayPartsToString(info?.documentation),
    tags: (info?.tags ?? []).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text).trim() })),
    declaration: declarationAt(ts, view, offset),
  };
}

const neverCancelled = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested: () => undefined,
};

/** Where the name of the function stands whose arguments surround the position. */
function calleeAround(ts: TS, { file, position: cursor }: CellView): number | undefined {
  // An unfinished call ends at its last token.
  const position = file.text.slice(0, cursor).trimEnd().length;
  let innermost: number | undefined;
  const visit = (node: Typescript.Node): void => {
    if (position < node.getFullStart() || position > node.end) return;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.expression.end < position) {
      const { expression } = node;
      innermost = (ts.isPropertyAccessExpression(expression) ? expression.name : expression).getStart(file);
    }
    // Inside a function that is passed, its own body matters, not the call.
    if (ts.isFunctionLike(node) && node.getStart(file) < position) innermost = undefined;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return innermost;
}

function declarationAt(ts: TS, { file, checker }: CellView, offset: number): string {
  const node = innermostNode(ts, file, offset);
  let symbol = node && checker.getSymbolAtLocation(node);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const declaration = symbol?.declarations?.[0];
  if (!declaration) return "";
  if (ts.isParameter(declaration)) return "";
  const whole = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const lines = whole.getText().split("\n");
  return lines.length > maxLines ? [...lines.slice(0, maxLines), "// …"].join("\n") : lines.join("\n");
}

/** Of a declaration; that of Array has three hundred. */
const maxLines = 60;

function innermostNode(ts: TS, root: Typescript.Node, offset: number): Typescript.Node {
  const child = ts.forEachChild(root, (node) =>
    node.getStart() <= offset && offset <= node.end ? node : undefined,
  );
  return child ? innermostNode(ts, child, offset) : root;
}

/** As front ends show it: with what stands in the declaration, too, if more detail is asked for. */
export function inspectionBundle(
  { signature, documentation, tags, declaration }: Inspection,
  detail: number,
): Record<string, string> {
  const plainTags = tags.map(({ name, text }) => `@${name} ${text}`.trimEnd());
  const more = detail > 0 && declaration !== "" ? [declaration] : [];
  const plain = [
    signature,
    documentation,
    plainTags.join("\n"),
    ...more.map((code) => `Declaration:\n${code}`),
  ];
  const markdown = [
    fenced(signature),
    linked(documentation),
    ...sections(tags),
    ...more.map((code) => `**Declaration**\n\n${fenced(code)}`),
  ];
  const join = (parts: string[]) => parts.filter((part) => part !== "").join("\n\n");
  return { "text/plain": join(plain), "text/markdown": join(markdown) };
}

const titles: Record<string, string> = {
  param: "Parameters",
  typeParam: "Type parameters",
  template: "Type parameters",
  returns: "Returns",
  return: "Returns",
  throws: "Throws",
  example: "Example",
  see: "See",
  deprecated: "Deprecated",
};

/** A docstring's tags, each kind under its title, in the order of their first. */
function sections(tags: Inspection["tags"]): string[] {
  const byTitle = new Map<string, string[]>();
  for (const { name, text } of tags) {
    const title = titles[name] ?? name;
    byTitle.set(title, [...(byTitle.get(title) ?? []), section(name, text)]);
  }
  return [...byTitle].map(([title, texts]) =>
    texts.join("") === "" ? `**${title}**` : `**${title}**\n\n${texts.join("\n")}`,
  );
}

function section(name: string, text: string): string {
  if (name === "example") return text.includes("```") ? text : fenced(text);
  if (name === "param" || name === "template" || name === "typeParam") {
    const [, parameter, rest] = /^(\S+)\s*([^]*)$/.exec(text) ?? ["", text, ""];
    return `- \`${parameter}\`${rest === "" ? "" : `: ${linked(rest.replace(/^[-–—]\s+/, ""))}`}`;
  }
  // Of `@see Name, and so on` the compiler makes a reference to a name and a space after it.
  const sentence = name === "see" ? text.replace(/^(\S+) ([,.;:])/, "$1$2") : text;
  return tagsWithItems.has(name) ? `- ${linked(sentence)}` : linked(sentence);
}

const tagsWithItems = new Set(["throws", "see"]);

/** `{@link Name}` and `{@link https://… text}` as Markdown. */
function linked(text: string): string {
  return text.replace(
    /\{@link(?:code|plain)?\s+([^}\s|]+)(?:\s*\|?\s*([^}]+))?\}/g,
    (_, target: string, label?: string) => {
      if (/^https?:/.test(target)) return `[${label?.trim() || target}](${target})`;
      return label?.trim() || `\`${target}\``;
    },
  );
}

function fenced(code: string): string {
  const fence = code.includes("```") ? "````" : "```";
  return `${fence}typescript\n${code}\n${fence}`;
}

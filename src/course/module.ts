import {
  analyzeCell,
  cellTag,
  tagLine,
  type Cell,
  type CellAnalysis,
  type CellImport,
  type CellTag,
} from "./cells.js";
import { edited, lineEnds } from "./edits.js";

/** One tagged cell on its way into a module. */
export interface ModuleCell {
  tag: CellTag;
  /** Its code, with or without its tag line and `export`s. */
  source: string;
}

/** Where a cell's lines stand in a module, for messages. */
export interface CellSpan {
  name: string;
  /** Line of the module that holds the first line of the cell's source (its tag line). */
  firstLine: number;
}

export interface Module {
  text: string;
  spans: CellSpan[];
}

/**
 * Tangles cells into one TypeScript module: a header, the imports that the cells need (hoisted, merged), and the cells
 * in the order given, with every top-level declaration exported.
 *
 * @param importing sources of cells whose imports may be needed; usually all code cells of the notebook
 */
export function tangleModule(
  header: string,
  cells: readonly ModuleCell[],
  importing: readonly string[],
): Module {
  const analyses = cells.map(({ source }) => analyzeCell(source));
  const used = new Set(analyses.flatMap(({ identifiers }) => [...identifiers]));
  // A name that a cell declares hides the import of the same name, as it does in the notebook.
  for (const { declared } of analyses) for (const name of declared) used.delete(name);
  const imports = importing.flatMap((source) => analyzeCell(source).imports);
  const chunks = [
    `// ${header}\n${importLines([...imports, ...analyses.flatMap((a) => a.imports)], used).join("\n")}`.trimEnd(),
  ];
  const spans: CellSpan[] = [];
  let line = chunks[0].split("\n").length + 2;
  cells.forEach(({ tag, source }, i) => {
    const tagged = cellTag(source) ? source : `${tagLine(tag)}\n${source}`;
    const chunk = exportAll(tagged, tagged === source ? analyses[i] : analyzeCell(tagged));
    spans.push({ name: tag.name, firstLine: line });
    chunks.push(chunk);
    line += chunk.split("\n").length + 1;
  });
  return { text: chunks.join("\n\n") + "\n", spans };
}

/** Adds `export` to declarations and blanks the imports, keeping every line where it was. */
function exportAll(source: string, { exportPositions, importSpans }: CellAnalysis): string {
  const edits = [
    ...exportPositions.map((at) => ({ start: at, end: at, text: "export " })),
    ...importSpans.map(([start, end]) => ({
      start,
      end,
      text: lineEnds(source.slice(start, end)),
    })),
  ].sort((a, b) => a.start - b.start);
  return edited(source, edits).trimEnd();
}

/** Import declarations for the names in use: one per module for named imports, one for each default or namespace. */
function importLines(imports: readonly CellImport[], used: ReadonlySet<string>): string[] {
  const whole = new Set<string>();
  const named = new Map<string, Set<string>>();
  for (const { module, defaultName, namespaceName, named: elements, typeOnly } of imports) {
    const from = JSON.stringify(module);
    if (defaultName !== undefined && used.has(defaultName)) whole.add(`import ${defaultName} from ${from};`);
    if (namespaceName !== undefined && used.has(namespaceName))
      whole.add(`import * as ${namespaceName} from ${from};`);
    for (const { local, text } of elements) {
      if (!used.has(local)) continue;
      const element = typeOnly && !text.startsWith("type ") ? `type ${text}` : text;
      named.set(module, (named.get(module) ?? new Set()).add(element));
    }
  }
  const lists = [...named].map(
    ([module, names]) => `import { ${[...names].sort().join(", ")} } from ${JSON.stringify(module)};`,
  );
  return [...whole, ...lists].sort();
}

/** Takes a tangled module apart again: what stands before its first tag, and a cell per tag. */
export function splitModule(text: string, origin: string): Cell[] {
  const starts = [...text.matchAll(/^\/\*\* @(?:exercise|shared) [\w-]+ \*\/$/gm)].map(({ index }) => index);
  const cuts = [0, ...starts.filter((start) => start > 0), text.length];
  return cuts.slice(0, -1).map((start, i) => ({ source: text.slice(start, cuts[i + 1]).trim(), origin }));
}

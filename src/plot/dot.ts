import type { GraphEntry } from "./computation-graph.js";

/** Stands for the reader's text colour, for which Graphviz has no name; replaced after the drawing. */
export const inkPlaceholder = "#010203";

const opSymbols: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "×",
  div: "÷",
  neg: "-",
};

/**
 * The graph in Graphviz's DOT language: a rounded box per value with its name, value and gradient, and a
 * circle or oval per operation, from left to right. Monospaced, so that the widths Graphviz reckons with hold for
 * the fonts of any reader.
 */
export function dotOf(entries: readonly GraphEntry[]): string {
  const lines = entries.flatMap((entry) => {
    const box = `v${entry.index} [label="${boxLabel(entry)}"];`;
    if (entry.op === "") return [box];
    const symbol = opSymbols[entry.op] ?? entry.op;
    const shape =
      symbol.length <= 2 ? "shape=circle, margin=0.02" : 'shape=oval, margin="0.04,0.01", height=0.28';
    const circle = `op${entry.index} [${shape}, style=solid, label="${text(symbol)}"];`;
    const edges = entry.inputs.map((input) => `v${input} -> op${entry.index};`);
    return [box, circle, ...edges, `op${entry.index} -> v${entry.index};`];
  });
  const ink = `color="${inkPlaceholder}", fontcolor="${inkPlaceholder}", fontname="Courier"`;
  return [
    "digraph {",
    `rankdir=LR; bgcolor=transparent; nodesep=0.2; ranksep=0.2; pad=0.05;`,
    `node [${ink}, fontsize=12, shape=box, style=rounded, margin="0.08,0.04", height=0.3, width=0.3];`,
    `edge [color="${inkPlaceholder}", arrowsize=0.6];`,
    ...lines,
    "}",
  ].join("\n");
}

function boxLabel({ label, value, grad }: GraphEntry): string {
  const name = label === "" ? "" : `${text(label)} = `;
  return `${name}${text(value)}${grad === "" ? "" : `\\ngrad ${text(grad)}`}`;
}

/** Text inside a quoted label, where Graphviz reads backslashes and HTML entities. */
function text(content: string): string {
  return content
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("&", "&amp;")
    .replaceAll("\n", " ");
}

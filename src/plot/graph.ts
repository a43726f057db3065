import { displaySymbol, escapeHtml, type Displayable, type MimeBundle } from "../display/mime.js";
import { graphEntries, type GraphEntry, type GraphNode } from "./computation-graph.js";
import { drawSvg, inline, standAlone } from "./graph-svg.js";

/** What the drawing calls its nodes, and how large it may get. */
export interface GraphOptions {
  /** Names for nodes, as in `{ labels: { x, y, f } }`. They win over the nodes' own labels. */
  labels?: Readonly<Record<string, GraphNode>>;
  /** Larger graphs are counted, not drawn: nobody can read them. 150 values unless told. */
  maxNodes?: number;
}

/**
 * The computation graph that ends in `root`, with the values and gradients of this moment: a box per value, a
 * circle per operation, inputs on the left. Shows itself in notebooks as a drawing, in consoles as a list.
 *
 * @throws Error if the graph has a cycle.
 * @example
 * const [x, y] = [new Value(-2), new Value(5)];
 * const q = x.add(y);
 * q.backward();
 * graph(q, { labels: { x, y, q } }).toString().split("\n").length // 3
 */
export function graph(root: GraphNode, { labels = {}, maxNodes = 150 }: GraphOptions = {}): ComputationGraph {
  return new ComputationGraph(graphEntries(root, labels), maxNodes);
}

/** A drawing of a computation graph; what {@link graph} returns. */
export class ComputationGraph implements Displayable {
  /** The values, inputs before results. */
  readonly entries: readonly GraphEntry[];
  /** Beyond this many the graph is counted, not drawn. */
  readonly maxNodes: number;

  constructor(entries: readonly GraphEntry[], maxNodes: number) {
    this.entries = entries;
    this.maxNodes = maxNodes;
  }

  async [displaySymbol](): Promise<MimeBundle> {
    const text = this.toString();
    if (this.#isTooLarge) return { "text/plain": text };
    const svg = await drawSvg(this.entries);
    return {
      "image/svg+xml": standAlone(svg),
      "text/html": `<div role="img" aria-label="${escapeHtml(text)}">${inline(svg)}</div>`,
      "text/plain": text,
    };
  }

  /**
   * A stand-alone SVG image, light or dark as its reader prefers.
   *
   * @throws RangeError if the graph has more than `maxNodes` values.
   */
  async toSvg(): Promise<string> {
    if (this.#isTooLarge) throw new RangeError(this.toString());
    return standAlone(await drawSvg(this.entries));
  }

  /** One line per value, inputs before results, like `q = x + y = 3, grad -4`. */
  toString(): string {
    const { entries } = this;
    if (this.#isTooLarge) {
      return (
        `A computation graph of ${entries.length} values: too many to read, so it is not drawn. ` +
        `Draw a part of it, or raise the limit with graph(root, { maxNodes: ${entries.length} }).`
      );
    }
    const name = (index: number) => entries[index].label || `v${index}`;
    return entries
      .map(({ index, op, inputs, value, grad }) => {
        const formula = op === "" ? "" : `${expression(op, inputs.map(name))} = `;
        return `${name(index)} = ${formula}${value}${grad === "" ? "" : `, grad ${grad}`}`;
      })
      .join("\n");
  }

  get #isTooLarge(): boolean {
    return this.entries.length > this.maxNodes;
  }
}

/** `x + y` for operations written as a sign, `add(x, y)` for those with a name. */
function expression(op: string, inputs: readonly string[]): string {
  return inputs.length === 2 && !/\w/.test(op) ? inputs.join(` ${op} `) : `${op}(${inputs.join(", ")})`;
}

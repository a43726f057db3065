/** A node of a scalar engine: the library's `Value`, or any class of the same shape that a student wrote. */
export interface ScalarNode {
  readonly data: number;
  readonly grad: number;
  readonly op: string;
  readonly inputs: readonly ScalarNode[];
  readonly label?: string | undefined;
}

/** A node of the tensor engine: what drawing needs to know of a `Tensor`. */
export interface TensorNode {
  readonly shape: readonly number[];
  readonly grad: TensorNode | null;
  readonly history: { readonly op: string; readonly inputs: readonly TensorNode[] } | null;
  readonly label?: string | undefined;
  toArray(): unknown;
}

/** What can be drawn as a graph: a tensor, or a {@link Value}. */
export type GraphNode = ScalarNode | TensorNode;

/** One value of a computation graph as it was when the graph was taken, with everything as text. */
export interface GraphEntry {
  /** Position in the list of entries, inputs before results. */
  index: number;
  /** The name given to the node; empty if it has none. */
  label: string;
  value: string;
  /** Empty if the node has no gradient. */
  grad: string;
  /** The operation that made the value; empty for a leaf. */
  op: string;
  /** Indices of the operation's inputs, in order; the same index twice if an input is used twice. */
  inputs: number[];
}

/**
 * Lists every node that `root` was computed from, each once, inputs before results. Iterative, so that depth
 * is no limit. Values and gradients are written down as they are now; later changes do not show.
 *
 * @param names Names for nodes without a label of their own; they win over labels.
 */
export function graphEntries(root: GraphNode, names: Readonly<Record<string, GraphNode>> = {}): GraphEntry[] {
  const labels = new Map(Object.entries(names).map(([name, node]) => [node, name]));
  const indices = new Map<GraphNode, number>();
  const stack = [{ node: root, next: 0 }];
  const entered = new Set<GraphNode>([root]);
  const entries: GraphEntry[] = [];
  while (stack.length > 0) {
    const frame = stack.at(-1)!;
    const input = inputsOf(frame.node)[frame.next++];
    if (input === undefined) {
      stack.pop();
      indices.set(frame.node, entries.length);
      const inputs = inputsOf(frame.node).map((node) => indices.get(node) ?? -1);
      if (inputs.includes(-1))
        throw new Error("graph: a node is computed from itself. A computation graph has no cycles.");
      entries.push({ index: entries.length, inputs, ...describe(frame.node, labels.get(frame.node)) });
    } else if (!entered.has(input)) {
      entered.add(input);
      stack.push({ node: input, next: 0 });
    }
  }
  return entries;
}

function isTensor(node: GraphNode): node is TensorNode {
  return "history" in node;
}

function inputsOf(node: GraphNode): readonly GraphNode[] {
  return isTensor(node) ? (node.history?.inputs ?? []) : node.inputs;
}

function describe(
  node: GraphNode,
  name: string | undefined,
): Pick<GraphEntry, "label" | "value" | "grad" | "op"> {
  const label = name ?? node.label ?? "";
  if (isTensor(node)) {
    const grad = node.grad ? tensorText(node.grad) : "";
    return { label, value: tensorText(node), grad, op: node.history?.op ?? "" };
  }
  return { label, value: numberText(node.data), grad: numberText(node.grad), op: node.op };
}

const longestTensorText = 24;

/** The elements if they fit on a label, or else the shape. */
function tensorText(tensor: TensorNode): string {
  const shape = `shape [${tensor.shape.join(", ")}]`;
  if (tensor.shape.reduce((size, length) => size * length, 1) > 8) return shape;
  const text = elements(tensor.toArray());
  return text.length <= longestTensorText ? text : shape;
}

function elements(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(elements).join(", ")}]`;
  return typeof value === "number" ? numberText(value) : String(value);
}

/** Four significant digits, without trailing zeros. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(4)));
}

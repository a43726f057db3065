import {
  displaySymbol,
  escapeHtml,
  inspectSymbol,
  type Displayable,
  type MimeBundle,
} from "../display/mime.js";
import { zeros } from "../tensor/create.js";
import { noGrad } from "../tensor/grad-mode.js";
import { show, type Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { AnyModule, Module } from "./module.js";

/** One call of a layer. */
export interface SummaryRow {
  /** The path of fields that leads to it, in PyTorch's writing. */
  readonly name: string;
  /** Its class and what it was made with. */
  readonly layer: string;
  /** Without the batch axis; null if the output is no tensor. */
  readonly outputShape: Shape | null;
  /** Parameters of its own; 0 where they were counted before. */
  readonly parameters: number;
  /** Multiply–adds for one sample. */
  readonly multiplyAdds: number;
}

/**
 * What a model's layers do to one sample: output shape, parameters and multiply–adds of each, in the order of their calls.
 * `inputShape` is that of a sample, without the batch axis. The model runs once on zeros, in use rather than in training;
 * nothing about it changes. In notebooks the result is a table.
 *
 * Only matrix products and convolutions count as multiply–adds: not biases, activations, pooling or normalisation.
 *
 * @throws ShapeError if the input does not fit the model.
 * @example
 * const conv = new nn.Conv2d(3, 10, 5, { padding: 2 });
 * const { parameters, multiplyAdds, rows } = nn.summary(conv, [3, 32, 32]);
 * [parameters, multiplyAdds, rows[0].outputShape] // [760, 768000, [10, 32, 32]]
 */
export function summary(model: Module, inputShape: Shape): Summary {
  const counted = new Set<Tensor>();
  const rows: SummaryRow[] = [];
  const modes = model.modules().map((module) => [module, module.training] as const);
  const names = new Map([...model.namedModules()].reverse().map(([name, module]) => [module, name]));
  const removers = [...names].map(([module, name]) =>
    module.registerForwardHook((_module, [input], output) => {
      const outputShape = output instanceof Tensor ? output.shape : null;
      const own = ownParameters(module).filter((parameter) => !counted.has(parameter));
      for (const parameter of own) counted.add(parameter);
      const parameters = own.reduce((total, { size }) => total + size, 0);
      const shapes = input instanceof Tensor && outputShape ? ([input.shape, outputShape] as const) : null;
      const multiplyAdds = shapes ? module.multiplyAdds(...shapes) : 0;
      if (module.children().length > 0 && parameters === 0 && multiplyAdds === 0) return;
      const [layer] = module.toString().split("\n");
      rows.push({
        name,
        layer: layer.endsWith("(") ? `${layer}…)` : layer,
        outputShape: outputShape && outputShape.slice(1),
        parameters,
        multiplyAdds,
      });
    }),
  );
  try {
    const [first] = model.parameters();
    model.eval();
    noGrad(() => model.forward(zeros([1, ...inputShape], { dtype: first?.dtype ?? "float32" })));
  } finally {
    for (const remove of removers) remove();
    for (const [module, training] of modes) module.training = training;
  }
  return new Summary(rows, model.parameters());
}

/** A table of a model's layers; what {@link summary} returns. */
export class Summary implements Displayable {
  readonly rows: readonly SummaryRow[];
  /** Of the whole model, also those that the call did not reach. */
  readonly parameters: number;
  /** Those of them that are not frozen. */
  readonly trainable: number;
  /** Of all layers, for one sample. */
  readonly multiplyAdds: number;

  constructor(rows: readonly SummaryRow[], parameters: readonly Tensor[]) {
    const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
    this.rows = rows;
    this.parameters = total(parameters.map(({ size }) => size));
    this.trainable = total(parameters.filter(({ requiresGrad }) => requiresGrad).map(({ size }) => size));
    this.multiplyAdds = total(rows.map(({ multiplyAdds }) => multiplyAdds));
  }

  /** The table in plain text. */
  toString(): string {
    const lines = [headings, ...this.#cells()];
    const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
    const aligned = lines.map((line) =>
      line
        .map((text, i) => (i < firstNumber ? text.padEnd(widths[i]) : text.padStart(widths[i])))
        .join("  ")
        .trimEnd(),
    );
    const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
    return [aligned[0], rule, ...aligned.slice(1), rule, this.#totals()].join("\n");
  }

  /** The table in plain text and as HTML, for notebooks. */
  [displaySymbol](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": this.#html() };
  }

  /** What `console.log` prints: the table in plain text. */
  [inspectSymbol](): string {
    return this.toString();
  }

  #cells(): string[][] {
    return this.rows.map(({ name, layer, outputShape, parameters, multiplyAdds }) => [
      name,
      layer,
      outputShape ? show(outputShape) : "–",
      grouped(parameters),
      grouped(multiplyAdds),
    ]);
  }

  #totals(): string {
    const frozen = this.parameters - this.trainable;
    const rest = frozen > 0 ? ` (${grouped(frozen)} of them frozen)` : "";
    return `${grouped(this.parameters)} parameters${rest}, ${grouped(this.multiplyAdds)} multiply–adds per sample`;
  }

  #html(): string {
    const row = (tag: "td" | "th", texts: readonly string[]) => {
      const cells = texts.map((text, i) => {
        const side = i < firstNumber ? "left" : "right";
        const wrap = i === layerColumn ? "" : ";white-space:nowrap";
        return `<${tag} style="text-align:${side}${wrap}">${escapeHtml(text)}</${tag}>`;
      });
      return `<tr>${cells.join("")}</tr>`;
    };
    const body = this.#cells().map((texts) => row("td", texts));
    return (
      `<table><caption style="caption-side:bottom;text-align:left">${escapeHtml(this.#totals())}</caption>` +
      `<thead>${row("th", headings)}</thead><tbody>${body.join("")}</tbody></table>`
    );
  }
}

const headings = ["name", "layer", "output", "parameters", "multiply–adds"];
/** The column whose text may wrap, and the first that holds numbers. */
const [layerColumn, firstNumber] = [1, 3];

function ownParameters(module: AnyModule): Tensor[] {
  const inner = new Set(module.children().flatMap((child) => child.parameters()));
  return module.parameters().filter((parameter) => !inner.has(parameter));
}

/** Digits in groups of three. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, " ");
}

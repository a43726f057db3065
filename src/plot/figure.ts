import { displaySymbol, type Displayable, type MimeBundle } from "../display/mime.js";
import { figureHtml } from "./html.js";
import { plotlyScriptForSession } from "./plotly-script.js";
import type { Trace } from "./trace.js";

/** One step of an animation: attributes that replace those of some traces. */
export interface Frame {
  /** What the slider calls it. */
  readonly name: string;
  /** For each trace that changes, the attributes that do. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  /** Which trace each element of `data` belongs to. */
  readonly traces: readonly number[];
}

/** A figure as Plotly's `newPlot` takes it. */
export interface FigureJson {
  data: readonly Trace[];
  layout: Readonly<Record<string, unknown>>;
  config: object;
  frames?: readonly Frame[];
}

/**
 * A Plotly figure that shows itself in notebooks: as `application/vnd.plotly.v1+json` where the front end has
 * a Plotly renderer, as HTML that brings its own everywhere else, and as a short description in plain text.
 */
export class Figure implements Displayable {
  /** The traces. */
  readonly data: readonly Trace[];
  /** Axes, titles and notes, as Plotly takes them. */
  readonly layout: Readonly<Record<string, unknown>>;
  /** The steps of an animation; none in a figure that stands still. */
  readonly frames: readonly Frame[];

  constructor(
    data: readonly Trace[],
    layout: Readonly<Record<string, unknown>>,
    frames: readonly Frame[] = [],
  ) {
    this.data = data;
    this.layout = layout;
    this.frames = frames;
  }

  [displaySymbol](): MimeBundle {
    return {
      "application/vnd.plotly.v1+json": this.toJSON(),
      "text/html": plotlyScriptForSession() + figureHtml(this),
      "text/plain": this.toString(),
    };
  }

  /** The figure as Plotly's `newPlot` takes it. */
  toJSON(): FigureJson {
    const { data, layout, frames } = this;
    return {
      data,
      layout,
      config: { responsive: true, displaylogo: false },
      ...(frames.length > 0 && { frames }),
    };
  }

  /** One line for the title and one per trace: kind, name, number of points, range of x and y, or size. */
  toString(): string {
    const title = textOf(this.layout["title"]);
    const axes = ["xaxis", "yaxis"].map((key) =>
      textOf((this.layout[key] as { title?: unknown } | undefined)?.title),
    );
    const heading = [
      "Figure",
      title && `: ${title}`,
      axes.some(Boolean) && ` (${axes[1]} against ${axes[0]})`,
    ];
    const steps = this.frames.length > 0 ? [`  animated in ${this.frames.length} steps`] : [];
    return [
      heading.filter(Boolean).join(""),
      ...this.data.map((trace) => `  ${describe(trace)}`),
      ...steps,
    ].join("\n");
  }
}

function textOf(title: unknown): string {
  return (title as { text?: string } | undefined)?.text ?? "";
}

function describe(trace: Trace): string {
  const kind =
    trace.type === "scatter" ? (String(trace["mode"]).includes("lines") ? "line" : "points") : trace.type;
  const name = typeof trace["name"] === "string" ? ` "${trace["name"]}"` : "";
  const z = trace["z"];
  if (Array.isArray(z) && trace.type === "heatmap") {
    return `heat map${name}: ${z.length} × ${(z[0] as unknown[]).length} cells, ${rangeOf(z.flat())}`;
  }
  if (trace.type === "image") return `image${name}`;
  const ranges = ["x", "y"].map((key) => `${key} ${rangeOf(trace[key])}`).join(", ");
  return `${kind}${name}: ${ranges}`;
}

function rangeOf(values: unknown): string {
  const present = (Array.isArray(values) ? values : []).filter((value) => typeof value === "number");
  if (present.length === 0) return "empty";
  const lowest = present.reduce((a, b) => Math.min(a, b));
  const highest = present.reduce((a, b) => Math.max(a, b));
  return `${Number(lowest.toPrecision(3))} to ${Number(highest.toPrecision(3))} (${present.length})`;
}

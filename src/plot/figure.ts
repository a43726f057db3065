import { displaySymbol, type Displayable, type MimeBundle } from "../display/mime.js";
import { figureHtml } from "./html.js";
import { plotlyScriptForSession } from "./plotly-script.js";
import type { Trace } from "./trace.js";

/**
 * A Plotly figure that shows itself in notebooks: as `application/vnd.plotly.v1+json` where the front end has
 * a Plotly renderer, as HTML that brings its own everywhere else, and as a short description in plain text.
 */
export class Figure implements Displayable {
  readonly data: readonly Trace[];
  readonly layout: Readonly<Record<string, unknown>>;

  constructor(data: readonly Trace[], layout: Readonly<Record<string, unknown>>) {
    this.data = data;
    this.layout = layout;
  }

  [displaySymbol](): MimeBundle {
    return {
      "application/vnd.plotly.v1+json": this.toJSON(),
      "text/html": plotlyScriptForSession() + figureHtml(this),
      "text/plain": this.toString(),
    };
  }

  /** The figure as Plotly's `newPlot` takes it. */
  toJSON(): { data: readonly Trace[]; layout: Readonly<Record<string, unknown>>; config: object } {
    return { data: this.data, layout: this.layout, config: { responsive: true, displaylogo: false } };
  }

  /** One line for the title and one per trace: kind, name, number of points, range of x and y. */
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
    return [heading.filter(Boolean).join(""), ...this.data.map((trace) => `  ${describe(trace)}`)].join("\n");
  }
}

function textOf(title: unknown): string {
  return (title as { text?: string } | undefined)?.text ?? "";
}

function describe(trace: Trace): string {
  const kind =
    trace.type === "scatter" ? (String(trace["mode"]).includes("lines") ? "line" : "points") : trace.type;
  const name = typeof trace["name"] === "string" ? ` "${trace["name"]}"` : "";
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

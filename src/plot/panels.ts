import { Figure } from "./figure.js";
import { ink } from "./style.js";
import type { Trace } from "./trace.js";

/** How the panels are arranged. */
export interface PanelsOptions {
  /** A line above all panels. */
  title?: string;
  /** Panels in a row, 2 unless told. */
  columns?: number;
  /** Height of a row in pixels, 360 unless told. */
  rowHeight?: number;
}

type Layout = Readonly<Record<string, unknown>>;

/** Between two columns, in shares of the width: room for the axis title, and for the colour bar and its title. */
const [gapBeside, gapWithColorBar] = [0.16, 0.2];
/** Above and below each row's axes, in pixels: its title and legend, its tick labels and axis title. */
const [above, below] = [50, 62];

/**
 * Figures side by side in one, row by row. Each keeps its axes, its legend and its title.
 *
 * @throws RangeError if there is no figure, if one is animated, or if `columns` is not a whole number from 1.
 * @example
 * const parabola = plot(line({ x: [0, 1, 2], y: (x) => x * x }), { title: "x²" });
 * const cubic = plot(line({ x: [0, 1, 2], y: (x) => x ** 3 }), { title: "x³" });
 * panels([parabola, cubic]).data.map((trace) => trace.xaxis) // ["x", "x2"]
 */
export function panels(figures: readonly Figure[], options: PanelsOptions = {}): Figure {
  const { title, columns = 2, rowHeight = 360 } = options;
  if (figures.length === 0) throw new RangeError("panels: there are no figures. Pass at least one plot(…).");
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RangeError(`panels: columns is ${columns}. Expected a whole number from 1.`);
  }
  const moving = figures.findIndex(({ frames }) => frames.length > 0);
  if (moving !== -1)
    throw new RangeError(`panels: figure ${moving} is animated. Only still figures fit together.`);
  const across = Math.min(columns, figures.length);
  const rows = Math.ceil(figures.length / across);
  const top = title === undefined ? 10 : 45;
  const height = top + rows * rowHeight;
  const inner = height - top;
  const hasTitledBar = figures.some(({ data }) => data.some(isBarTitled));
  const gap = hasTitledBar ? gapWithColorBar : gapBeside;
  const width = (1 - gap * (across - 1)) / across;
  const layout: Record<string, unknown> = {
    ...figures[0].layout,
    height,
    title: title === undefined ? undefined : { text: title, x: 0.02, xanchor: "left", font: { size: 16 } },
    margin: { l: 90, r: 30, t: top, b: 0 },
    showlegend: figures.some((figure) => figure.layout["showlegend"]),
    annotations: [] as unknown[],
  };
  const data: Trace[] = [];
  figures.forEach((figure, i) => {
    const [row, column] = [Math.floor(i / across), i % across];
    const x: Domain = [column * (width + gap), column * (width + gap) + width];
    const y: Domain = [1 - ((row + 1) * rowHeight - below) / inner, 1 - (row * rowHeight + above) / inner];
    data.push(...figure.data.map((trace) => placed(trace, i, x, y)));
    Object.assign(layout, axesOf(figure.layout, i, x, y), legendOf(figure.layout, i, x, y));
    (layout["annotations"] as unknown[]).push(
      ...heading(figure.layout, x, y, inner),
      ...notes(figure.layout, i),
    );
  });
  return new Figure(data, layout);
}

/** Whether a colour bar with a title stands beside the trace. */
function isBarTitled(trace: Trace): boolean {
  const bar = trace["colorbar"] as { title?: unknown } | undefined;
  return trace["showscale"] !== false && bar?.title !== undefined;
}

type Domain = [from: number, to: number];

/** `x`, `x2`, `x3`, …: how Plotly names the axes, legends and so on of panel 0, 1, 2, … */
function nth(name: string, index: number): string {
  return index === 0 ? name : `${name}${index + 1}`;
}

function placed(trace: Trace, index: number, x: Domain, y: Domain): Trace {
  const bar = { x: x[1] + 0.005, y: (y[0] + y[1]) / 2, len: y[1] - y[0], thickness: 12 };
  return {
    ...trace,
    xaxis: nth("x", index),
    yaxis: nth("y", index),
    ...(trace.type === "scatter" && { legend: nth("legend", index) }),
    ...("colorbar" in trace && { colorbar: { ...(trace["colorbar"] as object), ...bar } }),
  };
}

function axesOf(layout: Layout, index: number, x: Domain, y: Domain): Layout {
  const yaxis = layout["yaxis"] as { scaleanchor?: string };
  return {
    [nth("xaxis", index)]: { ...(layout["xaxis"] as object), domain: x, anchor: nth("y", index) },
    [nth("yaxis", index)]: {
      ...yaxis,
      domain: y,
      anchor: nth("x", index),
      ...(yaxis.scaleanchor && { scaleanchor: nth("x", index) }),
    },
  };
}

function legendOf(layout: Layout, index: number, [left]: Domain, [, top]: Domain): Layout {
  return { [nth("legend", index)]: { ...(layout["legend"] as object), x: left, y: top } };
}

function heading(layout: Layout, [left]: Domain, [, top]: Domain, inner: number): object[] {
  const text = (layout["title"] as { text?: string } | undefined)?.text;
  if (text === undefined) return [];
  const y = top + (layout["showlegend"] ? 26 : 6) / inner;
  const place = { xref: "paper", yref: "paper", x: left, y, xanchor: "left", yanchor: "bottom" };
  return [{ text: `<b>${text}</b>`, ...place, showarrow: false, font: { color: ink, size: 14 } }];
}

function notes(layout: Layout, index: number): object[] {
  const list = (layout["annotations"] ?? []) as object[];
  return list.map((note) => ({ ...note, xref: nth("x", index), yref: nth("y", index) }));
}

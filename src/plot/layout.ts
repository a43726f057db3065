import type { Layout, LayoutAxis } from "plotly.js";
import { faintInk, ink, palette } from "./style.js";
import type { Trace } from "./trace.js";

/** How one axis is drawn. */
export interface AxisOptions {
  /** What the axis shows, with its unit or shape. */
  title?: string;
  /** Logarithmic scale, in powers of ten. */
  log?: boolean;
  /** First and last value shown, in the data's own numbers, on a logarithmic axis as well. */
  range?: [first: number, last: number];
}

/** A remark with an arrow to the point `(x, y)`. */
export interface Note {
  /** Its abscissa. */
  x: number;
  /** Its ordinate. */
  y: number;
  /** What it says. */
  text: string;
  /** Where the text stands, in pixels right of and below the point; 40 right and 40 above unless told. */
  offset?: [right: number, down: number];
}

/** What stands around the traces. */
export interface PlotOptions {
  /** A line above the figure. */
  title?: string;
  /** The horizontal axis; a string is its title. */
  x?: string | AxisOptions;
  /** The vertical axis; a string is its title. */
  y?: string | AxisOptions;
  /** Remarks at points of the figure. */
  notes?: readonly Note[];
  /** Whether one unit is equally long on both axes. */
  equalAxes?: boolean;
  /** Height in pixels, 400 unless told. The width is the notebook's. */
  height?: number;
  /** Any further attributes of Plotly's layout; they win over everything above. */
  layout?: Readonly<Record<string, unknown>>;
}

/** Plotly's layout for the options: transparent, in ink that reads on light and dark backgrounds. */
export function layoutOf(
  options: PlotOptions,
  showLegend: boolean,
  data: readonly Trace[],
): Record<string, unknown> {
  const { title, notes = [], equalAxes = false, height = 400, layout } = options;
  const x = axisOptions(options.x);
  const y = axisOptions(options.y);
  return {
    ...(title !== undefined && { title: { text: title, x: 0.02, xanchor: "left", font: { size: 16 } } }),
    height,
    autosize: true,
    paper_bgcolor: "rgba(0, 0, 0, 0)",
    plot_bgcolor: "rgba(0, 0, 0, 0)",
    colorway: [...palette],
    font: { color: ink, size: 13 },
    margin: { l: 70, r: 30, t: title === undefined && !showLegend ? 20 : 70, b: 60 },
    showlegend: showLegend,
    legend: {
      orientation: "h",
      x: 0,
      y: 1.01,
      xanchor: "left",
      yanchor: "bottom",
      bgcolor: "rgba(0, 0, 0, 0)",
    },
    hovermode: "closest",
    xaxis: {
      ...axis(
        x,
        data.map((trace) => trace["x"]),
      ),
      ...matrixTicks(data, "x"),
      ...(equalAxes && { constrain: "domain" as const }),
    },
    yaxis: {
      ...axis(
        y,
        data.map((trace) => trace["y"]),
      ),
      ...matrixTicks(data, "y"),
      ...(equalAxes && { scaleanchor: "x" as const, scaleratio: 1, constrain: "domain" as const }),
    },
    annotations: notes.map((note) => annotation(note, x, y)),
    ...layout,
  } satisfies Partial<Layout>;
}

function axisOptions(option: string | AxisOptions | undefined): AxisOptions {
  return typeof option === "string" ? { title: option } : (option ?? {});
}

function axis({ title, log = false, range }: AxisOptions, values: readonly unknown[]): Partial<LayoutAxis> {
  return {
    // the distance keeps the title clear of long tick labels such as 10⁻³²
    ...(title !== undefined && { title: { text: title, standoff: 6 } }),
    ...(log && { type: "log", exponentformat: "power", ...decadeTicks(range ?? values) }),
    ...(range && { range: range.map((value) => onAxis(value, log)) }),
    gridcolor: faintInk,
    linecolor: ink,
    showline: true,
    ticks: "outside",
    tickcolor: ink,
    zeroline: !log,
    zerolinecolor: faintInk,
    zerolinewidth: 1.5,
    automargin: true,
  };
}

/** Heat maps without coordinates are matrices: whole numbers on the axes, row 0 on top. */
function matrixTicks(data: readonly Trace[], key: "x" | "y"): Partial<LayoutAxis> {
  const rows = data.find((trace) => trace.type === "heatmap" && trace[key] === undefined)?.["z"];
  if (!Array.isArray(rows)) return {};
  const length = key === "y" ? rows.length : (rows[0] as unknown[]).length;
  return {
    tick0: 0,
    dtick: Math.ceil(length / 10),
    showgrid: false,
    zeroline: false,
    ...(key === "y" && { autorange: "reversed" as const }),
  };
}

function annotation(
  { x, y, text, offset: [ax, ay] = [40, -40] }: Note,
  xAxis: AxisOptions,
  yAxis: AxisOptions,
) {
  return {
    x: onAxis(x, xAxis.log ?? false),
    y: onAxis(y, yAxis.log ?? false),
    text,
    ax,
    ay,
    showarrow: true,
    arrowcolor: ink,
    arrowwidth: 1.2,
    arrowhead: 2 as const,
    arrowsize: 0.9,
    font: { color: ink },
  };
}

/**
 * Ticks at powers of ten, at most about ten of them. Where few decades are shown, also at 2 and 5 times these, in
 * plain decimals as far as they are easily read; where less than one is shown, Plotly's own.
 */
function decadeTicks(values: readonly unknown[]): Partial<LayoutAxis> {
  const exponents = values
    .flat()
    .filter((value) => typeof value === "number" && value > 0)
    .map((value) => Math.log10(value as number));
  const low = exponents.reduce((a, b) => Math.min(a, b), Infinity);
  const high = exponents.reduce((a, b) => Math.max(a, b), -Infinity);
  const decades = high - low;
  if (!(decades > 1)) return {};
  if (decades > 2.6 || low < -3 || high > 4) return { dtick: Math.ceil(decades / 10) };
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => Math.floor(low) + i);
  const tickvals = powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  return { tickmode: "array", tickvals, ticktext: tickvals.map(String) };
}

/** Plotly places ranges and annotations on a logarithmic axis by their exponent of ten. */
function onAxis(value: number, log: boolean): number {
  if (log && !(value > 0))
    throw new RangeError(`A logarithmic axis shows positive numbers only, not ${value}.`);
  return log ? Math.log10(value) : value;
}

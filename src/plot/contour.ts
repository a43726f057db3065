import type { PlotData } from "plotly.js";
import { ink } from "./style.js";
import { checkFinite, numbers, type Trace } from "./trace.js";

/** Heights over a grid, and which of them to join. */
export interface ContourOptions {
  /** Abscissas of the grid's columns, `[columns]`. */
  x: ArrayLike<number>;
  /** Ordinates of the grid's rows, `[rows]`. */
  y: ArrayLike<number>;
  /** Height above each grid point, `z[row][column]`, or a function of the point. */
  z: ArrayLike<ArrayLike<number>> | ((x: number, y: number) => number);
  /** What `z` is, written beside the colour bar. */
  name?: string;
  /** Lowest level, highest level and the step between two of them; Plotly chooses where left out. */
  levels?: { from: number; to: number; step: number };
}

// The palette's first two hues, blue below and vermilion above, transparent in the middle: readable on any
// background, and in tune with two classes of points drawn over it.
const colorscale: [number, string][] = [
  [0, "rgba(0, 114, 178, 0.4)"],
  [0.5, "rgba(128, 128, 128, 0.02)"],
  [1, "rgba(213, 94, 0, 0.4)"],
];

/**
 * Lines of equal height of a function of two variables, each labelled with its height.
 *
 * @throws RangeError if `z` is not a list of `y.length` rows with `x.length` numbers each, or none of them is finite.
 * @example contour({ x: [0, 1, 2], y: [0, 1], z: (x, y) => x * y, name: "x·y" }).z // [[0, 0, 0], [0, 1, 2]]
 */
export function contour({ x, y, z, name, levels }: ContourOptions): Trace {
  const rows =
    typeof z === "function" ? Array.from(y, (yi) => Array.from(x, (xj) => z(xj, yi))) : Array.from(z);
  const widths = rows.map((row) => row.length);
  if (rows.length !== y.length || widths.some((width) => width !== x.length)) {
    throw new RangeError(
      `contour: z must have one row per y and one column per x, [${y.length}, ${x.length}], ` +
        `but is [${rows.length}, ${[...new Set(widths)].join(" or ")}].`,
    );
  }
  checkFinite("contour", "z", rows);
  return {
    type: "contour",
    x: numbers(x),
    y: numbers(y),
    z: rows.map((row) => numbers(row, 4)),
    colorbar: { outlinewidth: 0, ...(name !== undefined && { title: { text: name } }) },
    colorscale,
    contours: {
      coloring: "heatmap",
      showlabels: true,
      labelfont: { color: ink, size: 11 },
      ...(levels && { start: levels.from, end: levels.to, size: levels.step }),
    },
    line: { width: 1, color: ink },
    hovertemplate: "(%{x}, %{y}): %{z}<extra></extra>",
  } satisfies Partial<PlotData>;
}

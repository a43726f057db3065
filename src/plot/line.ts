import type { PlotData } from "plotly.js";
import type { Dash } from "./style.js";
import { points, type Ordinates, type Trace } from "./trace.js";

/** A curve and how it is drawn. */
export interface LineOptions {
  /** The abscissas. */
  x: ArrayLike<number>;
  /** One value per x, or a function to evaluate at every x. */
  y: Ordinates;
  /** The name in the legend. */
  name?: string;
  /** Defaults to the next colour of the palette. */
  color?: string;
  /** Defaults to the next dash pattern. */
  dash?: Dash;
  /** Line width in pixels, 2 unless told. */
  width?: number;
  /** Whether to mark the points themselves as well. */
  markers?: boolean;
}

/**
 * A curve through the points `(x[i], y[i])`.
 *
 * @throws RangeError if `x` and `y` differ in length, or if no y is finite.
 * @example plot(line({ x: [0, 1, 2], y: (x) => x * x, name: "x²" })).data[0].y // [0, 1, 4]
 */
export function line({ x, y, name, color, dash, width = 2, markers = false }: LineOptions): Trace {
  return {
    type: "scatter",
    mode: markers ? "lines+markers" : "lines",
    ...points("line", x, y),
    ...(name !== undefined && { name }),
    line: { width, ...(color && { color }), ...(dash && { dash }) },
    ...(markers && { marker: { size: 7, ...(color && { color }) } }),
  } satisfies Partial<PlotData>;
}

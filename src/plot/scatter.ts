import type { PlotData } from "plotly.js";
import type { MarkerSymbol } from "./style.js";
import { points, type Ordinates, type Trace } from "./trace.js";

/** Points and how they are drawn. */
export interface ScatterOptions {
  /** The abscissas. */
  x: ArrayLike<number>;
  /** One value per x, or a function to evaluate at every x. */
  y: Ordinates;
  /** The name in the legend. */
  name?: string;
  /** Defaults to the next colour of the palette. */
  color?: string;
  /** Defaults to the next marker. */
  symbol?: MarkerSymbol;
  /** Marker size in pixels, 8 unless told. */
  size?: number;
  /** A label per point, written beside its marker. */
  text?: readonly string[];
}

/**
 * Unconnected markers at the points `(x[i], y[i])`.
 *
 * @throws RangeError if `x` and `y` differ in length, or if no y is finite.
 * @example plot([scatter({ x: [1, 2], y: [3, 1], name: "class A" })], { x: "width", y: "height" }).data[0].mode // "markers"
 */
export function scatter({ x, y, name, color, symbol, size = 8, text }: ScatterOptions): Trace {
  return {
    type: "scatter",
    mode: text ? "text+markers" : "markers",
    ...points("scatter", x, y),
    ...(name !== undefined && { name }),
    ...(text && { text: [...text], textposition: "top center" as const }),
    marker: {
      size,
      line: { width: 1, color: "rgba(255, 255, 255, 0.8)" },
      ...(color && { color }),
      ...(symbol && { symbol }),
    },
  } satisfies Partial<PlotData>;
}

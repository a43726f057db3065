import { Figure } from "./figure.js";
import { layoutOf, type PlotOptions } from "./layout.js";
import { dashes, nth, palette, symbols } from "./style.js";
import type { Trace } from "./trace.js";

/**
 * Draws traces in one pair of axes. Traces that do not choose for themselves get colour, dash and marker by
 * their position, so that they differ without colour as well. A legend appears once a trace has a name.
 *
 * @throws RangeError if there is nothing to draw.
 * @example
 * plot([line({ x: [1e-8, 1e-4, 1], y: [1e-8, 1e-12, 1e-3], name: "central" })],
 *      { x: { title: "h", log: true }, y: { title: "error", log: true } });
 */
export function plot(traces: Trace | readonly Trace[], options: PlotOptions = {}): Figure {
  const list = "type" in traces ? [traces] : traces;
  if (list.length === 0)
    throw new RangeError("plot: there are no traces. Pass at least one, such as line({ x, y }).");
  const named = list.some((trace) => trace["name"] !== undefined);
  let points = 0;
  const data = list.map((trace) => (trace.type === "scatter" ? styled(trace, points++) : trace));
  return new Figure(data, layoutOf(options, named, data));
}

/** Fills in colour, dash and marker of a scatter trace by its position among them. */
function styled(trace: Trace, index: number): Trace {
  const color = nth(palette, index);
  return {
    ...trace,
    showlegend: trace["name"] !== undefined,
    ...("line" in trace && { line: { color, dash: nth(dashes, index), ...(trace["line"] as object) } }),
    ...("marker" in trace && {
      marker: { color, symbol: nth(symbols, index), ...(trace["marker"] as object) },
    }),
  };
}

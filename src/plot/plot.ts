import { Figure } from "./figure.js";
import { layoutOf, type PlotOptions } from "./layout.js";
import { dashes, nth, palette, symbols } from "./style.js";
import { maxPoints, thinTrace } from "./thin.js";
import type { Trace } from "./trace.js";

/**
 * Draws traces in one pair of axes. Traces that do not choose for themselves get colour, dash and marker by
 * their position, so that they differ without colour as well; a list among them, such as a {@link band}, counts as
 * one. A legend appears once a trace has a name.
 *
 * A figure holds some 10 000 points, shared evenly: of longer lines the extremes of each stretch are drawn, of more
 * markers every n-th.
 *
 * @throws RangeError if there is nothing to draw.
 * @example
 * const error = line({ x: [1e-8, 1e-4, 1], y: [1e-8, 1e-12, 1e-3], name: "central" });
 * plot(error, { x: { title: "h", log: true }, y: "error" }).toString().split("\n")[0] // "Figure (error against h)"
 */
export function plot(
  traces: Trace | readonly (Trace | readonly Trace[])[],
  options: PlotOptions = {},
): Figure {
  const groups = "type" in traces ? [[traces]] : traces.map((item) => ("type" in item ? [item] : item));
  const list = groups.flat();
  if (list.length === 0)
    throw new RangeError("plot: there are no traces. Pass at least one, such as line({ x, y }).");
  const named = list.some((trace) => trace["name"] !== undefined);
  const limit = Math.floor(maxPoints / list.length);
  let position = 0;
  const data = groups.flatMap((group) => {
    if (!group.some(({ type }) => type === "scatter")) return group;
    const index = position++;
    return group.map((trace) => (trace.type === "scatter" ? styled(thinTrace(trace, limit), index) : trace));
  });
  return new Figure(data, layoutOf(options, named, data));
}

/** Fills in colour, dash and marker of a scatter trace by its position among them. */
function styled(trace: Trace, index: number): Trace {
  const color = nth(palette, index);
  return {
    ...trace,
    showlegend: trace["name"] !== undefined,
    ...(trace["fill"] === "toself" && { fillcolor: trace["fillcolor"] ?? color }),
    ...("line" in trace && { line: { color, dash: nth(dashes, index), ...(trace["line"] as object) } }),
    ...("marker" in trace && {
      marker: { color, symbol: nth(symbols, index), ...(trace["marker"] as object) },
    }),
  };
}

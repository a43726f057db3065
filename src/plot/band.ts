import type { PlotData } from "plotly.js";
import { line, type LineOptions } from "./line.js";
import { numbers, type Trace } from "./trace.js";

/** A curve and how far around it to colour. */
export interface BandOptions extends Omit<LineOptions, "y" | "markers"> {
  /** Repeated measurements, `runs[run][i]` at `x[i]`: the curve is their mean, the band one standard deviation. */
  runs?: ArrayLike<ArrayLike<number>>;
  /** The curve, one value per x, where no runs are given. */
  mean?: ArrayLike<number>;
  /** Half the height of the band at each x, in the unit of `mean`. */
  spread?: ArrayLike<number>;
}

/**
 * A curve with a band around it: mean ± spread. From `runs` they are the mean and the standard deviation
 * `√(Σ (y − mean)² / (n − 1))` over the runs, 0 for a single one. The two traces share a colour when the list is
 * passed to `plot` as one element. Points whose spread is not finite are left out of the band.
 *
 * @throws RangeError if neither `runs` nor both of `mean` and `spread` are given, if their lengths differ from that of
 *   `x`, if a spread is negative, or if no number is finite.
 * @example plot([band({ x: [0, 1], runs: [[1, 2], [3, 6]], name: "loss" })]).data[1].y // [2, 4]
 */
export function band({ runs, mean, spread, ...options }: BandOptions): Trace[] {
  const { x, name, color } = options;
  const summary = runs ? summarize(runs, x.length) : { mean, spread };
  if (!summary.mean || !summary.spread) {
    throw new RangeError("band: pass either runs, or both mean and spread.");
  }
  const [centre, half] = [summary.mean, summary.spread];
  if (half.length !== x.length) {
    throw new RangeError(
      `band: x has ${x.length} values but spread has ${half.length}. Each point needs both.`,
    );
  }
  const negative = Array.from(half).findIndex((value) => value < 0);
  if (negative !== -1) {
    throw new RangeError(`band: spread is ${half[negative]} at index ${negative}. Expected 0 or more.`);
  }
  const curve = line({ ...options, y: centre });
  const inside = Array.from(x, (_, i) => i).filter(
    (i) => Number.isFinite(centre[i]) && Number.isFinite(half[i]),
  );
  const around = [...inside, ...inside.toReversed()];
  const edge = around.map((i, k) => centre[i] + (k < inside.length ? half[i] : -half[i]));
  const fill = {
    type: "scatter",
    mode: "lines",
    x: numbers(around.map((i) => x[i])),
    y: numbers(edge),
    fill: "toself",
    opacity: 0.25,
    line: { width: 0, dash: "solid", ...(color && { color }) },
    ...(color && { fillcolor: color }),
    hoverinfo: "skip",
    ...(name !== undefined && { legendgroup: name }),
  } satisfies Partial<PlotData>;
  return [fill, name === undefined ? curve : { ...curve, legendgroup: name }];
}

function summarize(runs: ArrayLike<ArrayLike<number>>, points: number): { mean: number[]; spread: number[] } {
  const all = Array.from(runs);
  const odd = all.findIndex((run) => run.length !== points);
  if (all.length === 0) throw new RangeError("band: runs is empty. Expected at least one run.");
  if (odd !== -1) {
    throw new RangeError(
      `band: run ${odd} has ${all[odd].length} values, x has ${points}. Every run needs one per x.`,
    );
  }
  const mean = Array.from(
    { length: points },
    (_, i) => all.reduce((sum, run) => sum + run[i], 0) / all.length,
  );
  const spread = mean.map((centre, i) => {
    const squares = all.reduce((sum, run) => sum + (run[i] - centre) ** 2, 0);
    return Math.sqrt(squares / Math.max(all.length - 1, 1));
  });
  return { mean, spread };
}

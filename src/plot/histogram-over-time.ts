import { heatMap } from "./heat-map.js";
import { valuesOf, type Numbers } from "./matrix.js";
import type { Trace } from "./trace.js";

/** The numbers of each time, and how to count them. */
export interface HistogramOverTimeOptions {
  /** The times, such as training steps, in ascending order. */
  steps: ArrayLike<number>;
  /** The numbers seen at each time, such as the logits of a batch. */
  values: readonly Numbers[];
  /** How many equal bins from the lowest to the highest number; 40 unless told, at most 200. */
  bins?: number;
  /** Lowest and highest number counted, where the data's own are not wanted. */
  range?: readonly [lowest: number, highest: number];
}

/**
 * How a distribution moves: a column per time, lighter where more of that time's numbers are. Cells hold shares, in
 * percent of the finite numbers of their column; numbers outside `range` are in none. With very many times,
 * neighbours are averaged as {@link heatMap} does.
 *
 * @throws RangeError if there is not one set of numbers per step, none of the numbers is finite, `bins` is not a whole
 *   number from 1 to 200, or the range is empty.
 * @example histogramOverTime({ steps: [0], values: [[0, 1, 1, 1]], bins: 2 }).z // [[25], [75]]
 */
export function histogramOverTime({ steps, values, bins = 40, range }: HistogramOverTimeOptions): Trace {
  if (steps.length !== values.length) {
    throw new RangeError(
      `histogramOverTime: there are ${steps.length} steps but ${values.length} sets of values. Each step needs one.`,
    );
  }
  if (!Number.isInteger(bins) || bins < 1 || bins > 200) {
    throw new RangeError(`histogramOverTime: bins is ${bins}. Expected a whole number from 1 to 200.`);
  }
  const columns = values.map((set) => Array.from(valuesOf(set)).filter(Number.isFinite));
  const [lowest, highest] = range ?? extent(columns);
  if (!(lowest <= highest) || (range && lowest === highest)) {
    throw new RangeError(
      range
        ? `histogramOverTime: range is [${lowest}, ${highest}]. Expected a lower and a higher end.`
        : "histogramOverTime: values has no finite number. Look where they are computed.",
    );
  }
  const width = (highest - lowest || 1) / bins;
  const start = highest > lowest ? lowest : lowest - 0.5;
  const shares = Array.from({ length: bins }, () => new Float64Array(columns.length));
  columns.forEach((column, step) => {
    for (const value of column) {
      const bin = Math.min(Math.floor((value - start) / width), bins - 1);
      if (value >= start && value <= start + width * bins * (1 + 1e-12))
        shares[bin][step] += 100 / column.length;
    }
  });
  const centres = shares.map((_, bin) => start + (bin + 0.5) * width);
  return heatMap({ z: shares, x: steps, y: centres, name: "share in %", cellText: false });
}

function extent(columns: readonly (readonly number[])[]): [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of columns.flat()) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return [lowest, highest];
}

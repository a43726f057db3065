import type { PlotData } from "plotly.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { scatter } from "./scatter.js";
import { ink, nth, palette, symbols } from "./style.js";
import { checkFinite, numbers, type Trace } from "./trace.js";

/** The region to colour and the points to draw on it. */
export interface DecisionBoundaryOptions {
  /** Left and right end of the region. */
  x: readonly [from: number, to: number];
  /** Lower and upper end of the region. */
  y: readonly [from: number, to: number];
  /**
   * The scores of the classes at a point; the largest wins. A single number is the score of class 1 against class 0.
   * Or the scores on an even grid over the region, `[rows, columns, classes]` with row 0 at the lower end of `y`.
   */
  scores: ((x: number, y: number) => number | ArrayLike<number>) | Tensor;
  /** Where a single score changes from class 0 to class 1: 0.5, as for probabilities, unless told. */
  threshold?: number;
  /** Points to draw over it, with their classes: 0, 1, … */
  points?: { x: ArrayLike<number>; y: ArrayLike<number>; class: ArrayLike<number> };
  /** Names of the classes for the legend; "class 0", "class 1", … unless told. */
  classes?: readonly string[];
  /** Grid points along each axis where `scores` is a function, 60 unless told, at most 100. */
  resolution?: number;
}

/**
 * Which class wins where: tinted regions, the lines between them, and the data with a marker per class. Where two
 * scores tie the line is drawn by interpolation, so it is smooth on a coarse grid, too. Pass the list to `plot`.
 *
 * @throws RangeError if the region is empty, `resolution` is not a whole number from 2 to 100, a grid of scores is not
 *   of shape [rows, columns, classes], the scores differ in number or are not finite, or the points differ in length
 *   or have a class without a score.
 * @example
 * const disc = decisionBoundary({ x: [-1, 1], y: [-1, 1], scores: (x, y) => x * x + y * y, resolution: 3 });
 * disc[0].z // [[1, 1, 1], [1, 0, 1], [1, 1, 1]]
 */
export function decisionBoundary(options: DecisionBoundaryOptions): Trace[] {
  const { x, y, scores, threshold = 0.5, resolution = 60, points } = options;
  for (const [name, [from, to]] of Object.entries({ x, y })) {
    if (!(from < to)) {
      throw new RangeError(
        `decisionBoundary: ${name} is [${from}, ${to}]. Expected a lower and a higher end.`,
      );
    }
  }
  const grid = scores instanceof Tensor ? gridOf(scores) : evaluate(scores, x, y, resolution, threshold);
  const count = grid[0][0].length;
  const xs = evenly(x, grid[0].length);
  const ys = evenly(y, grid.length);
  const winner = grid.map((row) => row.map((list) => list.indexOf(Math.max(...list))));
  const name = (index: number) => options.classes?.[index] ?? `class ${index}`;
  const region = {
    type: "heatmap",
    x: xs,
    y: ys,
    z: winner,
    zmin: -0.5,
    zmax: count - 0.5,
    colorscale: steps(count),
    opacity: 0.25,
    showscale: false,
    text: winner.map((row) => row.map(name)) as unknown as string[],
    hovertemplate: "(%{x}, %{y}): %{text}<extra></extra>",
  } satisfies Partial<PlotData>;
  // Two classes share one line; with more, each class has the outline of its region.
  const outlined = count === 2 ? [1] : Array.from({ length: count }, (_, k) => k);
  const lines = outlined.map((k) => outline(xs, ys, grid, k));
  return [region, ...lines, ...(points ? markers(points, count, name) : names(xs, ys, grid, name))];
}

type Grid = number[][][];

function gridOf({ shape, data }: Tensor): Grid {
  if (shape.length !== 3 || shape[2] < 2 || shape[0] < 2 || shape[1] < 2) {
    throw new RangeError(
      `decisionBoundary: scores has shape ${show(shape)}. Expected [rows, columns, classes], each at least 2.`,
    );
  }
  const [rows, columns, classes] = shape;
  checkFinite("decisionBoundary", "scores", [data]);
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const start = (i * columns + j) * classes;
      return Array.from(data.subarray(start, start + classes));
    }),
  );
}

function evaluate(
  scores: (x: number, y: number) => number | ArrayLike<number>,
  x: readonly [number, number],
  y: readonly [number, number],
  resolution: number,
  threshold: number,
): Grid {
  if (!Number.isInteger(resolution) || resolution < 2 || resolution > 100) {
    throw new RangeError(
      `decisionBoundary: resolution is ${resolution}. Expected a whole number from 2 to 100.`,
    );
  }
  let count: number | undefined;
  return evenly(y, resolution).map((yi) =>
    evenly(x, resolution).map((xj) => {
      const score = scores(xj, yi);
      const list = typeof score === "number" ? [threshold, score] : Array.from(score);
      count ??= list.length;
      const where = `scores at (${xj}, ${yi})`;
      if (list.length !== count || count < 2) {
        throw new RangeError(
          `decisionBoundary: ${where} has ${list.length} classes. Expected ${Math.max(count, 2)}.`,
        );
      }
      if (list.some((value) => !Number.isFinite(value))) {
        throw new RangeError(`decisionBoundary: ${where} is ${list.join(", ")}. Expected finite numbers.`);
      }
      return list;
    }),
  );
}

function evenly([from, to]: readonly [number, number], count: number): number[] {
  return Array.from({ length: count }, (_, i) =>
    Number((from + ((to - from) * i) / (count - 1)).toPrecision(7)),
  );
}

/** A colour scale of `count` steps, one per class. */
function steps(count: number): [number, string][] {
  return Array.from({ length: count }, (_, k) => k).flatMap((k): [number, string][] => [
    [k / count, nth(palette, k)],
    [(k + 1) / count, nth(palette, k)],
  ]);
}

/** By how much class `k` beats the best other one; negative where it loses. */
function margin(list: readonly number[], k: number): number {
  return list[k] - Math.max(...list.filter((_, other) => other !== k));
}

function outline(x: number[], y: number[], grid: Grid, k: number): Trace {
  return {
    type: "contour",
    x,
    y,
    z: grid.map((row) =>
      numbers(
        row.map((list) => margin(list, k)),
        3,
      ),
    ),
    contours: { start: 0, end: 0, size: 1, coloring: "none", showlabels: false },
    line: { width: 2, color: ink },
    showscale: false,
    showlegend: false,
    hoverinfo: "skip",
  } satisfies Partial<PlotData>;
}

function markers(
  { x, y, class: classes }: NonNullable<DecisionBoundaryOptions["points"]>,
  count: number,
  name: (index: number) => string,
): Trace[] {
  if (x.length !== y.length || x.length !== classes.length) {
    throw new RangeError(
      `decisionBoundary: points has ${x.length} x, ${y.length} y and ${classes.length} classes. ` +
        `Each point needs all three.`,
    );
  }
  const odd = Array.from(classes).find((k) => !(Number.isInteger(k) && k >= 0 && k < count));
  if (odd !== undefined) {
    throw new RangeError(
      `decisionBoundary: a point has class ${odd}. There are scores for 0 to ${count - 1}.`,
    );
  }
  return Array.from({ length: count }, (_, k) => k).flatMap((k) => {
    const own = Array.from(x, (_, i) => i).filter((i) => classes[i] === k);
    if (own.length === 0) return [];
    const [color, symbol] = [nth(palette, k), nth(symbols, k)];
    return [scatter({ x: own.map((i) => x[i]), y: own.map((i) => y[i]), name: name(k), color, symbol })];
  });
}

/** Without points, each class is named in the middle of its region: at its own grid point nearest to their mean. */
function names(x: number[], y: number[], grid: Grid, name: (index: number) => string): Trace[] {
  const cells = grid.flatMap((row, i) => row.map((list, j) => ({ list, x: x[j], y: y[i] })));
  const places = grid[0][0].flatMap((_, k) => {
    const own = cells.filter(({ list }) => list.indexOf(Math.max(...list)) === k);
    if (own.length === 0) return [];
    const [meanX, meanY] = [mean(own.map((cell) => cell.x)), mean(own.map((cell) => cell.y))];
    const away = (cell: { x: number; y: number }) => Math.hypot(cell.x - meanX, cell.y - meanY);
    return [{ k, ...own.reduce((a, b) => (away(b) < away(a) ? b : a)) }];
  });
  return [
    {
      type: "scatter",
      mode: "text",
      x: places.map((place) => place.x),
      y: places.map((place) => place.y),
      text: places.map(({ k }) => name(k)),
      textfont: { color: ink },
      hoverinfo: "skip",
    } satisfies Partial<PlotData>,
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { animate, type Step } from "./animation.js";
import { contour, type ContourOptions } from "./contour.js";
import { Figure } from "./figure.js";
import type { PlotOptions } from "./layout.js";
import { line } from "./line.js";
import { plot } from "./plot.js";
import { scatter } from "./scatter.js";
import { numbers } from "./trace.js";

/** Where an optimizer was after 0, 1, 2, … steps. */
export interface Path {
  /** The abscissas of its points, in their order. */
  x: ArrayLike<number>;
  /** The ordinates of its points. */
  y: ArrayLike<number>;
  /** The optimizer, for the legend. */
  name: string;
}

/** The paths, and the landscape they descend on. */
export interface TrajectoriesOptions extends PlotOptions {
  /** The function the paths descend on. */
  landscape: ContourOptions;
  /** The ways that optimizers took. */
  paths: readonly Path[];
}

/** Moments that the slider stops at. */
const moments = 50;
/** Faint to strong, leaving the colours to the paths. */
const greys: [number, string][] = [
  [0, "rgba(118, 118, 118, 0.02)"],
  [1, "rgba(118, 118, 118, 0.5)"],
];
/** Positions that trail behind each marker. */
const trail = 15;

/**
 * Paths of optimizers on the lines of equal height: each whole path as a thin line, and a slider that moves a marker
 * with the last 15 positions along it, all paths at the same step. Paths of different lengths wait at their ends, and
 * a path ends where it stops being finite. Of more than 50 steps the slider stops at 50.
 *
 * @throws RangeError if there is no path, a path's x and y differ in length, its start is missing or not finite, or as
 *   {@link contour} does.
 * @example
 * const landscape = { x: [-1, 0, 1], y: [-1, 0, 1], z: (x: number, y: number) => x * x + 4 * y * y };
 * trajectories({ landscape, paths: [{ x: [1, 0.5, 0], y: [0, 0, 0], name: "SGD" }] }).frames.length // 3
 */
export function trajectories({ landscape, paths: given, ...options }: TrajectoriesOptions): Figure {
  if (given.length === 0) throw new RangeError("trajectories: there are no paths. Pass at least one.");
  const paths = given.map(untilDiverged);
  const longest = Math.max(...paths.map(({ x }) => x.length)) - 1;
  const stops = Array.from({ length: Math.min(longest + 1, moments) }, (_, i) =>
    Math.round((i * longest) / Math.max(Math.min(longest + 1, moments) - 1, 1)),
  );
  const still = paths.map(({ x, y, name }) => [
    { ...line({ x, y, width: 1.3 }), hoverinfo: "skip" },
    {
      ...scatter({ ...upTo({ x, y }, longest), name, size: 10 }),
      mode: "lines+markers",
      line: { width: 3 },
    },
  ]);
  const { x = {}, y = {}, ...rest } = options;
  const within = (axis: NonNullable<PlotOptions["x"]>, values: ArrayLike<number>) => ({
    range: [values[0], values[values.length - 1]] as [number, number],
    ...(typeof axis === "string" ? { title: axis } : axis),
  });
  const figure = plot([{ ...contour(landscape), colorscale: greys }, ...still], {
    height: 460,
    x: within(x, landscape.x),
    y: within(y, landscape.y),
    ...rest,
  });
  const steps = stops.map((step): Step => ({
    label: `step ${step}`,
    data: paths.map((path) => {
      const { x: xs, y: ys } = upTo(path, step);
      return { x: numbers(xs, 4), y: numbers(ys, 4), marker: sizes(xs.length) };
    }),
    traces: paths.map((_, i) => 2 * i + 2),
  }));
  // The marker stands at the last position only; the ones before it are the line behind it.
  const data = figure.data.map((trace, i) =>
    i > 0 && i % 2 === 0
      ? { ...trace, marker: { ...(trace["marker"] as object), ...sizes((trace["x"] as unknown[]).length) } }
      : trace,
  );
  return animate(new Figure(data, figure.layout), steps, 80);
}

/** The path up to its first position that is not finite. */
function untilDiverged({ x, y, name }: Path): Path {
  if (x.length !== y.length) {
    throw new RangeError(
      `trajectories: path "${name}" has ${x.length} x but ${y.length} y. Each position needs both.`,
    );
  }
  const finite = Array.from(x, (value, i) => Number.isFinite(value) && Number.isFinite(y[i]));
  const end = finite.includes(false) ? finite.indexOf(false) : x.length;
  if (end === 0) {
    throw new RangeError(
      `trajectories: path "${name}" has no start that is finite. Expected at least one position.`,
    );
  }
  const cut = (values: ArrayLike<number>) => Array.prototype.slice.call(values, 0, end) as number[];
  return { x: cut(x), y: cut(y), name };
}

/** The positions shown at a step: the last few up to it. */
function upTo({ x, y }: Pick<Path, "x" | "y">, step: number): { x: number[]; y: number[] } {
  const end = Math.min(step + 1, x.length);
  const start = Math.max(0, end - trail);
  const cut = (values: ArrayLike<number>) => Array.prototype.slice.call(values, start, end) as number[];
  return { x: cut(x), y: cut(y) };
}

function sizes(length: number): { size: number[] } {
  return { size: Array.from({ length }, (_, i) => (i === length - 1 ? 10 : 0)) };
}

import type { Figure } from "./figure.js";
import { line } from "./line.js";
import { panels } from "./panels.js";
import { plot } from "./plot.js";
import { scatter } from "./scatter.js";
import { nth, palette, symbols } from "./style.js";
import type { Trace } from "./trace.js";

/** The region to warp, its grid, and the points on it. */
export interface PlaneWarpOptions {
  /** Left and right end of the region before the map; −1 to 1 unless told. */
  x?: readonly [from: number, to: number];
  /** Lower and upper end of the region before the map; −1 to 1 unless told. */
  y?: readonly [from: number, to: number];
  /** Grid lines in each direction, 11 unless told, at most 25. */
  lines?: number;
  /** Points that go through the map as well, with their classes: 0, 1, … */
  points?: { x: ArrayLike<number>; y: ArrayLike<number>; class?: ArrayLike<number> };
  /** A line above the figure. */
  title?: string;
  /** Titles of the two axes after the map; "h₁" and "h₂" unless told. */
  axes?: readonly [string, string];
}

/** Points on each grid line: enough for smooth curves, 50 lines of them are some 70 kB. */
const pointsPerLine = 61;

/**
 * What a map of the plane does: a grid, and points, before it on the left and after it on the right. Lines that ran
 * upward are dashed on both sides. Straight lines stay straight under an affine map; ReLU folds them.
 *
 * @throws RangeError if `lines` is not a whole number from 2 to 25, a region is empty, the points differ in length, or
 *   `map` returns anything but two finite numbers.
 * @example planeWarp((x, y) => [x + y, y], { lines: 2 }).data.length // 4
 */
export function planeWarp(
  map: (x: number, y: number) => ArrayLike<number>,
  options: PlaneWarpOptions = {},
): Figure {
  const { x = [-1, 1], y = [-1, 1], lines = 11, points, axes = ["h₁", "h₂"], title } = options;
  if (!Number.isInteger(lines) || lines < 2 || lines > 25) {
    throw new RangeError(`planeWarp: lines is ${lines}. Expected a whole number from 2 to 25.`);
  }
  for (const [name, [from, to]] of Object.entries({ x, y })) {
    if (!(from < to)) {
      throw new RangeError(`planeWarp: ${name} is [${from}, ${to}]. Expected a lower and a higher end.`);
    }
  }
  const classes = points ? classesOf(points) : [];
  const side = (through: (x: number, y: number) => ArrayLike<number>): Trace[] => [
    gridLines(through, x, y, lines, "horizontal"),
    gridLines(through, y, x, lines, "vertical"),
    ...classes.map(({ k, xs, ys }) => {
      const images = xs.map((value, i) => through(value, ys[i]));
      const look = { color: nth(palette, k + 2), symbol: nth(symbols, k) };
      return scatter({
        x: images.map((image) => image[0]),
        y: images.map((image) => image[1]),
        name: `class ${k}`,
        ...look,
      });
    }),
  ];
  const checked = (a: number, b: number) => {
    const image = map(a, b);
    if (image.length === 2 && Number.isFinite(image[0]) && Number.isFinite(image[1])) return image;
    throw new RangeError(
      `planeWarp: the map sends (${a}, ${b}) to [${Array.from(image).join(", ")}]. Expected two finite numbers.`,
    );
  };
  const before = plot(
    side((a, b) => [a, b]),
    { title: "before", x: "x₁", y: "x₂", equalAxes: true },
  );
  const after = plot(side(checked), { title: "after", x: axes[0], y: axes[1], equalAxes: true });
  return panels([before, after], { rowHeight: 440, ...(title !== undefined && { title }) });
}

/** All lines of one direction as one trace, with gaps between them. */
function gridLines(
  through: (x: number, y: number) => ArrayLike<number>,
  along: readonly [number, number],
  across: readonly [number, number],
  count: number,
  direction: "horizontal" | "vertical",
): Trace {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < count; i++) {
    const level = across[0] + ((across[1] - across[0]) * i) / (count - 1);
    for (let j = 0; j < pointsPerLine; j++) {
      const position = along[0] + ((along[1] - along[0]) * j) / (pointsPerLine - 1);
      const [a, b] = direction === "horizontal" ? [position, level] : [level, position];
      const image = through(a, b);
      xs.push(image[0]);
      ys.push(image[1]);
    }
    xs.push(NaN);
    ys.push(NaN);
  }
  const dash = direction === "horizontal" ? "solid" : "dash";
  return { ...line({ x: xs, y: ys, dash, width: 1.8 }), hoverinfo: "skip" };
}

function classesOf({ x, y, class: classes }: NonNullable<PlaneWarpOptions["points"]>) {
  if (x.length !== y.length || (classes && classes.length !== x.length)) {
    throw new RangeError(
      `planeWarp: points has ${x.length} x, ${y.length} y` +
        `${classes ? ` and ${classes.length} classes` : ""}. Each point needs all of them.`,
    );
  }
  const all = Array.from(x, (_, i) => ({ k: classes?.[i] ?? 0, x: x[i], y: y[i] }));
  return [...new Set(all.map(({ k }) => k))]
    .sort((a, b) => a - b)
    .map((k) => {
      const own = all.filter((point) => point.k === k);
      return { k, xs: own.map((point) => point.x), ys: own.map((point) => point.y) };
    });
}

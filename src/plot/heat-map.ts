import type { PlotData } from "plotly.js";
import { rowsOf, type Matrix } from "./matrix.js";
import { divergingScale, sequentialScale } from "./style.js";
import { blockCentres, blockMeans, blockSize } from "./thin.js";
import { numbers, type Trace } from "./trace.js";

/** The numbers to colour, and where they lie. */
export interface HeatMapOptions {
  /** The number of each cell, `[rows, columns]`. */
  z: Matrix;
  /** Abscissas of the columns. Without `x` and `y` the map is drawn as a matrix is printed: row 0 on top. */
  x?: ArrayLike<number>;
  /** Ordinates of the rows. */
  y?: ArrayLike<number>;
  /** What `z` is, written beside the colour bar. */
  name?: string;
  /** Blue below 0, white at 0, vermilion above, in place of dark to light. */
  diverging?: boolean;
  /** Whether to write each number into its cell; up to 200 cells unless told. */
  cellText?: boolean;
  /** Whether to draw the colour bar, as is done unless told. */
  colorBar?: boolean;
}

/**
 * A cell per number, coloured by its size; larger is lighter. Of more than 25 000 cells, square blocks of
 * neighbours are drawn as their mean.
 *
 * @throws RangeError if `z` is ragged, empty, not two-dimensional or without a finite number, or if `x` or `y` does
 *   not have one number per column or row.
 * @example plot(heatMap({ z: [[1, 0], [0, 1]] })).data[0].z // [[1, 0], [0, 1]]
 */
export function heatMap({
  z,
  x,
  y,
  name,
  diverging = false,
  cellText,
  colorBar = true,
}: HeatMapOptions): Trace {
  const rows = rowsOf("heatMap", "z", z);
  const [height, width] = [rows.length, rows[0].length];
  checkLength("x", "column", x, width);
  checkLength("y", "row", y, height);
  const size = blockSize(height, width);
  const places = (given: ArrayLike<number> | undefined, length: number) =>
    size > 1 && given === undefined ? Array.from({ length }, (_, i) => i) : given;
  const [columns, lines] = [places(x, width), places(y, height)];
  const drawn = blockMeans(rows, size).map((row) => numbers(row, 4));
  return {
    type: "heatmap",
    z: drawn,
    ...(columns && { x: numbers(blockCentres(columns, size)) }),
    ...(lines && { y: numbers(blockCentres(lines, size)) }),
    colorscale: diverging ? divergingScale : sequentialScale,
    ...(diverging && { zmid: 0 }),
    showscale: colorBar,
    ...(colorBar && { colorbar: { outlinewidth: 0, ...(name !== undefined && { title: { text: name } }) } }),
    ...((cellText ?? height * width <= 200) && { texttemplate: "%{z}", textfont: { size: 12 } }),
    hoverongaps: false,
    hovertemplate: "(%{x}, %{y}): %{z}<extra></extra>",
  } satisfies Partial<PlotData> & { texttemplate?: string };
}

function checkLength(
  axis: string,
  what: string,
  given: ArrayLike<number> | undefined,
  expected: number,
): void {
  if (given && given.length !== expected) {
    throw new RangeError(
      `heatMap: ${axis} has ${given.length} numbers, z has ${expected} ${what}s. Expected one per ${what}.`,
    );
  }
}

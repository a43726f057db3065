import { animate, type Step } from "./animation.js";
import type { Figure } from "./figure.js";
import { heatMap } from "./heat-map.js";
import { rowsOf, type Matrix } from "./matrix.js";
import { panels } from "./panels.js";
import { plot } from "./plot.js";
import { numbers, type Trace } from "./trace.js";

/** What is convolved with what, and how. */
export interface ConvolutionAnimationOptions {
  /** One channel of an image, `[H, W]`. */
  input: Matrix;
  /** The filter, `[kH, kW]`. */
  kernel: Matrix;
  /** Added to each output; 0 unless told. */
  bias?: number;
  /** Cells the window moves at a time, 1 unless told. */
  stride?: number;
  /** Rings of zeros around the input, none unless told. */
  padding?: number;
}

/** Frames hold the output each, so their sizes multiply: 100 steps stay below 100 kB. */
const maxSteps = 100;

/**
 * A filter sliding over an image: the (padded) input with the window on it, the kernel, and the output as it grows,
 * cell by cell, numbers in all cells. The slider spells out each sum.
 *
 *     out[i, j] = bias + Σ_{a, b} kernel[a, b] · input[i·stride + a − padding, j·stride + b − padding]
 *
 * Output: `[⌊(H + 2·padding − kH) / stride⌋ + 1, ⌊(W + 2·padding − kW) / stride⌋ + 1]`, at most 100 cells.
 *
 * @throws RangeError if input or kernel is ragged, empty or not two-dimensional, the kernel is larger than the padded
 *   input, stride or padding is not a whole number (from 1, from 0), or the output has more than 100 cells.
 * @example convolutionAnimation({ input: [[1, 2, 3]], kernel: [[1, 1]] }).data[3].z // [[3, 5]]
 */
export function convolutionAnimation(options: ConvolutionAnimationOptions): Figure {
  const { bias = 0, stride = 1, padding = 0 } = options;
  checkWhole("stride", stride, 1);
  checkWhole("padding", padding, 0);
  const input = padded(rowsOf("convolutionAnimation", "input", options.input), padding);
  const kernel = rowsOf("convolutionAnimation", "kernel", options.kernel);
  const [kH, kW] = [kernel.length, kernel[0].length];
  const rows = Math.floor((input.length - kH) / stride) + 1;
  const columns = Math.floor((input[0].length - kW) / stride) + 1;
  if (rows < 1 || columns < 1) {
    throw new RangeError(
      `convolutionAnimation: the kernel [${kH}, ${kW}] is larger than the padded input ` +
        `[${input.length}, ${input[0].length}].`,
    );
  }
  if (rows * columns > maxSteps) {
    throw new RangeError(
      `convolutionAnimation: the output [${rows}, ${columns}] has ${rows * columns} cells, at most ${maxSteps} can be ` +
        `shown. Take a smaller input or a larger stride.`,
    );
  }
  const places = Array.from(
    { length: rows * columns },
    (_, n) => [Math.floor(n / columns), n % columns] as const,
  );
  const terms = places.map(([i, j]) =>
    kernel.flatMap((row, a) =>
      Array.from(row, (weight, b) => [weight, input[i * stride + a][j * stride + b]]),
    ),
  );
  const results = terms.map((list) => list.reduce((sum, [weight, value]) => sum + weight * value, bias));
  const [inputMap, kernelMap] = [input, kernel].map((z) => heatMap({ z, cellText: true, colorBar: false }));
  const outputMap = (done: number) =>
    Array.from({ length: rows }, (_, i) =>
      numbers(
        Array.from({ length: columns }, (_, j) => (i * columns + j < done ? results[i * columns + j] : NaN)),
        4,
      ),
    );
  const [lowest, highest] = [Math.min(...results), Math.max(...results)];
  const fixedScale = highest > lowest ? { zmin: lowest, zmax: highest } : {};
  const output = {
    ...heatMap({
      z: outputMap(results.length).map((row) => row.map((v) => v ?? NaN)),
      cellText: true,
      colorBar: false,
    }),
    ...fixedScale,
  };
  const [lastRow, lastColumn] = places[places.length - 1];
  const title = (name: string, height: number, width: number) => ({
    title: `${name} [${height}, ${width}]`,
    x: "column",
    y: "row",
    equalAxes: true,
  });
  const figure = panels(
    [
      plot(
        [inputMap, frame(lastRow * stride, lastColumn * stride, kH, kW)],
        title(padding > 0 ? "padded input" : "input", input.length, input[0].length),
      ),
      plot(kernelMap, title("kernel", kH, kW)),
      plot([output, frame(lastRow, lastColumn, 1, 1)], title("output", rows, columns)),
    ],
    { columns: 3, rowHeight: 340 },
  );
  const steps = places.map(([i, j], n): Step => {
    const corners = [frame(i * stride, j * stride, kH, kW), frame(i, j, 1, 1)];
    return {
      label: `output[${i}, ${j}] = ${sumText(terms[n], bias)} = ${short(results[n])}`,
      data: [...corners.map(({ x, y }) => ({ x, y })), { z: outputMap(n + 1) }],
      traces: [1, 4, 3],
    };
  });
  return animate(figure, steps, 700);
}

function checkWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`convolutionAnimation: ${name} is ${value}. Expected a whole number from ${least}.`);
}

function padded(rows: readonly ArrayLike<number>[], padding: number): number[][] {
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const side = zeros(padding);
  const ring = Array.from({ length: padding }, () => zeros(rows[0].length + 2 * padding));
  return [...ring, ...rows.map((row) => [...side, ...Array.from(row), ...side]), ...ring];
}

/** The outline of cells: thick, in a hue that no cell has. */
function frame(row: number, column: number, height: number, width: number): Trace {
  const [left, right, top, bottom] = [column - 0.5, column + width - 0.5, row - 0.5, row + height - 0.5];
  return {
    type: "scatter",
    mode: "lines",
    x: [left, right, right, left, left],
    y: [top, top, bottom, bottom, top],
    line: { color: "#d55e00", width: 5, dash: "solid" },
    cliponaxis: false,
    hoverinfo: "skip",
  };
}

/** `1·1 + 0·0 + …`, of larger kernels only the terms that count, of many the first ones. */
function sumText(terms: readonly (readonly number[])[], bias: number): string {
  const counting = terms.filter(([weight, value]) => weight !== 0 && value !== 0);
  const products = counting.slice(0, 6).map(([weight, value]) => `${short(weight)}·${short(value)}`);
  const list = [...products, ...(counting.length > 6 ? ["…"] : []), ...(bias === 0 ? [] : [short(bias)])];
  return list.length === 0 ? "0" : list.join(" + ");
}

function short(value: number): string {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

import type { Figure } from "./figure.js";
import { line } from "./line.js";
import { valuesOf, type Numbers } from "./matrix.js";
import { panels } from "./panels.js";
import { plot } from "./plot.js";
import type { Trace } from "./trace.js";

/** What {@link layerStatistics} draws of one layer. */
export interface LayerStatistics {
  /** The name that was given. */
  name: string;
  /** The mean of its activations. */
  mean: number;
  /** Standard deviation, `√(Σ (v − mean)² / n)`. */
  std: number;
  /** Share of the values that are saturated, from 0 to 1. */
  saturation: number;
}

/** What counts as saturated, and the title. */
export interface LayerStatisticsOptions {
  /** Which activations are saturated: |v| > 0.97, as for tanh, unless told. ReLU's are at `(v) => v === 0`. */
  isSaturated?: (value: number) => boolean;
  /** A line above the figure. */
  title?: string;
}

/**
 * Mean, standard deviation and saturated share of each layer's activations (or gradients, or weights), computed once
 * over all finite values; NaN where there is none.
 *
 * @throws RangeError if there is no layer.
 * @example summarizeLayers([{ name: "tanh 1", values: [-1, 1] }])[0].std // 1
 */
export function summarizeLayers(
  layers: readonly { name: string; values: Numbers }[],
  { isSaturated = (value) => Math.abs(value) > 0.97 }: LayerStatisticsOptions = {},
): LayerStatistics[] {
  if (layers.length === 0) throw new RangeError("layerStatistics: there are no layers. Pass at least one.");
  return layers.map(({ name, values }) => {
    const list = Array.from(valuesOf(values)).filter(Number.isFinite);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    const std = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
    return { name, mean, std, saturation: list.filter(isSaturated).length / list.length };
  });
}

/**
 * Per-layer statistics from the first layer to the last: mean with bars of one standard deviation, the standard
 * deviation on a logarithmic axis (where vanishing and exploding show), and the saturated share in percent.
 *
 * @throws RangeError if there is no layer, or none has a finite value.
 * @example layerStatistics([{ name: "h1", values: [0, 2] }, { name: "h2", values: [1, 1.5] }]).data[0].y // [1, 1.25]
 */
export function layerStatistics(
  layers: readonly { name: string; values: Numbers }[],
  options: LayerStatisticsOptions = {},
): Figure {
  const all = summarizeLayers(layers, options);
  if (all.every(({ mean }) => Number.isNaN(mean))) {
    throw new RangeError("layerStatistics: no layer has a finite value. Look where they are computed.");
  }
  const place = all.map((_, i) => i + 1);
  const spread = all.map(({ std }) => (Number.isFinite(std) ? Number(std.toPrecision(4)) : 0));
  const mean = {
    ...line({ x: place, y: all.map((layer) => layer.mean), markers: true }),
    text: all.map(({ name }) => name),
    hovertemplate: "%{text}: %{y}<extra></extra>",
    error_y: { type: "data", array: spread, visible: true, thickness: 1.5 },
  };
  // A logarithmic axis has no place for 0: constant layers leave a gap.
  const std = curve(all, ({ std }) => (std > 0 ? std : NaN));
  const share = curve(all, ({ saturation }) => 100 * saturation);
  return panels(
    [
      plot(mean, { title: "mean ± standard deviation", x: "layer", y: "activation" }),
      plot(std, {
        title: "standard deviation",
        x: "layer",
        y: { title: "standard deviation", log: true },
      }),
      plot(share, { title: "saturated", x: "layer", y: { title: "share in %", range: [-2, 102] } }),
    ],
    { columns: 3, rowHeight: 340, ...(options.title !== undefined && { title: options.title }) },
  );
}

/** A number per layer, joined. Layers without one are left out, which may be all: the other panels still have some. */
function curve(all: readonly LayerStatistics[], value: (layer: LayerStatistics) => number): Trace {
  const shown = all.map((layer, i) => ({ name: layer.name, x: i + 1, y: value(layer) }));
  const present = shown.filter(({ y }) => Number.isFinite(y));
  return {
    ...line({ x: present.map(({ x }) => x), y: present.map(({ y }) => y), markers: true }),
    text: present.map(({ name }) => name),
    hovertemplate: "%{text}: %{y}<extra></extra>",
  };
}

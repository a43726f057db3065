import { createRequire } from "node:module";
import type { encode } from "fast-png";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Figure } from "./figure.js";
import { plot } from "./plot.js";
import { ink } from "./style.js";

/** What stands above the images, and how many stand in a row. */
export interface ImageGridOptions {
  /** A line above each image, such as its label and the prediction. */
  labels?: readonly string[];
  /** Images in a row; about as many as rows unless told. */
  columns?: number;
  /** Numbers drawn black and white (or dark and full, per channel); the lowest and highest of all images unless told. */
  range?: readonly [lowest: number, highest: number];
  /** A line above the grid. */
  title?: string;
}

/** Pixels of a figure: at worst 4 characters each, where nothing compresses. */
const maxPixels = 60_000;
/** Pixels between two images in the grid, in the images' own pixels. */
const gutter = 2;

/**
 * Images side by side: digits, filters, activation maps. All share one range of brightness. At most 60 000 pixels are
 * drawn (76 of 28 × 28): of more images the first ones, and the title says so.
 *
 * Shapes: `images [n, H, W]` or `[n, 1, H, W]` for grey, `[n, 3, H, W]` for red, green and blue.
 *
 * @throws RangeError if the shape is none of these or empty, a single image has more than 60 000 pixels, none of the
 *   numbers is finite, `columns` is not a whole number from 1, the range is empty, or there is not one label per image.
 * @example imageGrid(rand([10, 28, 28]), { labels: [..."0123456789"] }).data[0].type // "image"
 */
export function imageGrid(images: Tensor, options: ImageGridOptions = {}): Figure {
  const { labels, title } = options;
  const [count, channels, height, width] = sizes(images);
  if (labels && labels.length !== count) {
    throw new RangeError(
      `imageGrid: there are ${labels.length} labels for ${count} images. Expected one per image.`,
    );
  }
  const shown = Math.min(count, Math.floor(maxPixels / (height * width)));
  if (shown === 0) {
    throw new RangeError(`imageGrid: an image of [${height}, ${width}] has more than ${maxPixels} pixels.`);
  }
  const columns = options.columns ?? Math.ceil(Math.sqrt(shown * 1.6));
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RangeError(`imageGrid: columns is ${columns}. Expected a whole number from 1.`);
  }
  const across = Math.min(columns, shown);
  const rows = Math.ceil(shown / across);
  // With labels, each row of images has a strip of a third of its height above it.
  const strip = labels ? Math.max(gutter, Math.ceil(height / 3)) : gutter;
  const [pitchX, pitchY] = [width + gutter, height + strip];
  const [totalX, totalY] = [across * pitchX - gutter, rows * pitchY];
  const pixels = new Uint8Array(totalX * totalY * 4);
  const brightness = scale(images, options.range);
  for (let n = 0; n < shown; n++) {
    const [left, top] = [(n % across) * pitchX, Math.floor(n / across) * pitchY + strip];
    for (let i = 0; i < height * width; i++) {
      const target = 4 * ((top + Math.floor(i / width)) * totalX + left + (i % width));
      for (let c = 0; c < 3; c++) {
        const source = (n * channels + Math.min(c, channels - 1)) * height * width + i;
        pixels[target + c] = brightness(images.data[source]);
      }
      pixels[target + 3] = 255;
    }
  }
  const png = Buffer.from(
    pngEncoder()({ width: totalX, height: totalY, data: pixels, channels: 4, depth: 8 }),
  );
  const picture = {
    type: "image",
    source: `data:image/png;base64,${png.toString("base64")}`,
    hoverinfo: "skip",
  };
  const names = labels && {
    type: "scatter",
    mode: "text",
    x: labels.slice(0, shown).map((_, n) => (n % across) * pitchX + (width - 1) / 2),
    y: labels.slice(0, shown).map((_, n) => Math.floor(n / across) * pitchY + strip / 2),
    text: labels.slice(0, shown),
    textfont: { color: ink, size: 12 },
    hoverinfo: "skip",
  };
  const heading = [title, shown < count && `first ${shown} of ${count} images`].filter(Boolean).join(" · ");
  const figure = plot(names ? [picture, names] : [picture], { ...(heading !== "" && { title: heading }) });
  const hidden = { visible: false, range: [-1.5, totalX + 0.5], constrain: "domain" };
  return new Figure(figure.data, {
    ...figure.layout,
    height: Math.min(900, Math.max(160, Math.round((totalY / totalX) * 700))) + (heading === "" ? 20 : 70),
    margin: { l: 10, r: 10, t: heading === "" ? 10 : 60, b: 10 },
    xaxis: hidden,
    yaxis: { ...hidden, range: [totalY - 0.5, -0.5], scaleanchor: "x" },
  });
}

function sizes({ shape }: Tensor): [count: number, channels: number, height: number, width: number] {
  const full = shape.length === 3 ? [shape[0], 1, shape[1], shape[2]] : [...shape];
  if (full.length !== 4 || ![1, 3].includes(full[1]) || full.includes(0)) {
    throw new RangeError(
      `imageGrid: images has shape ${show(shape)}. Expected [n, H, W], [n, 1, H, W] or [n, 3, H, W], none of them 0.`,
    );
  }
  return full as [number, number, number, number];
}

/** From the images' numbers to 0 … 255; what is not finite is dark. */
function scale({ data }: Tensor, range: readonly [number, number] | undefined): (value: number) => number {
  let [lowest, highest] = range ?? [Infinity, -Infinity];
  if (!range) {
    for (const value of data) {
      if (value < lowest && value !== -Infinity) lowest = value;
      if (value > highest && value !== Infinity) highest = value;
    }
    if (lowest > highest)
      throw new RangeError("imageGrid: images has no finite number. Look where they are computed.");
  } else if (!(lowest < highest)) {
    throw new RangeError(
      `imageGrid: range is [${lowest}, ${highest}]. Expected a lower and a higher number.`,
    );
  }
  const width = highest - lowest || 1;
  return (value) => Math.round(255 * Math.min(1, Math.max(0, (value - lowest) / width)) || 0);
}

/** Loaded when the first image is drawn: it takes longer to load than the rest of the library. */
function pngEncoder(): typeof encode {
  return (createRequire(import.meta.url)("fast-png") as { encode: typeof encode }).encode;
}

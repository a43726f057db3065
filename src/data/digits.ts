import type { Generator } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { TensorDataset } from "./dataset.js";
import { glyphsOf, type Glyph } from "./glyphs.js";
import { generatorOr, randomIndex } from "./shuffle.js";
import { drawStrokes, placeGlyph } from "./strokes.js";
import { checkCount, labels, type LabelledDataset } from "./toy-sets.js";

/** Width and height of the images, those of MNIST. */
const size = 28;

/** How {@link digits} and `streetDigits` are written. */
export interface DigitsOptions {
  /** How different hands write: 0 is a printed digit in the middle, 1 the default. */
  distortion?: number;
  /** Source of randomness; by default seeded from the shared generator. */
  generator?: Generator;
}

/**
 * Handwritten digits, drawn by the library: stroke glyphs, several per digit, slanted, turned, scaled, moved and
 * elastically distorted, with pens of different widths. In the format of MNIST: light ink on black, about 20 pixels high
 * in the middle of 28 × 28.
 *
 * Shapes: `x [count, 1, 28, 28]` float32 from 0 to 1, `y [count]` int32: 0, 1, …, 9 in turn.
 *
 * @throws RangeError if count is not a whole number from 1, or distortion is negative.
 * @see LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning applied to document recognition, for MNIST;
 * Simard, Steinkraus & Platt (2003), Best practices for convolutional neural networks, for elastic distortion.
 * @example digits(20, { generator: new Generator(1) }).tensors[0].shape // [20, 1, 28, 28]
 * @example digits(20).get(13)[1].item() // 3
 */
export function digits(count: number, { distortion = 1, generator }: DigitsOptions = {}): LabelledDataset {
  checkCount("digits", count);
  checkDistortion("digits", distortion);
  const random = generatorOr(generator);
  const pixels = new Float32Array(count * size * size);
  for (let i = 0; i < count; i++) {
    const image = pixels.subarray(i * size * size, (i + 1) * size * size);
    drawDigit(image, i % 10, distortion, random);
  }
  return new TensorDataset(
    new Tensor(pixels, [count, 1, size, size], "float32"),
    labels(count, (i) => i % 10),
  );
}

function drawDigit(pixels: Float32Array, digit: number, distortion: number, generator: Generator): void {
  const vary = (spread: number): number => distortion * spread * generator.normal();
  const strokes = placeGlyph(
    chooseGlyph(digit, generator),
    {
      centreX: (size - 1) / 2 + vary(0.9),
      centreY: (size - 1) / 2 + vary(0.9),
      height: 20 * Math.exp(vary(0.08)),
      aspect: Math.exp(vary(0.18)),
      rotation: vary(0.15),
      slant: distortion * 0.12 + vary(0.18),
      elastic: distortion * 0.045,
    },
    generator,
  );
  const radius = Math.max(1.15 + vary(0.3), 0.6);
  drawStrokes({ pixels, width: size, height: size }, strokes, radius, 1.2);
}

/** One of the ways to write a digit. */
export function chooseGlyph(digit: number, generator: Generator): Glyph {
  const ways = glyphsOf(digit);
  return ways[randomIndex(ways.length, generator)];
}

/** Throws a RangeError unless the distortion is a number from 0. */
export function checkDistortion(name: string, distortion: number): void {
  if (distortion >= 0 && distortion < Infinity) return;
  throw new RangeError(`${name}: distortion is ${distortion}. Expected a number from 0.`);
}

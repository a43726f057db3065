import type { Generator } from "../tensor/random.js";
import { Tensor } from "../tensor/tensor.js";
import { TensorDataset } from "./dataset.js";
import { checkDistortion, chooseGlyph, type DigitsOptions } from "./digits.js";
import { generatorOr, randomIndex } from "./shuffle.js";
import { drawStrokes, placeGlyph } from "./strokes.js";
import { checkCount, labels, type LabelledDataset } from "./toy-sets.js";

/** Width and height of the images, those of SVHN's cropped digits. */
const size = 32;
const middle = (size - 1) / 2;

type Colour = readonly [red: number, green: number, blue: number];

/**
 * House numbers as a camera sees them, drawn by the library: one digit in the middle in any colour on any other, its
 * neighbours cut off left and right, uneven light, blur and noise. In the format of SVHN's cropped digits. What tells the
 * digit is its shape: it may be lighter or darker than the wall.
 *
 * Shapes: `x [count, 3, 32, 32]` float32 from 0 to 1 (red, green, blue), `y [count]` int32: 0, 1, …, 9 in turn.
 *
 * @throws RangeError if count is not a whole number from 1, or distortion is negative.
 * @see Netzer, Wang, Coates, Bissacco, Wu & Ng (2011), Reading digits in natural images with unsupervised feature
 * learning, for SVHN.
 * @example streetDigits(20, { generator: new Generator(1) }).tensors[0].shape // [20, 3, 32, 32]
 */
export function streetDigits(
  count: number,
  { distortion = 1, generator }: DigitsOptions = {},
): LabelledDataset {
  checkCount("streetDigits", count);
  checkDistortion("streetDigits", distortion);
  const random = generatorOr(generator);
  const pixels = new Float32Array(count * 3 * size * size);
  const ink = new Float32Array(size * size);
  for (let i = 0; i < count; i++) {
    ink.fill(0);
    drawNumber(ink, i % 10, distortion, random);
    const image = pixels.subarray(i * 3 * size * size, (i + 1) * 3 * size * size);
    paint(image, ink, distortion, random);
  }
  return new TensorDataset(
    new Tensor(pixels, [count, 3, size, size], "float32"),
    labels(count, (i) => i % 10),
  );
}

/** The digit in the middle, and most often others beside it, written in the same style. */
function drawNumber(ink: Float32Array, digit: number, distortion: number, generator: Generator): void {
  const vary = (spread: number): number => distortion * spread * generator.normal();
  const height = 23 * Math.exp(vary(0.14));
  const style = {
    height,
    aspect: Math.exp(vary(0.16)),
    rotation: vary(0.1),
    slant: vary(0.13),
    elastic: distortion * 0.025,
  };
  const radius = Math.max(height * (0.068 + vary(0.014)), 0.9);
  const [centreX, centreY] = [middle + vary(1.5), middle + vary(1.5)];
  const spacing = height * (0.68 * style.aspect + 0.06 + distortion * 0.1 * generator.uniform());
  const softness = 1 + distortion * 1.6 * generator.uniform();
  const write = (what: number, places: number): void => {
    const x = centreX + places * spacing * Math.cos(style.rotation);
    const y = centreY + places * spacing * Math.sin(style.rotation);
    const glyph = chooseGlyph(what, generator);
    const strokes = placeGlyph(glyph, { ...style, centreX: x, centreY: y }, generator);
    drawStrokes({ pixels: ink, width: size, height: size }, strokes, radius, softness);
  };
  write(digit, 0);
  for (const side of [-1, 1]) {
    if (distortion > 0 && generator.uniform() < 0.7) write(randomIndex(10, generator), side);
  }
}

/** Wall and digit in their colours, under light that falls off to one side, with noise. */
function paint(image: Float32Array, ink: Float32Array, distortion: number, generator: Generator): void {
  const { wall, paintColour } = chooseColours(generator);
  const angle = 2 * Math.PI * generator.uniform();
  const fallOff = (distortion * 0.35 * generator.uniform()) / size;
  const [lightX, lightY] = [fallOff * Math.cos(angle), fallOff * Math.sin(angle)];
  // the edge of a shadow: a soft line across the image, often outside it
  const shade = distortion * 0.3 * Math.max(generator.uniform() - 0.4, 0);
  const edge = size * (generator.uniform() - 0.5);
  const edgeAngle = 2 * Math.PI * generator.uniform();
  const [edgeX, edgeY] = [Math.cos(edgeAngle), Math.sin(edgeAngle)];
  const grain = distortion * (0.01 + 0.05 * generator.uniform());
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const [dx, dy] = [x - middle, y - middle];
      const inShade = Math.min(Math.max((dx * edgeX + dy * edgeY - edge) / 3 + 0.5, 0), 1);
      const light = 1 + lightX * dx + lightY * dy - shade * inShade;
      const grey = grain * nearlyNormal(generator);
      for (let c = 0; c < 3; c++) {
        const colour = wall[c] + (paintColour[c] - wall[c]) * ink[at];
        image[c * size * size + at] = Math.min(Math.max(colour * light + grey, 0), 1);
      }
    }
  }
}

/** About normal, by one word of randomness: the sum of its four bytes, which has mean 510 and variance 21845. */
function nearlyNormal(generator: Generator): number {
  const word = generator.uint32();
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - 510) / Math.sqrt(21845);
}

/** Two colours that differ in brightness by at least 0.18, either one the lighter. */
function chooseColours(generator: Generator): { wall: Colour; paintColour: Colour } {
  const dark = 0.1 + 0.35 * generator.uniform();
  const bright = Math.min(dark + 0.18 + 0.45 * generator.uniform() ** 1.5, 0.92);
  const [first, second] = [tinted(dark, generator), tinted(bright, generator)];
  return generator.uniform() < 0.5
    ? { wall: first, paintColour: second }
    : { wall: second, paintColour: first };
}

/** A colour of the given brightness; most are near grey. */
function tinted(brightness: number, generator: Generator): Colour {
  const strength = 0.4 * generator.uniform() ** 2;
  const tint = Array.from({ length: 3 }, () => 2 * generator.uniform() - 1);
  const mean = 0.299 * tint[0] + 0.587 * tint[1] + 0.114 * tint[2];
  const [red, green, blue] = tint.map((t) => Math.min(Math.max(brightness + strength * (t - mean), 0), 1));
  return [red, green, blue];
}

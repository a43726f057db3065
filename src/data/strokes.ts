import type { Generator } from "../tensor/random.js";
import type { Glyph, Polyline } from "./glyphs.js";

/** Where and how a glyph is written. Lengths are pixels, angles radians. */
export interface Placement {
  readonly centreX: number;
  readonly centreY: number;
  /** Height of the box the glyph was designed in. */
  readonly height: number;
  /** Width of that box as part of its height. */
  readonly aspect: number;
  readonly rotation: number;
  /** How far the top leans to the right, as part of the height. */
  readonly slant: number;
  /** Size of the elastic distortion, as part of the height. */
  readonly elastic: number;
}

/** A grey image in row-major order; 0 is empty, 1 is ink. */
export interface Ink {
  readonly pixels: Float32Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The glyph's strokes in pixels: distorted by random waves (elastic), then slanted, turned, scaled and moved (affine).
 *
 * @see Simard, Steinkraus & Platt (2003), Best practices for convolutional neural networks applied to visual document
 * analysis.
 */
export function placeGlyph(glyph: Glyph, placement: Placement, generator: Generator): Polyline[] {
  const { centreX, centreY, height, aspect, rotation, slant, elastic } = placement;
  const waveX = randomWave(generator, elastic);
  const waveY = randomWave(generator, elastic);
  const [cos, sin] = [Math.cos(rotation) * height, Math.sin(rotation) * height];
  return glyph.map((stroke) => {
    const placed = new Array<number>(stroke.length);
    for (let i = 0; i < stroke.length; i += 2) {
      const y = stroke[i + 1] + waveY(stroke[i], stroke[i + 1]);
      const x = (stroke[i] + waveX(stroke[i], stroke[i + 1])) * aspect - slant * y;
      placed[i] = centreX + cos * x - sin * y;
      placed[i + 1] = centreY + sin * x + cos * y;
    }
    return placed;
  });
}

/** A smooth random function of the place: two waves of about one period across the glyph. */
function randomWave(generator: Generator, size: number): (x: number, y: number) => number {
  const waves = Array.from({ length: 2 }, () => ({
    across: 5 * generator.normal(),
    down: 4 * generator.normal(),
    phase: 2 * Math.PI * generator.uniform(),
  }));
  return (x, y) =>
    waves.reduce((sum, { across, down, phase }) => sum + size * Math.sin(across * x + down * y + phase), 0);
}

/**
 * Draws strokes of the given half width over the image: a pixel's ink is how far it lies inside, over `softness` pixels
 * at the edge (1 is a sharp pen, more a soft one). Where strokes overlap, the darker counts.
 */
export function drawStrokes(ink: Ink, strokes: readonly Polyline[], radius: number, softness = 1): void {
  for (const stroke of strokes) {
    for (let i = 0; i + 3 < stroke.length; i += 2) {
      drawSegment(ink, stroke[i], stroke[i + 1], stroke[i + 2], stroke[i + 3], radius, softness);
    }
  }
}

function drawSegment(
  { pixels, width, height }: Ink,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  radius: number,
  softness: number,
): void {
  const reach = radius + softness / 2;
  const left = Math.max(Math.ceil(Math.min(x0, x1) - reach), 0);
  const right = Math.min(Math.floor(Math.max(x0, x1) + reach), width - 1);
  const top = Math.max(Math.ceil(Math.min(y0, y1) - reach), 0);
  const bottom = Math.min(Math.floor(Math.max(y0, y1) + reach), height - 1);
  const [dx, dy] = [x1 - x0, y1 - y0];
  const lengthSquared = dx * dx + dy * dy;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      // the nearest point of the segment is at part t of its length
      const t = lengthSquared > 0 ? ((x - x0) * dx + (y - y0) * dy) / lengthSquared : 0;
      const along = t < 0 ? 0 : t > 1 ? 1 : t;
      const [toX, toY] = [x - x0 - along * dx, y - y0 - along * dy];
      const inside = (reach - Math.sqrt(toX * toX + toY * toY)) / softness;
      const at = y * width + x;
      if (inside > pixels[at]) pixels[at] = inside < 1 ? inside : 1;
    }
  }
}

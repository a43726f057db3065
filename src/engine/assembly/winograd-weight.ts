// The weight's gradient in tiles; see winograd.ts. Tiles of all images, as many as fit, are transformed, and then multiplied.
import { Geometry, upToFour } from "./conv-geometry";
import { putTap, tapBytes } from "./conv-panels";
import { stagePlane } from "./conv-stage";
import { addTiles, sumsBytes, takeSums } from "./conv-weight-tile";
import { transformFilterGradient, transformGradient, transformInput } from "./winograd-transforms";

/** Bytes of transformed tiles that are worked on together. */
const blockBytes: i32 = 1 << 20;
/** Nine vectors. */
const filterBytes: i32 = 144;

function rowsOf(g: Geometry): i32 {
  return (g.outHeight + 1) >> 1;
}

/** Vectors of four tiles in a row of tiles. */
function vectorsOf(g: Geometry): i32 {
  return (g.outWidth + 7) >> 3;
}

/** Vectors of tiles that are worked on together: whole rows of tiles. */
function capacityOf(g: Geometry, images: i32): i32 {
  const row = vectorsOf(g);
  const bytes = 256 * row * (g.inChannels + g.outChannels);
  return row * max(1, min(images * rowsOf(g), blockBytes / max(1, bytes)));
}

// Bytes of a plane of transformed tiles: [channels, capacity vectors]. The odd line keeps planes out of each other's sets.

function planeOf(channels: i32, capacity: i32): i32 {
  return 16 * capacity * channels + 64;
}

/** Bytes of one of 16 planes of dU, with room for a vector that begins at its last element. */
function gradientPlane(g: Geometry): i32 {
  return 4 * upToFour(g.outChannels * g.inChannels) + 16;
}

function stagedPlane(g: Geometry): i32 {
  return (2 * rowsOf(g) + 2) * (8 * vectorsOf(g) + 2);
}

export function winogradWeightScratch(g: Geometry, images: i32): i32 {
  const capacity = capacityOf(g, images);
  const planes = planeOf(g.inChannels, capacity) + planeOf(g.outChannels, capacity) + gradientPlane(g);
  const lists = upToFour(2 * g.inChannels) * 4 + 16 * sumsBytes(g.outChannels, g.inChannels);
  return filterBytes + lists + 16 * planes + 4 * (g.inChannels + g.outChannels) * stagedPlane(g);
}

/** The gradient of one group's weight, summed over so many images from `first` on. */
export function weightFromTiles(
  dWeight: usize, gradient: usize, x: usize, group: i32, first: i32, images: i32, g: Geometry, scratch: usize,
): void {
  const capacity = capacityOf(g, images);
  const inputPlane = planeOf(g.inChannels, capacity);
  const outputPlane = planeOf(g.outChannels, capacity);
  const list = scratch + filterBytes;
  const sums = list + upToFour(2 * g.inChannels) * 4;
  const inputs = sums + 16 * sumsBytes(g.outChannels, g.inChannels);
  const outputs = inputs + 16 * inputPlane;
  const products = outputs + 16 * outputPlane;
  const stagedInput = products + 16 * gradientPlane(g);
  const stagedGradient = stagedInput + 4 * g.inChannels * stagedPlane(g);
  for (let c = 0; c < g.inChannels; c++) putTap(list, c, 16 * c * capacity, c);
  memory.fill(sums, 0, 16 * sumsBytes(g.outChannels, g.inChannels));
  const vectors = vectorsOf(g);
  let filled = 0;
  for (let image = first; image < first + images; image++) {
    const unit = image * g.groups + group;
    stage(stagedInput, x + 4 * unit * g.image, g.inChannels, g.height, g.width, g.beforeHeight, g.beforeWidth, g);
    stage(stagedGradient, gradient + 4 * unit * g.outImage, g.outChannels, g.outHeight, g.outWidth, 0, 0, g);
    for (let row = 0; row < rowsOf(g); row++) {
      if (filled + vectors > capacity) {
        multiply(sums, outputs, outputPlane, inputs, inputPlane, list, capacity, filled, g);
        filled = 0;
      }
      transformInputRow(inputs + 16 * filled, inputPlane, stagedInput, row, capacity, g);
      transformGradientRow(outputs + 16 * filled, outputPlane, stagedGradient, row, capacity, g);
      filled += vectors;
    }
  }
  multiply(sums, outputs, outputPlane, inputs, inputPlane, list, capacity, filled, g);
  for (let element = 0; element < 16; element++) {
    const from = sums + element * sumsBytes(g.outChannels, g.inChannels);
    takeSums(products + element * gradientPlane(g), from, g.outChannels, g.inChannels);
  }
  finish(dWeight, products, scratch, g);
}

/** Planes with room for whole vectors of tiles. */
function stage(
  to: usize, from: usize, channels: i32, height: i32, width: i32, top: i32, left: i32, g: Geometry,
): void {
  const rows = 2 * rowsOf(g) + 2;
  const columns = 8 * vectorsOf(g) + 2;
  for (let c = 0; c < channels; c++) {
    to = stagePlane(to, rows, columns, from, height, width, 1, -top, 1, -left);
    from += 4 * height * width;
  }
}

function transformInputRow(to: usize, plane: usize, staged: usize, row: i32, capacity: i32, g: Geometry): void {
  const columns = 8 * vectorsOf(g) + 2;
  for (let c = 0; c < g.inChannels; c++) {
    const from = staged + 4 * (c * stagedPlane(g) + 2 * row * columns);
    for (let v = 0; v < vectorsOf(g); v++) transformInput(to + 16 * v, plane, from + 32 * v, 4 * columns);
    to += 16 * capacity;
  }
}

function transformGradientRow(to: usize, plane: usize, staged: usize, row: i32, capacity: i32, g: Geometry): void {
  const columns = 8 * vectorsOf(g) + 2;
  for (let o = 0; o < g.outChannels; o++) {
    const from = staged + 4 * (o * stagedPlane(g) + 2 * row * columns);
    for (let v = 0; v < vectorsOf(g); v++) {
      transformGradient(to + 16 * v, plane, from + 32 * v, from + 32 * v + 4 * columns);
    }
    to += 16 * capacity;
  }
}

function multiply(
  sums: usize, outputs: usize, outputPlane: usize, inputs: usize, inputPlane: usize, list: usize,
  capacity: i32, filled: i32, g: Geometry,
): void {
  for (let element = 0; element < 16; element++) {
    addTiles(sums, outputs, g.outChannels, 16 * capacity, inputs, list, g.inChannels, 1, 0, 16 * filled);
    sums += sumsBytes(g.outChannels, g.inChannels);
    outputs += outputPlane;
    inputs += inputPlane;
  }
}

function finish(dWeight: usize, products: usize, nine: usize, g: Geometry): void {
  const plane = gradientPlane(g);
  const count = g.outChannels * g.inChannels;
  for (let filter = 0; filter < count; filter += 4) {
    transformFilterGradient(nine, products + 4 * filter, plane);
    const many = min(4, count - filter);
    for (let i = 0; i < many; i++) {
      for (let tap = 0; tap < 9; tap++) {
        store<f32>(dWeight, load<f32>(nine + 16 * tap + 4 * i));
        dWeight += 4;
      }
    }
  }
}

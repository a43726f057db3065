// Convolution by filters of 3 × 3 with stride 1, after Winograd: outputs are made in tiles of 2 × 2, each from 4 × 4 inputs,
// with 16 products for each channel instead of 36. What is left are 16 matrix products, filters by channels by tiles.
// Its sums are those of the definition up to rounding: G, A and B only add, subtract and halve.
import { tile } from "./gemm-tile";
import { Geometry, upToFour } from "./conv-geometry";
import { stagePlane } from "./conv-stage";
import { transformFilters, transformInput, transformOutput } from "./winograd-transforms";

/** Where it is faster than the definition: from so many channels on. */
const leastChannels: i32 = 16;
/** Bytes of transformed inputs and outputs that are worked on together. */
const blockBytes: i32 = 1 << 18;

/** Two rows of eight outputs. */
const tileBytes: i32 = 64;

// A convolution goes one of two ways: forward, from x to the output, or back, from the output's gradient to the input's,
// which is a convolution with the filters turned round, and with padding that makes up for it.

function channelsOf(g: Geometry, back: bool): i32 {
  return back ? g.outChannels : g.inChannels;
}

function filtersOf(g: Geometry, back: bool): i32 {
  return back ? g.inChannels : g.outChannels;
}

function heightOf(g: Geometry, back: bool): i32 {
  return back ? g.outHeight : g.height;
}

function widthOf(g: Geometry, back: bool): i32 {
  return back ? g.outWidth : g.width;
}

function outHeightOf(g: Geometry, back: bool): i32 {
  return back ? g.height : g.outHeight;
}

function outWidthOf(g: Geometry, back: bool): i32 {
  return back ? g.width : g.outWidth;
}

/** Rows of tiles. */
function rowsOf(g: Geometry, back: bool): i32 {
  return (outHeightOf(g, back) + 1) >> 1;
}

/** Vectors of four tiles in a row. */
function vectorsOf(g: Geometry, back: bool): i32 {
  return (outWidthOf(g, back) + 7) >> 3;
}

/** Rows of tiles that are worked on together. */
function blockRowsOf(g: Geometry, back: bool): i32 {
  const rowBytes = 256 * vectorsOf(g, back) * (g.inChannels + g.outChannels);
  return min(rowsOf(g, back), max(1, blockBytes / max(1, rowBytes)));
}

/** Panels of two vectors in a block. */
function panelsOf(g: Geometry, back: bool): i32 {
  return (blockRowsOf(g, back) * vectorsOf(g, back) + 1) >> 1;
}

// Bytes of a plane of transformed filters, inputs and outputs. The odd line keeps planes out of each other's cache sets.

function filterPlane(g: Geometry, back: bool): i32 {
  return 4 * upToFour(filtersOf(g, back)) * upToFour(channelsOf(g, back)) + 64;
}

function inputPlane(g: Geometry, back: bool): i32 {
  return 32 * channelsOf(g, back) * panelsOf(g, back) + 64;
}

function outputPlane(g: Geometry, back: bool): i32 {
  return 32 * upToFour(filtersOf(g, back)) * panelsOf(g, back) + 64;
}

// Rows and columns of the padded input.

function stagedRows(g: Geometry, back: bool): i32 {
  return 2 * rowsOf(g, back) + 2;
}

function stagedColumns(g: Geometry, back: bool): i32 {
  return 8 * vectorsOf(g, back) + 2;
}

export function winogradScratch(g: Geometry, back: bool): i32 {
  const planes = filterPlane(g, back) + inputPlane(g, back) + outputPlane(g, back);
  return tileBytes + 16 * planes + 4 * channelsOf(g, back) * stagedRows(g, back) * stagedColumns(g, back);
}

/** Whether a convolution is better done this way. */
export function suitsWinograd(g: Geometry): bool {
  const square = g.kernelHeight == 3 && g.kernelWidth == 3;
  const plain = g.strideHeight == 1 && g.strideWidth == 1 && g.dilationHeight == 1 && g.dilationWidth == 1;
  return square && plain && g.inChannels >= leastChannels && g.outChannels >= leastChannels;
}

/** Transforms one group's filters into scratch, where {@link correlateTiles} finds them. */
export function transformWeight(scratch: usize, weight: usize, g: Geometry, back: bool): void {
  const first = scratch + tileBytes;
  const plane = filterPlane(g, back);
  const filters = filtersOf(g, back);
  const channels = channelsOf(g, back);
  const filterStep = back ? 9 : g.taps;
  const channelStep = back ? g.taps : 9;
  // Back: from the last of the nine to the first.
  const tap = back ? -1 : 1;
  const start = back ? weight + 32 : weight;
  if (filters & 3) memory.fill(first, 0, 16 * plane);
  for (let f = 0; f < filters; f++) {
    const row = first + 4 * f * upToFour(channels);
    const filter = start + 4 * f * filterStep;
    let c = 0;
    for (; c + 4 <= channels; c += 4) transformFilters(row + 4 * c, plane, filter + 4 * c * channelStep, channelStep, tap);
    // The last ones one by one: what lands in the three lanes behind is overwritten, or never read.
    for (; c < channels; c++) transformFilters(row + 4 * c, plane, filter + 4 * c * channelStep, 0, tap);
  }
}

/** One group of one image. With `adding`, on top of what is in the output. */
export function correlateTiles(out: usize, input: usize, scratch: usize, g: Geometry, back: bool, adding: i32): void {
  const filters = scratch + tileBytes;
  const inputs = filters + 16 * filterPlane(g, back);
  const outputs = inputs + 16 * inputPlane(g, back);
  const staged = outputs + 16 * outputPlane(g, back);
  stage(staged, input, g, back);
  const rows = rowsOf(g, back);
  const blockRows = blockRowsOf(g, back);
  for (let row = 0; row < rows; row += blockRows) {
    const count = min(blockRows, rows - row);
    transformBlock(inputs, staged, g, back, row, count);
    multiplyBlock(outputs, filters, inputs, g, back, (count * vectorsOf(g, back) + 1) >> 1);
    finishBlock(out, outputs, scratch, g, back, row, count, adding);
  }
}

function stage(to: usize, input: usize, g: Geometry, back: bool): void {
  const height = heightOf(g, back);
  const width = widthOf(g, back);
  const firstY = back ? g.beforeHeight - 2 : -g.beforeHeight;
  const firstX = back ? g.beforeWidth - 2 : -g.beforeWidth;
  const rows = stagedRows(g, back);
  const columns = stagedColumns(g, back);
  for (let c = 0; c < channelsOf(g, back); c++) {
    to = stagePlane(to, rows, columns, input, height, width, 1, firstY, 1, firstX);
    input += 4 * height * width;
  }
}

/** Rows of tiles of all channels, into panels `[channels, 8]` of eight tiles. */
function transformBlock(inputs: usize, staged: usize, g: Geometry, back: bool, row: i32, count: i32): void {
  const columns = stagedColumns(g, back);
  const plane = inputPlane(g, back);
  const vectors = vectorsOf(g, back);
  const channels = channelsOf(g, back);
  const image: usize = 4 * stagedRows(g, back) * columns;
  for (let c = 0; c < channels; c++) {
    let v = 0;
    for (let y = row; y < row + count; y++) {
      for (let x = 0; x < vectors; x++) {
        const to = inputs + 32 * ((v >> 1) * channels + c) + 16 * (v & 1);
        transformInput(to, plane, staged + 4 * (2 * y * columns + 8 * x), 4 * columns);
        v++;
      }
    }
    staged += image;
  }
}

function multiplyBlock(outputs: usize, filters: usize, inputs: usize, g: Geometry, back: bool, panels: i32): void {
  const channels = channelsOf(g, back);
  const count = filtersOf(g, back);
  const row: usize = 4 * upToFour(channels);
  const outRow: usize = 32 * panelsOf(g, back);
  for (let element = 0; element < 16; element++) {
    for (let panel = 0; panel < panels; panel++) {
      const from = inputs + 32 * panel * channels;
      for (let f = 0; f < count; f += 4) {
        const a0 = filters + f * row;
        const a1 = a0 + row;
        const a2 = a1 + row;
        tile(channels, a0, a1, a2, a2 + row, from, 32, outputs + f * outRow + 32 * panel, outRow, 0);
      }
    }
    filters += filterPlane(g, back);
    inputs += inputPlane(g, back);
    outputs += outputPlane(g, back);
  }
}

function finishBlock(
  out: usize, outputs: usize, room: usize, g: Geometry, back: bool, row: i32, count: i32, adding: i32,
): void {
  const height = outHeightOf(g, back);
  const width = outWidthOf(g, back);
  const plane = outputPlane(g, back);
  const vectors = vectorsOf(g, back);
  const outRow: usize = 32 * panelsOf(g, back);
  for (let f = 0; f < filtersOf(g, back); f++) {
    let from = outputs + f * outRow;
    for (let y = row; y < row + count; y++) {
      const rows = min(2, height - 2 * y);
      for (let x = 0; x < vectors; x++) {
        const columns = min(8, width - 8 * x);
        const at = out + 4 * (2 * y * width + 8 * x);
        if (rows == 2 && columns == 8 && !adding) {
          transformOutput(at, at + 4 * width, from, plane);
        } else {
          transformOutput(room, room + 32, from, plane);
          for (let i = 0; i < rows; i++) putPart(at + 4 * i * width, room + 32 * i, columns, adding);
        }
        from += 16;
      }
    }
    out += 4 * height * width;
  }
}

function putPart(out: usize, from: usize, count: i32, adding: i32): void {
  for (let i = 0; i < count; i++) {
    const value = load<f32>(from + 4 * i);
    store<f32>(out + 4 * i, adding ? load<f32>(out + 4 * i) + value : value);
  }
}

// The gradient of a convolution's weight: for each filter o and each element (c, kh, kw) of it, the product of the gradient's
// plane o with the input's plane c, shifted by (kh, kw), summed over all places and images. The input is staged once for each
// kw, with rows as long as the output's, so that each sum is one loop over memory; what fills rows up meets zeros.
import { Geometry, upToFour } from "./conv-geometry";
import { putTap, tapBytes } from "./conv-panels";
import { isPhaseUsed, phasesBelow, stagedRows, stagePlane } from "./conv-stage";
import { addTiles, sumsBytes, takeSums } from "./conv-weight-tile";
import { zeros } from "./constants";
import { Plain, rowSum } from "./sums";
import { suitsWinograd } from "./winograd";
import { weightFromTiles, winogradWeightScratch } from "./winograd-weight";

/** Chunks that threads can share; elements of partial sums, and places of a chunk, that make it worth while. */
const mostChunks: i32 = 4;
const mostPartials: i32 = 1 << 22;
const leastPlaces: i32 = 512;
/** Bytes of staged images that are worked on together, and places that are summed before the next filters' turn. */
const blockBytes: i32 = 1 << 18;
const blockPlaces: i32 = 1024;

export function convWeightChunks(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const places = g.batch * g.outHeight * g.outWidth;
  const wanted = min(mostChunks, min(mostPartials / max(1, partialSize(g)), places / leastPlaces));
  const images = chunkImages(g.batch, max(1, wanted));
  return (g.batch + images - 1) / images;
}

function chunkImages(batch: i32, chunks: i32): i32 {
  return chunks > 0 && batch > 0 ? (batch + chunks - 1) / chunks : 1;
}

/** Elements of one row of partial gradients: weight, then bias. */
function partialSize(g: Geometry): i32 {
  return g.groups * g.outChannels * (g.taps + 1);
}

// Staged planes, in elements. A channel of the input is [kernelWidth, phases along height, rows, columns]: see conv-stage.ts.

function columnsOf(g: Geometry): i32 {
  return upToFour(g.outWidth);
}

function inputPlane(g: Geometry): i32 {
  return stagedRows(g) * columnsOf(g);
}

function inputPhases(g: Geometry): i32 {
  return phasesBelow(g.strideHeight, g.kernelHeight, g.dilationHeight, g.strideHeight);
}

function inputChannel(g: Geometry): i32 {
  return g.kernelWidth * inputPhases(g) * inputPlane(g);
}

function outputPlane(g: Geometry): i32 {
  return g.outHeight * columnsOf(g);
}

function stagedImage(g: Geometry): i32 {
  return g.inChannels * inputChannel(g) + g.outChannels * outputPlane(g);
}

function imagesTogether(g: Geometry): i32 {
  return max(1, min(g.batch, blockBytes / max(1, 4 * stagedImage(g))));
}

export function convWeightScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  if (suitsWinograd(g)) return winogradWeightScratch(g, chunkImages(g.batch, convWeightChunks(geometry)));
  const lists = upToFour(tapBytes * g.taps) * 4 + sumsBytes(g.outChannels, g.taps);
  return lists + 4 * imagesTogether(g) * stagedImage(g);
}

export function convWeight(
  partials: usize, gradient: usize, x: usize, geometry: usize, scratch: usize, from: i32, to: i32,
): void {
  const g = changetype<Geometry>(geometry);
  const inTiles = suitsWinograd(g);
  const images = chunkImages(g.batch, convWeightChunks(geometry));
  if (!inTiles) listTaps(scratch, g);
  for (let chunk = from; chunk < to; chunk++) {
    const weights = partials + 4 * chunk * partialSize(g);
    const biases = weights + 4 * g.groups * g.outChannels * g.taps;
    const first = chunk * images;
    const count = min(images, g.batch - first);
    for (let group = 0; group < g.groups; group++) {
      const dWeight = weights + 4 * group * g.outChannels * g.taps;
      if (inTiles) weightFromTiles(dWeight, gradient, x, group, first, count, g, scratch);
      else weightByTaps(dWeight, gradient, x, group, first, count, g, scratch);
      sumPlanes(biases + 4 * group * g.outChannels, gradient, group, first, count, g);
    }
  }
}

/** The gradient of one group's weight, summed over so many images from `first` on. */
function weightByTaps(
  dWeight: usize, gradient: usize, x: usize, group: i32, first: i32, images: i32, g: Geometry, taps: usize,
): void {
  const sums = taps + upToFour(tapBytes * g.taps) * 4;
  const staged = sums + sumsBytes(g.outChannels, g.taps);
  memory.fill(sums, 0, sumsBytes(g.outChannels, g.taps));
  for (let image = 0; image < images; image += imagesTogether(g)) {
    const count = min(imagesTogether(g), images - image);
    for (let i = 0; i < count; i++) {
      const unit = (first + image + i) * g.groups + group;
      const at = staged + 4 * i * stagedImage(g);
      stageInput(at, x + 4 * unit * g.image, g);
      stageGradient(at + 4 * g.inChannels * inputChannel(g), gradient + 4 * unit * g.outImage, g);
    }
    addProducts(sums, staged, taps, count, g);
  }
  takeSums(dWeight, sums, g.outChannels, g.taps);
}

/** The gradient of one group's bias: the sums of the gradient's planes. */
function sumPlanes(dBias: usize, gradient: usize, group: i32, first: i32, images: i32, g: Geometry): void {
  const places = g.outHeight * g.outWidth;
  for (let o = 0; o < g.outChannels; o++) {
    let total: f64 = 0;
    for (let image = first; image < first + images; image++) {
      const plane = gradient + 4 * ((image * g.groups + group) * g.outImage + o * places);
      total += rowSum<Plain>(plane, plane, zeros(), zeros(), places);
    }
    store<f32>(dBias + 4 * o, f32(total));
  }
}

function stageInput(to: usize, x: usize, g: Geometry): void {
  const rows = stagedRows(g);
  const columns = columnsOf(g);
  for (let c = 0; c < g.inChannels; c++) {
    for (let kw = 0; kw < g.kernelWidth; kw++) {
      for (let phase = 0; phase < g.strideHeight; phase++) {
        if (!isPhaseUsed(phase, g.kernelHeight, g.dilationHeight, g.strideHeight)) continue;
        to = stagePlane(
          to, rows, columns, x, g.height, g.width,
          g.strideHeight, phase - g.beforeHeight, g.strideWidth, kw * g.dilationWidth - g.beforeWidth,
        );
      }
    }
    x += 4 * g.height * g.width;
  }
}

/** Where element (c, kh, kw) of a filter finds the input of the first place. */
function listTaps(taps: usize, g: Geometry): void {
  let index = 0;
  for (let c = 0; c < g.inChannels; c++) {
    for (let kh = 0; kh < g.kernelHeight; kh++) {
      const y = kh * g.dilationHeight;
      const phase = phasesBelow(y % g.strideHeight, g.kernelHeight, g.dilationHeight, g.strideHeight);
      for (let kw = 0; kw < g.kernelWidth; kw++) {
        const plane = (c * g.kernelWidth + kw) * inputPhases(g) + phase;
        putTap(taps, index, 4 * (plane * inputPlane(g) + (y / g.strideHeight) * columnsOf(g)), index);
        index++;
      }
    }
  }
}

/** The gradient's planes, in rows as long as the input's. */
function stageGradient(to: usize, from: usize, g: Geometry): void {
  const columns = columnsOf(g);
  for (let o = 0; o < g.outChannels; o++) {
    to = stagePlane(to, g.outHeight, columns, from, g.outHeight, g.outWidth, 1, 0, 1, 0);
    from += 4 * g.outHeight * g.outWidth;
  }
}

/** Adds to `sums` what so many staged images contribute. */
function addProducts(sums: usize, staged: usize, taps: usize, images: i32, g: Geometry): void {
  const plane = outputPlane(g);
  const gradients = staged + 4 * g.inChannels * inputChannel(g);
  for (let place = 0; place < plane; place += blockPlaces) {
    const length = 4 * min(blockPlaces, plane - place);
    addTiles(
      sums, gradients + 4 * place, g.outChannels, 4 * plane, staged + 4 * place, taps, g.taps,
      images, 4 * stagedImage(g), length,
    );
  }
}

export function convWeightSum(dWeight: usize, dBias: usize, partials: usize, accumulate: i32, geometry: usize): void {
  const g = changetype<Geometry>(geometry);
  const chunks = convWeightChunks(geometry);
  const row = 4 * partialSize(g);
  const weights = g.groups * g.outChannels * g.taps;
  sumRows(dWeight, partials, weights, chunks, row, accumulate);
  if (dBias) sumRows(dBias, partials + 4 * weights, g.groups * g.outChannels, chunks, row, accumulate);
}

function sumRows(to: usize, from: usize, n: i32, rows: i32, row: usize, accumulate: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    let sum = accumulate ? v128.load(to + 4 * i) : f32x4.splat(0);
    for (let r = 0; r < rows; r++) sum = f32x4.add(sum, v128.load(from + r * row + 4 * i));
    v128.store(to + 4 * i, sum);
  }
  for (; i < n; i++) {
    let sum: f32 = accumulate ? load<f32>(to + 4 * i) : 0;
    for (let r = 0; r < rows; r++) sum += load<f32>(from + r * row + 4 * i);
    store<f32>(to + 4 * i, sum);
  }
}

// The gradient of a convolution's weight: for each filter o and each element (c, kh, kw) of it, the product of the gradient's
// plane o with the input's plane c, shifted by (kh, kw), summed over all places and images. Both planes are staged with rows
// of the same length, so that each sum is one loop over memory; where there is no place, the gradient has zeros.
import { listTaps } from "./conv-forward";
import { Geometry, upToFour } from "./conv-geometry";
import { tapBytes } from "./conv-panels";
import { stagedChannel, stagedColumns, stageInput, stageRow } from "./conv-stage";
import { fourByTwo, sumsBytes, takeSums, twoByFour } from "./conv-weight-tile";
import { zeros } from "./constants";
import { Plain, rowSum } from "./sums";

/** Chunks that threads can share; elements of partial sums that are worth it. */
const mostChunks: i32 = 4;
const mostPartials: i32 = 1 << 22;
/** Bytes of staged images that are worked on together, and places that are summed before the next filters' turn. */
const blockBytes: i32 = 1 << 18;
const blockPlaces: i32 = 1024;

export function convWeightChunks(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const wanted = max(1, min(mostChunks, mostPartials / max(1, partialSize(g))));
  const images = chunkImages(g.batch, wanted);
  return (g.batch + images - 1) / images;
}

function chunkImages(batch: i32, chunks: i32): i32 {
  return max(1, (batch + chunks - 1) / chunks);
}

/** Elements of one row of partial gradients: weight, then bias. */
function partialSize(g: Geometry): i32 {
  return g.groups * g.outChannels * (g.taps + 1);
}

// Staged planes, in elements. A sum may read a few elements beyond the input's plane: zeros.

function columnsOf(g: Geometry): i32 {
  return stagedColumns(g, g.outWidth);
}

function inputPlane(g: Geometry): i32 {
  return stagedChannel(g, columnsOf(g)) + tailOf(g);
}

function tailOf(g: Geometry): i32 {
  return stagedColumns(g, 0) + 4;
}

function outputPlane(g: Geometry): i32 {
  return upToFour(g.outHeight * columnsOf(g));
}

function stagedImage(g: Geometry): i32 {
  return upToFour(g.inChannels * inputPlane(g)) + g.outChannels * outputPlane(g);
}

function imagesTogether(g: Geometry): i32 {
  return max(1, min(g.batch, blockBytes / max(1, 4 * stagedImage(g))));
}

export function convWeightScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  return upToFour(tapBytes * g.taps) * 4 + sumsBytes(g.outChannels, g.taps) + 4 * imagesTogether(g) * stagedImage(g);
}

export function convWeight(
  partials: usize, gradient: usize, x: usize, geometry: usize, scratch: usize, from: i32, to: i32,
): void {
  const g = changetype<Geometry>(geometry);
  const taps = scratch;
  const sums = taps + upToFour(tapBytes * g.taps) * 4;
  const staged = sums + sumsBytes(g.outChannels, g.taps);
  const images = chunkImages(g.batch, convWeightChunks(geometry));
  listTaps(taps, g, columnsOf(g), inputPlane(g));
  for (let chunk = from; chunk < to; chunk++) {
    const weights = partials + 4 * chunk * partialSize(g);
    const biases = weights + 4 * g.groups * g.outChannels * g.taps;
    const last = min(g.batch, (chunk + 1) * images);
    for (let group = 0; group < g.groups; group++) {
      const bias = biases + 4 * group * g.outChannels;
      memory.fill(sums, 0, sumsBytes(g.outChannels, g.taps));
      memory.fill(bias, 0, 4 * g.outChannels);
      for (let image = chunk * images; image < last; ) {
        const count = min(imagesTogether(g), last - image);
        for (let i = 0; i < count; i++) {
          const unit = (image + i) * g.groups + group;
          const at = staged + 4 * i * stagedImage(g);
          stageWithTail(at, x + 4 * unit * g.image, g);
          stageGradient(at + 4 * upToFour(g.inChannels * inputPlane(g)), gradient + 4 * unit * g.outImage, bias, g);
        }
        addProducts(sums, staged, taps, count, g);
        image += count;
      }
      takeSums(weights + 4 * group * g.outChannels * g.taps, sums, g.outChannels, g.taps);
    }
  }
}

function stageWithTail(to: usize, x: usize, g: Geometry): void {
  const columns = columnsOf(g);
  const plane = inputPlane(g);
  stageInput(to, x, g, columns, plane);
  for (let c = 1; c <= g.inChannels; c++) memory.fill(to + 4 * (c * plane - tailOf(g)), 0, 4 * tailOf(g));
}

/** The gradient's planes, in rows as long as the input's; each plane's sum goes to `bias`. */
function stageGradient(to: usize, from: usize, bias: usize, g: Geometry): void {
  const columns = columnsOf(g);
  const plane = outputPlane(g);
  for (let o = 0; o < g.outChannels; o++) {
    let total: f64 = 0;
    for (let row = 0; row < g.outHeight; row++) {
      stageRow(to + 4 * row * columns, columns, from, g.outWidth, 1, 0);
      total += rowSum<Plain>(from, from, zeros(), zeros(), g.outWidth);
      from += 4 * g.outWidth;
    }
    const used = g.outHeight * columns;
    memory.fill(to + 4 * used, 0, 4 * (plane - used));
    store<f32>(bias + 4 * o, load<f32>(bias + 4 * o) + f32(total));
    to += 4 * plane;
  }
}

/** Adds to `sums` what so many staged images contribute. */
function addProducts(sums: usize, staged: usize, taps: usize, images: i32, g: Geometry): void {
  const step = 4 * stagedImage(g);
  const plane = outputPlane(g);
  const gradients = staged + 4 * upToFour(g.inChannels * inputPlane(g));
  for (let place = 0; place < plane; place += blockPlaces) {
    const length = 4 * min(blockPlaces, plane - place);
    const input = staged + 4 * place;
    let at = sums;
    for (let o = 0; o < g.outChannels; o += 4) {
      const filters = g.outChannels - o;
      const g0 = gradients + 4 * (o * plane + place);
      // Planes that are not there are read from the first one, and dropped.
      const g1 = filters > 1 ? g0 + 4 * plane : g0;
      const g2 = filters > 2 ? g1 + 4 * plane : g0;
      const g3 = filters > 3 ? g2 + 4 * plane : g0;
      for (let tap = 0; tap < g.taps; ) {
        const list = taps + tapBytes * tap;
        const left = g.taps - tap;
        const x0 = input + load<i32>(list);
        const x1 = left > 1 ? input + load<i32>(list, tapBytes) : x0;
        if (filters > 2) {
          fourByTwo(at, images, step, length, g0, g1, g2, g3, x0, x1);
          tap += 2;
        } else {
          const x2 = left > 2 ? input + load<i32>(list, 2 * tapBytes) : x0;
          const x3 = left > 3 ? input + load<i32>(list, 3 * tapBytes) : x0;
          twoByFour(at, images, step, length, g0, g1, x0, x1, x2, x3);
          tap += 4;
        }
        at += 128;
      }
    }
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

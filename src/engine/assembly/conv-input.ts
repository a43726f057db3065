// The gradient of a convolution's input. With stride s along an axis, the elements y ≡ r (mod s) of the padded input are
// reached by the elements k of the filter with k dilation ≡ r, each at a distance ⌊k dilation / s⌋ in the output: for each
// such phase r the gradient is a convolution of stride 1 over the gradient of the output.
import { floorDivide, Geometry } from "./conv-geometry";
import { correlateGrid, Grid, gridBytes, tileBytes, vectorListBytes } from "./conv-grid";
import { packPanels, panelBytes, putTap, tapBytes } from "./conv-panels";
import { stagePlane } from "./conv-stage";
import { correlateTiles, suitsWinograd, transformWeight, winogradScratch } from "./winograd";

// Along one axis the staged gradient begins with element `firstOf`, which may be negative: zeros.

function reach(kernel: i32, dilation: i32, stride: i32): i32 {
  return ((kernel - 1) * dilation) / stride;
}

function firstOf(before: i32, kernel: i32, dilation: i32, stride: i32): i32 {
  return before / stride - reach(kernel, dilation, stride);
}

function lengthOf(size: i32, before: i32, kernel: i32, dilation: i32, stride: i32): i32 {
  return (size - 1 + before) / stride + 1 - firstOf(before, kernel, dilation, stride);
}

function rowsOf(g: Geometry): i32 {
  return lengthOf(g.height, g.beforeHeight, g.kernelHeight, g.dilationHeight, g.strideHeight);
}

/** With room for the rest of a vector. */
function columnsOf(g: Geometry): i32 {
  return lengthOf(g.width, g.beforeWidth, g.kernelWidth, g.dilationWidth, g.strideWidth) + 3;
}

/** Elements of a filter of the transposed convolution. */
function tapsOf(g: Geometry): i32 {
  return g.outChannels * g.kernelHeight * g.kernelWidth;
}

function vectorsOf(g: Geometry): i32 {
  return vectorListBytes((g.width + g.strideWidth - 1) / g.strideWidth);
}

/** Each phase has panels and a list of taps of its own; together they have as many as there are taps. */
function panelsOf(g: Geometry): i32 {
  return panelBytes(g.inChannels, tapsOf(g));
}

export function convInputScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  if (suitsWinograd(g)) return winogradScratch(g, true);
  const lists = vectorsOf(g) + tapBytes * tapsOf(g) + panelsOf(g);
  return gridBytes + tileBytes + lists + 4 * g.outChannels * rowsOf(g) * columnsOf(g);
}

export function convInput(
  dx: usize, gradient: usize, weight: usize, accumulate: i32, geometry: usize,
  scratch: usize, from: i32, to: i32,
): void {
  const g = changetype<Geometry>(geometry);
  if (suitsWinograd(g)) inputInTiles(dx, gradient, weight, accumulate, g, scratch, from, to);
  else inputByTaps(dx, gradient, weight, accumulate, g, scratch, from, to);
}

function inputInTiles(
  dx: usize, gradient: usize, weight: usize, accumulate: i32, g: Geometry, scratch: usize, from: i32, to: i32,
): void {
  let transformed = -1;
  for (let unit = from; unit < to; unit++) {
    const group = unit % g.groups;
    if (group != transformed) transformWeight(scratch, weight + 4 * group * g.outChannels * g.taps, g, true);
    transformed = group;
    correlateTiles(dx + 4 * unit * g.image, gradient + 4 * unit * g.outImage, scratch, g, true, accumulate);
  }
}

function inputByTaps(
  dx: usize, gradient: usize, weight: usize, accumulate: i32, g: Geometry, scratch: usize, from: i32, to: i32,
): void {
  const grid = changetype<Grid>(scratch);
  const vectors = scratch + gridBytes + tileBytes;
  const taps = vectors + vectorsOf(g);
  const panels = taps + tapBytes * tapsOf(g);
  const staged = panels + panelsOf(g);
  const columns = columnsOf(g);
  const plane = g.height * g.width;
  grid.tile = scratch + gridBytes;
  grid.vectors = vectors;
  grid.sourceRow = 4 * columns;
  grid.filters = g.inChannels;
  grid.outPlane = 4 * plane;
  grid.outRow = 4 * g.strideHeight * g.width;
  grid.outColumn = 4 * g.strideWidth;
  let packed = -1;
  for (let unit = from; unit < to; unit++) {
    const group = unit % g.groups;
    if (group != packed) packPhases(panels, taps, weight + 4 * group * g.outChannels * g.taps, g);
    packed = group;
    stageGradient(staged, gradient + 4 * unit * g.outImage, g);
    correlatePhases(dx + 4 * unit * g.image, staged, panels, grid, accumulate, g);
  }
}

/** The panels of each phase, one after the other. */
function packPhases(panels: usize, taps: usize, weight: usize, g: Geometry): void {
  for (let phaseY = 0; phaseY < g.strideHeight; phaseY++) {
    for (let phaseX = 0; phaseX < g.strideWidth; phaseX++) {
      const count = listTaps(taps, phaseY, phaseX, g);
      packPanels(panels, taps, count, weight, g.inChannels, g.kernelHeight * g.kernelWidth);
      panels += panelBytes(g.inChannels, count);
    }
  }
}

/** Element (o, kh, kw) of the filters, if it reaches the phase. */
function listTaps(taps: usize, phaseY: i32, phaseX: i32, g: Geometry): i32 {
  const rows = rowsOf(g);
  const columns = columnsOf(g);
  let count = 0;
  for (let o = 0; o < g.outChannels; o++) {
    for (let kh = 0; kh < g.kernelHeight; kh++) {
      const y = kh * g.dilationHeight;
      if (y % g.strideHeight != phaseY) continue;
      for (let kw = 0; kw < g.kernelWidth; kw++) {
        const x = kw * g.dilationWidth;
        if (x % g.strideWidth != phaseX) continue;
        const offset = (o * rows - y / g.strideHeight) * columns - x / g.strideWidth;
        putTap(taps, count, 4 * offset, o * g.taps + kh * g.kernelWidth + kw);
        count++;
      }
    }
  }
  return count;
}

function tapsOfPhase(phase: i32, kernel: i32, dilation: i32, stride: i32): i32 {
  let count = 0;
  for (let k = 0; k < kernel; k++) if ((k * dilation) % stride == phase) count++;
  return count;
}

function stageGradient(to: usize, from: usize, g: Geometry): void {
  const rows = rowsOf(g);
  const columns = columnsOf(g);
  const top = firstOf(g.beforeHeight, g.kernelHeight, g.dilationHeight, g.strideHeight);
  const left = firstOf(g.beforeWidth, g.kernelWidth, g.dilationWidth, g.strideWidth);
  for (let o = 0; o < g.outChannels; o++) {
    to = stagePlane(to, rows, columns, from, g.outHeight, g.outWidth, 1, top, 1, left);
    from += 4 * g.outHeight * g.outWidth;
  }
}

function correlatePhases(dx: usize, staged: usize, panels: usize, grid: Grid, accumulate: i32, g: Geometry): void {
  const columns = columnsOf(g);
  const top = firstOf(g.beforeHeight, g.kernelHeight, g.dilationHeight, g.strideHeight);
  const left = firstOf(g.beforeWidth, g.kernelWidth, g.dilationWidth, g.strideWidth);
  if (!accumulate && g.strideHeight * g.strideWidth > 1) memory.fill(dx, 0, 4 * g.image);
  for (let phaseY = 0; phaseY < g.strideHeight; phaseY++) {
    const tapsY = tapsOfPhase(phaseY, g.kernelHeight, g.dilationHeight, g.strideHeight);
    // The first row of the phase within the image, and how many there are.
    const quotientY = -floorDivide(phaseY - g.beforeHeight, g.strideHeight);
    const y = quotientY * g.strideHeight + phaseY - g.beforeHeight;
    for (let phaseX = 0; phaseX < g.strideWidth; phaseX++) {
      const tapsX = tapsOfPhase(phaseX, g.kernelWidth, g.dilationWidth, g.strideWidth);
      const quotientX = -floorDivide(phaseX - g.beforeWidth, g.strideWidth);
      const x = quotientX * g.strideWidth + phaseX - g.beforeWidth;
      grid.taps = g.outChannels * tapsY * tapsX;
      grid.rows = y < g.height ? (g.height - 1 - y) / g.strideHeight + 1 : 0;
      grid.columns = x < g.width ? (g.width - 1 - x) / g.strideWidth + 1 : 0;
      grid.panels = panels;
      grid.source = staged + 4 * ((quotientY - top) * columns + quotientX - left);
      grid.out = dx + 4 * (y * g.width + x);
      panels += panelBytes(g.inChannels, grid.taps);
      if (grid.taps > 0 || g.strideHeight * g.strideWidth == 1) correlateGrid(grid, accumulate);
    }
  }
}

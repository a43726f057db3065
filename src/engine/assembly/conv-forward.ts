import { Geometry, upToFour } from "./conv-geometry";
import { correlateGrid, Grid, gridBytes, tileBytes, vectorListBytes } from "./conv-grid";
import { packPanels, panelBytes, putTap, tapBytes } from "./conv-panels";
import { stagedChannel, stagedColumns, stagedOffset, stageInput } from "./conv-stage";
import { addToRow, reluRow } from "./gemm-tile";
import { correlateTiles, suitsWinograd, transformWeight, winogradScratch } from "./winograd";

/** Long enough for whole vectors of places. */
function columnsOf(g: Geometry): i32 {
  return stagedColumns(g, upToFour(g.outWidth));
}

export function convForwardScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  if (suitsWinograd(g)) return winogradScratch(g, false);
  const lists = vectorListBytes(g.outWidth) + tapBytes * g.taps + panelBytes(g.outChannels, g.taps);
  return gridBytes + tileBytes + lists + 4 * g.inChannels * stagedChannel(g, columnsOf(g));
}

export function convForward(
  out: usize, x: usize, weight: usize, bias: usize, activation: i32, geometry: usize,
  scratch: usize, from: i32, to: i32,
): void {
  const g = changetype<Geometry>(geometry);
  if (suitsWinograd(g)) forwardInTiles(out, x, weight, bias, activation, g, scratch, from, to);
  else forwardByTaps(out, x, weight, bias, activation, g, scratch, from, to);
}

function forwardInTiles(
  out: usize, x: usize, weight: usize, bias: usize, activation: i32, g: Geometry,
  scratch: usize, from: i32, to: i32,
): void {
  let transformed = -1;
  for (let unit = from; unit < to; unit++) {
    const group = unit % g.groups;
    if (group != transformed) transformWeight(scratch, weight + 4 * group * g.outChannels * g.taps, g, false);
    transformed = group;
    const image = out + 4 * unit * g.outImage;
    correlateTiles(image, x + 4 * unit * g.image, scratch, g, false, 0);
    finish(image, bias ? bias + 4 * group * g.outChannels : 0, activation, g);
  }
}

function forwardByTaps(
  out: usize, x: usize, weight: usize, bias: usize, activation: i32, g: Geometry,
  scratch: usize, from: i32, to: i32,
): void {
  const grid = changetype<Grid>(scratch);
  const vectors = scratch + gridBytes + tileBytes;
  const taps = vectors + vectorListBytes(g.outWidth);
  const panels = taps + tapBytes * g.taps;
  const staged = panels + panelBytes(g.outChannels, g.taps);
  const columns = columnsOf(g);
  const channel = stagedChannel(g, columns);
  listTaps(taps, g, columns, channel);
  grid.source = staged;
  grid.sourceRow = 4 * columns;
  grid.rows = g.outHeight;
  grid.columns = g.outWidth;
  grid.filters = g.outChannels;
  grid.taps = g.taps;
  grid.panels = panels;
  grid.outPlane = 4 * g.outHeight * g.outWidth;
  grid.outRow = 4 * g.outWidth;
  grid.outColumn = 4;
  grid.tile = scratch + gridBytes;
  grid.vectors = vectors;
  let packed = -1;
  for (let unit = from; unit < to; unit++) {
    const group = unit % g.groups;
    if (group != packed) {
      const filters = weight + 4 * group * g.outChannels * g.taps;
      packPanels(panels, taps, g.taps, filters, g.outChannels, g.taps);
      packed = group;
    }
    stageInput(staged, x + 4 * unit * g.image, g, columns, channel);
    grid.out = out + 4 * unit * g.outImage;
    correlateGrid(grid, 0);
    finish(grid.out, bias ? bias + 4 * group * g.outChannels : 0, activation, g);
  }
}

/** Element (c, kh, kw) of a filter. */
function listTaps(taps: usize, g: Geometry, columns: i32, channel: i32): void {
  let index = 0;
  for (let c = 0; c < g.inChannels; c++) {
    for (let kh = 0; kh < g.kernelHeight; kh++) {
      for (let kw = 0; kw < g.kernelWidth; kw++) {
        putTap(taps, index, 4 * (c * channel + stagedOffset(g, columns, kh, kw)), index);
        index++;
      }
    }
  }
}

function finish(out: usize, bias: usize, activation: i32, g: Geometry): void {
  const plane = g.outHeight * g.outWidth;
  if (bias) {
    for (let c = 0; c < g.outChannels; c++) addToRow(out + 4 * c * plane, load<f32>(bias + 4 * c), plane);
  }
  if (activation) reluRow(out, g.outChannels * plane);
}

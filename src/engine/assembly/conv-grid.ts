import { fourFilters, stepBytes, twoFilters } from "./conv-tile";

/** Longest stretch of a filter between two visits of an output, and how many vectors of places use a panel in a row. */
const blockTaps: i32 = 512;
const blockVectors: i32 = 8;

/** What {@link correlateGrid} reads and writes; addresses and distances are in bytes. */
@unmanaged
export class Grid {
  /** Places: where the first one's input begins, and how far it is to that of the next row. Columns follow each other. */
  source: usize;
  sourceRow: i32;
  rows: i32;
  columns: i32;
  /** Filters: how many, their length, and their panels; see {@link fourFilters}. */
  filters: i32;
  taps: i32;
  panels: usize;
  /** Results: `[filters, rows, columns]`. */
  out: usize;
  outPlane: i32;
  outRow: i32;
  outColumn: i32;
  /** Room for a tile, and for a list of vectors of places; see {@link listVectors}. */
  tile: usize;
  vectors: usize;
}

export const gridBytes: i32 = 64;
export const tileBytes: i32 = 128;
const vectorBytes: i32 = 12;

/** How many rows of places use a panel before the next one does: few, but enough, and an even number of, vectors. */
function rowsOfBlock(rows: i32, vectors: i32): i32 {
  const some = (blockVectors + vectors - 1) / vectors;
  return min(rows, some + (some & vectors & 1));
}

/** Bytes that the list of vectors takes at most. */
export function vectorListBytes(columns: i32): i32 {
  return vectorBytes * (blockVectors + 2 * ((columns + 3) >> 2) + 3);
}

/** All filters at all places of a grid; with `adding`, on top of what is in the output. */
export function correlateGrid(grid: Grid, adding: i32): void {
  const vectors = (grid.columns + 3) >> 2;
  if (vectors == 0 || grid.rows == 0) return;
  const blockRows = rowsOfBlock(grid.rows, vectors);
  let listed = 0;
  let first = 0;
  do {
    const taps = min(blockTaps, grid.taps - first);
    for (let row = 0; row < grid.rows; row += blockRows) {
      const rows = min(blockRows, grid.rows - row);
      if (rows != listed) listVectors(grid, rows);
      listed = rows;
      const place = grid.source + row * grid.sourceRow;
      const out = grid.out + row * grid.outRow;
      for (let filter = 0; filter < grid.filters; filter += 4) {
        const panel = grid.panels + stepBytes * ((filter >> 2) * grid.taps + first);
        const filters = min(4, grid.filters - filter);
        const at = out + filter * grid.outPlane;
        if (filters > 2) fourFiltersAt(grid, rows * vectors, taps, panel, filters, place, at, adding | first);
        else twoFiltersAt(grid, rows * vectors, taps, panel, filters, place, at, adding | first);
      }
    }
    first += taps;
  } while (first < grid.taps);
}

/**
 * Lists the vectors of so many rows: for each how far its input and its output are from those of the first (in bytes), and
 * how many of its four places there are. At the end the last one is repeated, with no places.
 */
function listVectors(grid: Grid, rows: i32): void {
  let to = grid.vectors;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < grid.columns; x += 4) {
      store<i32>(to, y * grid.sourceRow + 4 * x);
      store<i32>(to, y * grid.outRow + x * grid.outColumn, 4);
      store<i32>(to, min(4, grid.columns - x), 8);
      to += vectorBytes;
    }
  }
  for (let i = 0; i < 3; i++) {
    store<i64>(to, load<i64>(to - vectorBytes));
    store<i32>(to, 0, 8);
    to += vectorBytes;
  }
}

function fourFiltersAt(
  grid: Grid, count: i32, taps: i32, panel: usize, filters: i32, place: usize, out: usize, adding: i32,
): void {
  const tile = grid.tile;
  const outPlane = grid.outPlane;
  const direct = filters == 4 && grid.outColumn == 4;
  let at = grid.vectors;
  for (let v = 0; v < count; v += 2) {
    const place0 = place + load<i32>(at), place1 = place + load<i32>(at, 12);
    const out0 = out + load<i32>(at, 4), out1 = out + load<i32>(at, 16);
    if (direct && load<i32>(at, 8) + load<i32>(at, 20) == 8) {
      fourFilters(taps, panel, place0, place1, out0, out1, outPlane, adding);
    } else {
      fourFilters(taps, panel, place0, place1, tile, tile + 16, 32, 0);
      copyVector(grid, out0, tile, 32, filters, load<i32>(at, 8), adding);
      copyVector(grid, out1, tile + 16, 32, filters, load<i32>(at, 20), adding);
    }
    at += 2 * vectorBytes;
  }
}

function twoFiltersAt(
  grid: Grid, count: i32, taps: i32, panel: usize, filters: i32, place: usize, out: usize, adding: i32,
): void {
  const tile = grid.tile;
  const direct = filters == 2 && grid.outColumn == 4;
  let at = grid.vectors;
  for (let v = 0; v < count; v += 4) {
    const place0 = place + load<i32>(at), place1 = place + load<i32>(at, 12);
    const place2 = place + load<i32>(at, 24), place3 = place + load<i32>(at, 36);
    const out0 = out + load<i32>(at, 4), out1 = out + load<i32>(at, 16);
    const out2 = out + load<i32>(at, 28), out3 = out + load<i32>(at, 40);
    const columns0 = load<i32>(at, 8), columns1 = load<i32>(at, 20);
    const columns2 = load<i32>(at, 32), columns3 = load<i32>(at, 44);
    if (direct && columns0 + columns1 + columns2 + columns3 == 16) {
      twoFilters(taps, panel, place0, place1, place2, place3, out0, out1, out2, out3, grid.outPlane, adding);
    } else {
      twoFilters(taps, panel, place0, place1, place2, place3, tile, tile + 16, tile + 32, tile + 48, 64, 0);
      copyVector(grid, out0, tile, 64, filters, columns0, adding);
      copyVector(grid, out1, tile + 16, 64, filters, columns1, adding);
      copyVector(grid, out2, tile + 32, 64, filters, columns2, adding);
      copyVector(grid, out3, tile + 48, 64, filters, columns3, adding);
    }
    at += 4 * vectorBytes;
  }
}

/** Copies, or adds, those places of a vector that there are. */
function copyVector(
  grid: Grid, out: usize, tile: usize, tileRow: usize, filters: i32, columns: i32, adding: i32,
): void {
  for (let i = 0; i < filters; i++) {
    if (columns == 4 && grid.outColumn == 4) {
      const x = v128.load(tile);
      v128.store(out, adding ? f32x4.add(v128.load(out), x) : x);
    } else {
      for (let j = 0; j < columns; j++) {
        const value = load<f32>(tile + 4 * j);
        const at = out + j * grid.outColumn;
        store<f32>(at, adding ? load<f32>(at) + value : value);
      }
    }
    out += grid.outPlane;
    tile += tileRow;
  }
}

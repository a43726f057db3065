import type { Trace } from "./trace.js";

/** How many points the lines and markers of a figure may have together; some 20 bytes each. */
export const maxPoints = 10_000;
/** How many cells a heat map may have; some 8 bytes each. */
export const maxCells = 25_000;

/**
 * A scatter trace with at most about `limit` points. A line keeps the lowest and the highest point of each of
 * `limit / 2` equal stretches, so that no spike is lost; of unconnected markers every n-th stays.
 */
export function thinTrace(trace: Trace, limit: number): Trace {
  const y = trace["y"];
  if (!Array.isArray(y) || y.length <= limit || trace["fill"] === "toself") return trace;
  const keep = String(trace["mode"]).includes("lines")
    ? extremes(y as (number | null)[], limit)
    : every(y.length, limit);
  const pick = (key: string) => {
    const list = trace[key];
    return Array.isArray(list) ? { [key]: keep.map((i) => (list as unknown[])[i]) } : {};
  };
  return { ...trace, ...pick("x"), ...pick("y"), ...pick("text") };
}

function every(length: number, limit: number): number[] {
  return Array.from({ length: limit }, (_, i) => Math.floor((i * length) / limit));
}

/** Indices of the first and last point and of the extremes of each stretch between, in order. */
function extremes(values: readonly (number | null)[], limit: number): number[] {
  const stretches = Math.max(1, Math.floor(limit / 2));
  const kept = new Set([0]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = Math.floor((stretch * values.length) / stretches);
    const end = Math.floor(((stretch + 1) * values.length) / stretches);
    let [low, high] = [start, start];
    for (let i = start; i < end; i++) {
      if ((values[i] ?? Infinity) < (values[low] ?? Infinity)) low = i;
      if ((values[i] ?? -Infinity) > (values[high] ?? -Infinity)) high = i;
    }
    kept.add(Math.min(low, high)).add(Math.max(low, high));
  }
  return [...kept.add(values.length - 1)];
}

/** How many neighbours along each axis must be merged so that a grid has at most {@link maxCells} cells. */
export function blockSize(rows: number, columns: number): number {
  let size = 1;
  while (Math.ceil(rows / size) * Math.ceil(columns / size) > maxCells) size++;
  return size;
}

/** The grid with every `size` × `size` block replaced by the mean of its finite numbers. */
export function blockMeans(rows: readonly ArrayLike<number>[], size: number): ArrayLike<number>[] {
  if (size === 1) return [...rows];
  const columns = Math.ceil(rows[0].length / size);
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => {
    const block = rows.slice(i * size, (i + 1) * size);
    return Array.from({ length: columns }, (_, j) => {
      const cells = block.flatMap(
        (row) => Array.prototype.slice.call(row, j * size, (j + 1) * size) as number[],
      );
      return mean(cells.filter(Number.isFinite));
    });
  });
}

/** Centres of blocks of `size` neighbours. */
export function blockCentres(positions: ArrayLike<number>, size: number): number[] {
  const length = Math.ceil(positions.length / size);
  return Array.from({ length }, (_, i) =>
    mean(Array.prototype.slice.call(positions, i * size, (i + 1) * size) as number[]),
  );
}

/** NaN for an empty list. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * One trace of a figure in Plotly's JSON: what {@link line}, {@link scatter} and {@link contour} build.
 * Kept open, so that any other trace type of Plotly can be handed to `plot` as it is.
 */
export interface Trace {
  readonly type: string;
  readonly [attribute: string]: unknown;
}

/** Ordinates given one by one, or as a function of the abscissa. */
export type Ordinates = ArrayLike<number> | ((x: number) => number);

/**
 * Pairs abscissas with ordinates, ready for JSON.
 *
 * @throws RangeError if both are lists and their lengths differ, or if no ordinate is finite.
 */
export function points(
  kind: string,
  x: ArrayLike<number>,
  y: Ordinates,
): { x: (number | null)[]; y: (number | null)[] } {
  const ys = typeof y === "function" ? Array.from(x, (value) => y(value)) : y;
  if (ys.length !== x.length) {
    throw new RangeError(`${kind}: x has ${x.length} values but y has ${ys.length}. Each point needs both.`);
  }
  checkFinite(kind, "y", [ys]);
  return { x: numbers(x), y: numbers(ys) };
}

/**
 * Numbers for a figure's JSON: seven significant digits unless told, which is finer than any screen, and `null`,
 * Plotly's gap, for NaN and infinities.
 */
export function numbers(values: ArrayLike<number>, digits = 7): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? Number(value.toPrecision(digits)) : null));
}

/** @throws RangeError if there are numbers, but all of them are NaN or infinite: the figure would be empty. */
export function checkFinite(kind: string, name: string, rows: readonly ArrayLike<number>[]): void {
  const count = rows.reduce((sum, row) => sum + row.length, 0);
  if (count === 0 || rows.some((row) => Array.prototype.some.call(row, Number.isFinite))) return;
  throw new RangeError(
    `${kind}: ${name} has no finite number among its ${count}: all are NaN or infinite. ` +
      `Look where they are computed.`,
  );
}

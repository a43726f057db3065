// Kernels are plain loops over storage: they know shapes and strides, but neither tensors nor gradients.

export type Numbers = { readonly length: number; [index: number]: number };

/**
 * Calls `visit(position)` for each element of `shape` in row-major order, with its position under `strides`.
 * A stride of 0 stays on the spot (broadcasting), a stride greater than 1 skips.
 */
function walk(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  visit: (position: number) => void,
): void {
  const last = shape.length - 1;
  if (last < 0) return visit(offset);
  const along = (axis: number, from: number): void => {
    const [size, stride] = [shape[axis], strides[axis]];
    if (axis === last) for (let i = 0; i < size; i++) visit(from + i * stride);
    else for (let i = 0; i < size; i++) along(axis + 1, from + i * stride);
  };
  along(0, offset);
}

/** Fills `out`, of `shape`, with the elements of `x` that the strides select. */
export function gather(
  out: Numbers,
  x: Numbers,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): void {
  let i = 0;
  walk(shape, strides, offset, (position) => (out[i++] = x[position]!));
}

/** The reverse: puts the elements of `x`, of `shape`, where the strides say in `out`. */
export function scatter(
  out: Numbers,
  x: Numbers,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): void {
  let i = 0;
  walk(shape, strides, offset, (position) => (out[position] = x[i++]!));
}

/**
 * Combines the elements of `x`, of `shape`, that the strides send to the same place of `out`:
 * `out[place] = combine(out[place], x[i])`. `out` holds the initial values.
 */
export function accumulate(
  out: Numbers,
  x: Numbers,
  shape: readonly number[],
  strides: readonly number[],
  combine: (sofar: number, next: number) => number,
): void {
  let i = 0;
  walk(shape, strides, 0, (place) => (out[place] = combine(out[place], x[i++])));
}

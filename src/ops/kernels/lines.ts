/**
 * Calls `visit(start, stride)` for each line along one axis of row-major storage: the line's elements are at
 * `start`, `start + stride`, …
 */
export function eachLine(
  shape: readonly number[],
  axis: number,
  visit: (start: number, stride: number) => void,
): void {
  const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
  const stride = product(shape.slice(axis + 1));
  const outer = product(shape.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    const start = o * shape[axis] * stride;
    for (let i = 0; i < stride; i++) visit(start + i, stride);
  }
}

import { expect } from "vitest";

/** Whether y is the double x but for rounding: `steps` of float32 at the size of x, or of `scale` if that is larger. */
function near(y: number, x: number, steps: number, scale = 0): boolean {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  if (y === x) return true;
  if (Math.abs(x) > 3.4e38) return Math.abs(y) > 3.4e38 && Math.sign(y) === Math.sign(x);
  return Math.abs(y - x) <= steps * 2 ** -23 * Math.max(Math.abs(x), scale, 2 ** -126);
}

/** Expects all of y near x, as {@link near} has it. */
export function expectNear(
  y: Float32Array,
  x: ArrayLike<number>,
  steps: number,
  scale?: (i: number) => number,
) {
  const far = y.findIndex((value, i) => !near(value, x[i], steps, scale?.(i)));
  if (far >= 0) expect.fail(`at ${far}: ${y[far]} is not near ${x[far]}, which is expected`);
}

// Operations that move elements about: the reading order is a list of strides.
import { borrow } from "../../engine/borrow.js";
import { engine } from "../../engine/engine.js";
import type { Pointer } from "../../engine/kernels.js";
import { run } from "../../engine/run.js";
import type { Shape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { addressOf } from "./address.js";

const mostAxes = 8;

/** Fills `out` with the elements of `x` that the strides select, from `offset` on. False if there are too many axes. */
export function gatherStrided(out: Tensor, x: Tensor, strides: readonly number[], offset = 0): boolean {
  return move("stridedCopy", addressOf(x) + 4 * offset, addressOf(out), out.shape, strides);
}

/** The reverse: puts the elements of `x` where the strides say in `out`, from `offset` on. */
export function scatterStrided(out: Tensor, x: Tensor, strides: readonly number[], offset = 0): boolean {
  return move("stridedAssign", addressOf(x), addressOf(out) + 4 * offset, x.shape, strides);
}

/** `out` takes `x` with the last two axes exchanged. */
export function exchangeLastAxes(out: Tensor, x: Tensor): void {
  if (x.size === 0) return;
  const [rows, columns] = x.shape.slice(-2);
  run("transpose", [addressOf(x), addressOf(out), rows, columns], {
    units: (x.size / (rows * columns)) * Math.ceil(columns / 4),
    nanoseconds: x.size / 2,
  });
}

function move(
  kernel: "stridedCopy" | "stridedAssign",
  from: Pointer,
  to: Pointer,
  shape: Shape,
  strides: readonly number[],
): boolean {
  if (shape.length > mostAxes) return false;
  const sizes = shape.length > 0 ? shape : [1];
  const steps = shape.length > 0 ? strides : [1];
  const rows = sizes.slice(0, -1).reduce((a, b) => a * b, 1);
  const columns = sizes[sizes.length - 1];
  if (rows * columns === 0) return true;
  const layout = borrow(8 * sizes.length);
  new Int32Array(engine()!.memory.buffer, layout, 2 * sizes.length).set([...sizes, ...steps]);
  run(kernel, [from, to, layout, sizes.length], { units: rows, nanoseconds: rows * columns });
  return true;
}

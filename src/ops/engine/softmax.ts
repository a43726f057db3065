// Softmax and its logarithm along one axis.
import { run } from "../../engine/run.js";
import type { FusedNode } from "../../tensor/history.js";
import { sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { temporary } from "../temporary.js";
import { addressOf } from "./address.js";

interface Axis {
  readonly axis: number;
}

/** An operation by its kernel; the gradient is computed from the result. */
export function normalizing(kernel: "softmax" | "logSoftmax") {
  return {
    forward(out: Tensor, [x]: readonly Tensor[], params: Axis): boolean {
      const { count, inner, lines } = linesOf(x, params);
      run(kernel, [addressOf(x), addressOf(out), count, inner], { units: lines, nanoseconds: 3 * x.size });
      return true;
    },
    backward(g: Tensor, node: FusedNode): readonly (Tensor | null)[] {
      const { output } = node;
      const { count, inner, lines } = linesOf(output, node.params as Axis);
      const dx = temporary(g.shape, g.size);
      run(`${kernel}Backward`, [addressOf(g), addressOf(output), addressOf(dx), count, inner], {
        units: lines,
        nanoseconds: 3 * g.size,
      });
      return [dx];
    },
  };
}

/** The lines along an axis: how many, how long, and how far apart their elements are. */
function linesOf({ shape }: Tensor, { axis }: Axis): { count: number; inner: number; lines: number } {
  const inner = sizeOf(shape.slice(axis + 1));
  return { count: shape[axis], inner, lines: sizeOf(shape.slice(0, axis)) * inner };
}

// Reductions along axes, and their gradients.
import { borrow } from "../../engine/borrow.js";
import type { Pointer } from "../../engine/kernels.js";
import { run } from "../../engine/run.js";
import type { FusedNode } from "../../tensor/history.js";
import { sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Reduction } from "../reduction.js";
import { temporary } from "../temporary.js";
import { addressOf, kernels } from "./address.js";

/** The axes of a reduction as the middle one of `[outer, count, inner]`. */
interface Middle {
  readonly outer: number;
  readonly count: number;
  readonly inner: number;
}

/** The reduced axes as one, if they are neighbours; else null. Axes of size 1 do not matter. */
export function middleOf({ shape }: Tensor, { axes }: Reduction): Middle | null {
  const large = axes.filter((axis) => shape[axis] !== 1);
  const [first, last] = [large[0] ?? 0, large.at(-1) ?? -1];
  const between = shape.slice(first, last + 1);
  const count = sizeOf(large.map((axis) => shape[axis]));
  if (sizeOf(between) !== count) return null;
  return { outer: sizeOf(shape.slice(0, first)), count, inner: sizeOf(shape.slice(last + 1)) };
}

/** A reduction by its kernel; its gradient is left to the rule for all dtypes. */
export function reducing(kernel: "prod" | "logSumExp") {
  return {
    forward(out: Tensor, [x]: readonly Tensor[], params: Reduction): boolean {
      const middle = middleOf(x, params);
      if (middle) reduce(kernel, x, out, middle);
      return middle !== null;
    },
  };
}

/** Σ x, or its mean. */
export function summing(isMean: boolean) {
  const scaleOf = ({ count }: Middle) => (isMean ? 1 / count : 1);
  return {
    forward(out: Tensor, [x]: readonly Tensor[], params: Reduction): boolean {
      const middle = middleOf(x, params);
      if (!middle) return false;
      total(addressOf(x), addressOf(out), middle, scaleOf(middle));
      return true;
    },
    backward(g: Tensor, node: FusedNode): readonly (Tensor | null)[] | null {
      const { shape, size } = node.like(0);
      const middle = middleOf(node.like(0), node.params as Reduction);
      if (!middle) return null;
      const dx = temporary(shape, size);
      const { outer, count, inner } = middle;
      run("repeat", [addressOf(g), addressOf(dx), count, inner, scaleOf(middle)], {
        units: outer * count,
        nanoseconds: size / 4,
      });
      return [dx];
    },
  };
}

/** The largest or the smallest; those that tie share the gradient. */
export function extreme(kernel: "max" | "min") {
  return {
    forward(out: Tensor, [x]: readonly Tensor[], params: Reduction): boolean {
      const middle = middleOf(x, params);
      if (middle) reduce(kernel, x, out, middle);
      return middle !== null;
    },
    backward(g: Tensor, node: FusedNode): readonly (Tensor | null)[] | null {
      const [x] = node.inputs;
      const { output } = node;
      const middle = middleOf(x, node.params as Reduction);
      if (!middle) return null;
      const dx = temporary(x.shape, x.size);
      const { outer, count, inner } = middle;
      run("extremeBackward", [addressOf(g), addressOf(x), addressOf(output), addressOf(dx), count, inner], {
        units: outer * inner,
        nanoseconds: x.size,
      });
      return [dx];
    },
  };
}

/** Σ (x − mean)² / (count − correction); its gradient is left to the rule for all dtypes. */
export const varianceRules = {
  forward(out: Tensor, [x]: readonly Tensor[], params: Reduction & { correction: number }): boolean {
    const middle = middleOf(x, params);
    if (!middle) return false;
    const { outer, count, inner } = middle;
    run("variance", [addressOf(x), addressOf(out), count, inner, params.correction], {
      units: outer * inner,
      nanoseconds: x.size,
    });
    return true;
  },
};

function reduce(kernel: "max" | "min" | "prod" | "logSumExp", x: Tensor, out: Tensor, middle: Middle): void {
  const { outer, count, inner } = middle;
  run(kernel, [addressOf(x), addressOf(out), count, inner], { units: outer * inner, nanoseconds: x.size });
}

/** `scale · Σ x`; a sum of everything is shared out in chunks. */
function total(x: Pointer, out: Pointer, { outer, count, inner }: Middle, scale: number): void {
  const nanoseconds = (outer * count * inner) / 4;
  if (outer * inner > 1 || count <= sharedCount) {
    run("sum", [x, out, count, inner, scale], { units: outer * inner, nanoseconds });
    return;
  }
  const chunks = Math.ceil(count / chunkSize);
  const partials = borrow(8 * chunks);
  run("sumChunks", [x, partials, count], { units: chunks, nanoseconds });
  kernels().sumPartials(partials, out, chunks, scale);
}

/** The chunks that `sumChunks` works in, and from where on it is worth while. */
const chunkSize = 16_384;
const sharedCount = 8 * chunkSize;

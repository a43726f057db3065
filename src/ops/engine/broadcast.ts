import type { Shape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { temporary } from "../temporary.js";
import { addressOf, kernels } from "./address.js";

/**
 * How two operands meet: the result as `[outer, middle, inner]`, and which of these axes each operand has, the others
 * being repeated: 4 for outer, 2 for middle, 1 for inner, added up.
 */
export interface Layout {
  readonly outer: number;
  readonly middle: number;
  readonly inner: number;
  readonly aAxes: number;
  readonly bAxes: number;
}

/** An operand that has all axes. */
export const allAxes = 7;

/** The layout of operands of the shapes `a` and `b`, whose common shape is `out`; null if three axes do not do. */
export function layoutOf(a: Shape, b: Shape, out: Shape): Layout | null {
  const sizes = [1];
  // bit 1: a has the axes of the group, bit 2: b has them
  const owners = [0];
  for (let back = 1; back <= out.length; back++) {
    const size = out[out.length - back];
    if (size === 1) continue;
    const owner = (a[a.length - back] === size ? 1 : 0) + (b[b.length - back] === size ? 2 : 0);
    const last = sizes.length - 1;
    if (owners[last] === owner || sizes[last] === 1) {
      sizes[last] *= size;
      owners[last] = owner;
    } else {
      sizes.push(size);
      owners.push(owner);
    }
  }
  if (sizes.length > 3) return null;
  const [inner, middle = 1, outer = 1] = sizes;
  const [ownInner, ownMiddle = ownInner, ownOuter = ownMiddle] = owners;
  const owned = (bit: number) =>
    (ownOuter & bit ? 4 : 0) + (ownMiddle & bit ? 2 : 0) + (ownInner & bit ? 1 : 0);
  return { outer, middle, inner, aAxes: owned(1), bAxes: owned(2) };
}

/** The axes of operand `i`. */
export function axesOf({ aAxes, bAxes }: Layout, i: 0 | 1): number {
  return i === 0 ? aAxes : bAxes;
}

/**
 * The gradient of an operand that was repeated: Σ x, or Σ x y, over the axes that it lacks. `x` and `y` are
 * `[outer, middle, inner]`, the result has the shape of the operand.
 */
export function sumOver(x: Tensor, y: Tensor | null, layout: Layout, i: 0 | 1, operand: Tensor): Tensor {
  const axes = axesOf(layout, i);
  const { outer, middle, inner } = layout;
  const kernel = kernels();
  const out = temporary(operand.shape, operand.size);
  const from = addressOf(x);
  const to = addressOf(out);
  if (axes === 2) {
    if (y) kernel.channelMulSum(from, addressOf(y), to, outer, middle, inner, 0, middle);
    else kernel.channelSum(from, to, outer, middle, inner, 0, middle);
    return out;
  }
  const { count, after } = summedAxis(layout, axes);
  if (y) kernel.mulSum(from, addressOf(y), to, count, after, 1, 0, operand.size);
  else kernel.sum(from, to, count, after, 1, 0, operand.size);
  return out;
}

/** The axes that an operand lacks, as the middle one of `[…, count, after]`. */
function summedAxis({ outer, middle, inner }: Layout, axes: number): { count: number; after: number } {
  switch (axes) {
    case 0:
      return { count: outer * middle * inner, after: 1 };
    case 1:
      return { count: outer * middle, after: inner };
    case 3:
      return { count: outer, after: middle * inner };
    case 4:
      return { count: middle * inner, after: 1 };
    case 5:
      return { count: middle, after: inner };
    default:
      return { count: inner, after: 1 };
  }
}

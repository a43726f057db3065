import { sizeOf, stridesOf, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineOp, type Op } from "./define-op.js";
import { gridPositions, nowhere, upTo } from "./kernels/positions.js";

/** Which element of the input stands at each place of the output, by its position in storage. */
export interface Picks {
  readonly shape: Shape;
  readonly positions: Int32Array;
  /** What stands where the position is `nowhere`. */
  readonly fill?: number;
}

/**
 * Makes an operation that only picks elements: of `x`, which is its first argument, those that `plan` names. An element
 * picked several times gets the sum of the gradients.
 */
export function definePick<Args extends readonly unknown[]>(
  name: string,
  plan: (x: Tensor, ...args: Args) => Picks,
): Op<[x: Tensor, ...args: Args]> {
  return defineOp<[x: Tensor, ...args: Args], [Tensor], Picks>({
    name,
    call: (x, ...args) => ({ inputs: [x], params: plan(x, ...args) }),
    shape: (_x: Tensor, { shape }: Picks) => shape,
    forward: copyPicked,
    backward: (g, { inputs: [x], params }) => [place(g, x.shape, params)],
  });
}

/** The picks of a grid: from `lists`, the indices along each axis of storage of the given shape. */
export function pickGrid(shape: Shape, lists: readonly ArrayLike<number>[], fill = 0): Picks {
  const positions = gridPositions(stridesOf(shape), lists);
  return { shape: lists.map(({ length }) => length), positions, fill };
}

/** The picks of the given indices along one axis, and of everything along the others. */
export function pickAlong(shape: Shape, axis: number, indices: ArrayLike<number>): Picks {
  return pickGrid(
    shape,
    shape.map((size, other) => (other === axis ? indices : upTo(size))),
  );
}

/** Zeros of shape `into`, with each element of `x` added at its position: the transpose of picking. */
export const place: Op<[x: Tensor, into: Shape, picks: Picks]> = defineOp({
  name: "place",
  call: (x: Tensor, into: Shape, picks: Picks) => ({ inputs: [x] as [Tensor], params: { into, picks } }),
  shape: (_x, { into }) => into,
  forward(out, x, { into, picks: { positions } }) {
    const sums = new Float64Array(sizeOf(into));
    const { elements } = x;
    for (let i = 0; i < positions.length; i++) {
      if (positions[i] !== nowhere) sums[positions[i]] += elements[i];
    }
    out.elements.set(sums);
  },
  backward: (g, { params: { picks } }) => [pick(g, { ...picks, fill: 0 })],
});

const pick: Op<[x: Tensor, picks: Picks]> = definePick("pick", (_x, picks: Picks) => picks);

function copyPicked(out: Tensor, x: Tensor, { positions, fill = 0 }: Picks): void {
  const [to, from] = [out.elements, x.elements];
  for (let i = 0; i < positions.length; i++) {
    to[i] = positions[i] === nowhere ? fill : from[positions[i]];
  }
}

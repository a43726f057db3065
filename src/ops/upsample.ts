import { ShapeError } from "../tensor/errors.js";
import { show } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Op } from "./define-op.js";
import { upTo } from "./kernels/positions.js";
import { definePick, pickGrid } from "./pick.js";
import { perAxis, type PerAxis } from "./sliding.js";

/**
 * Enlarges images by repeating each pixel: every output pixel is its nearest input pixel.
 *
 * Shapes: `x […, H, W]` → `[…, scale · H, scale · W]`.
 *
 * @throws ShapeError if `x` has fewer than two axes, or the scale is not a whole number from 1.
 * @example upsampleNearest2d(tensor([[1, 2]]), 2).toArray() // [[1, 1, 2, 2], [1, 1, 2, 2]]
 */
export const upsampleNearest2d: Op<[x: Tensor, scale: PerAxis]> = definePick(
  "upsampleNearest2d",
  ({ shape, ndim }: Tensor, scale: PerAxis) => {
    const scales = perAxis("upsampleNearest2d", "scale", scale, 2, 1);
    if (ndim < 2) {
      throw new ShapeError(
        `upsampleNearest2d: input ${show(shape)}. Expected at least two axes, height and width.`,
      );
    }
    const factors = shape.map((_, axis) => (axis < ndim - 2 ? 1 : scales[axis - ndim + 2]));
    return pickGrid(
      shape,
      shape.map((size, axis) => upTo(size * factors[axis]).map((i) => Math.floor(i / factors[axis]))),
    );
  },
);

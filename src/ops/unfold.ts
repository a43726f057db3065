import { arithmetic } from "../tensor/dtype.js";
import { ShapeError } from "../tensor/errors.js";
import { show, type Shape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { defineComposite, defineOp, type Op } from "./define-op.js";
import { col2im, im2col, type Sliding2d } from "./kernels/im2col.js";
import {
  checkAxes,
  overTwoAxes,
  perAxis,
  slidingWindows,
  type PerAxis,
  type SlidingOptions,
} from "./sliding.js";

/**
 * The patches under a sliding window as columns (im2col): convolution is a matrix product with them.
 *
 * Shapes: `x [batch, channels, H, W]` → `[batch, channels · kH · kW, oH · oW]`.
 *
 * @throws ShapeError if `x` does not have four axes, or the kernel is larger than the padded input.
 * @example unfold(tensor([[[[1, 2, 3], [4, 5, 6]]]]), 2).toArray() // [[[1, 2], [2, 3], [4, 5], [5, 6]]]
 */
export const unfold: Op<[x: Tensor, kernelSize: PerAxis, options?: SlidingOptions]> = defineComposite(
  "unfold",
  (x, kernelSize, options = {}) => {
    checkAxes("unfold", "input", x, ["batch", "channels", "height", "width"]);
    return takePatches(x, patchesOf("unfold", x.shape, kernelSize, options));
  },
);

/**
 * The transpose of {@link unfold} (col2im): puts patches back into images; where they overlap, they add up.
 *
 * Shapes: `columns [batch, channels · kH · kW, oH · oW]` → `[batch, channels, H, W]`, with [H, W] the `outputSize`.
 *
 * @throws ShapeError if the columns are not those that `unfold` makes of images of that size.
 * @example fold(ones([1, 4, 2]), [2, 3], 2).toArray() // [[[[1, 2, 1], [1, 2, 1]]]]
 */
export const fold: Op<[columns: Tensor, outputSize: PerAxis, kernelSize: PerAxis, options?: SlidingOptions]> =
  defineComposite("fold", (columns, outputSize, kernelSize, options = {}) => {
    checkAxes("fold", "columns", columns, ["batch", "channels * kH * kW", "places"]);
    const [batch, taps, places] = columns.shape;
    const size = perAxis("fold", "outputSize", outputSize, 2, 1);
    const [kH, kW] = perAxis("fold", "kernelSize", kernelSize, 2, 1);
    const channels = taps / (kH * kW);
    const patches = patchesOf("fold", [batch, channels, ...size], kernelSize, options);
    if (Number.isInteger(channels) && places === patches.columns[2]) return putPatches(columns, patches);
    throw new ShapeError(
      `fold: columns ${show(columns.shape)} for images of ${show(size)} and a kernel of ${show([kH, kW])}. ` +
        `Expected [batch, a multiple of ${kH * kW}, ${patches.columns[2]}].`,
    );
  });

/** How patches lie in images. */
interface Patches {
  readonly window: Sliding2d;
  /** `[batch, channels, H, W]` */
  readonly images: Shape;
  /** `[batch, channels · kH · kW, places]` */
  readonly columns: Shape;
}

const takePatches: Op<[x: Tensor, patches: Patches]> = defineOp({
  name: "unfold",
  call: (x: Tensor, patches: Patches) => ({ inputs: [x] as [Tensor], params: patches }),
  shape: (_x, { columns }) => columns,
  forward: (out, x, patches) =>
    eachImage(patches, (image, column) =>
      im2col(out.elements.subarray(column), x.elements, image, patches.images[1], patches.window),
    ),
  backward: (g, { params }) => [putPatches(g, params)],
});

const putPatches: Op<[columns: Tensor, patches: Patches]> = defineOp({
  name: "fold",
  dtype: arithmetic,
  call: (columns: Tensor, patches: Patches) => ({ inputs: [columns] as [Tensor], params: patches }),
  shape: (_columns, { images }) => images,
  forward: (out, columns, patches) =>
    eachImage(patches, (image, column) =>
      col2im(out.elements, columns.elements.subarray(column), image, patches.images[1], patches.window),
    ),
  backward: (g, { params }) => [takePatches(g, params)],
});

function patchesOf(op: string, images: Shape, kernelSize: PerAxis, options: SlidingOptions): Patches {
  const [kH, kW] = perAxis(op, "kernelSize", kernelSize, 2, 1);
  const window = overTwoAxes(slidingWindows(op, images, [kH, kW], options));
  const places = window[0].count * window[1].count;
  return { window, images, columns: [images[0], images[1] * kH * kW, places] };
}

/** Calls `visit` with where each image and its columns begin. */
function eachImage({ images, columns }: Patches, visit: (image: number, column: number) => void): void {
  const [batch, channels, height, width] = images;
  for (let n = 0; n < batch; n++) visit(n * channels * height * width, n * columns[1] * columns[2]);
}

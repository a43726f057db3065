import type { ConvolutionSizes } from "../kernels/convolution.js";
import { borrow } from "../../engine/borrow.js";
import { engine } from "../../engine/engine.js";
import type { Pointer } from "../../engine/kernels.js";
import { placeGeometry } from "./geometry.js";
import { run } from "../../engine/run.js";

// Convolutions by the engine's kernels; shapes as in src/engine/kernels/convolution.ts.

/** `out` = x ∗ weight, plus a bias for each channel unless that is 0. */
export function convolve(
  out: Pointer,
  x: Pointer,
  weight: Pointer,
  sizes: ConvolutionSizes,
  { bias = 0, relu = false }: { bias?: Pointer; relu?: boolean } = {},
): void {
  const geometry = placeGeometry(sizes);
  run("convForward", [out, x, weight, bias, relu ? 1 : 0, geometry], {
    units: sizes.batch * sizes.groups,
    nanoseconds: duration(sizes),
    scratch: engine()!.kernels.convForwardScratch(geometry),
  });
}

/** The input's gradient `dx`, or, with `accumulate`, that added to it. */
export function convolveInput(
  dx: Pointer,
  gradient: Pointer,
  weight: Pointer,
  sizes: ConvolutionSizes,
  accumulate = false,
): void {
  const geometry = placeGeometry(sizes);
  run("convInput", [dx, gradient, weight, accumulate ? 1 : 0, geometry], {
    units: sizes.batch * sizes.groups,
    nanoseconds: duration(sizes),
    scratch: engine()!.kernels.convInputScratch(geometry),
  });
}

/** The gradients of weight and, unless `dBias` is 0, bias; with `accumulate`, added to what is there. */
export function convolveWeight(
  dWeight: Pointer,
  dBias: Pointer,
  gradient: Pointer,
  x: Pointer,
  sizes: ConvolutionSizes,
  accumulate = false,
): void {
  const { kernels } = engine()!;
  const geometry = placeGeometry(sizes);
  const units = kernels.convWeightChunks(geometry);
  const { groups, inChannels, outChannels, window } = sizes;
  const taps = inChannels * window[0].kernel * window[1].kernel;
  const partials = borrow(4 * units * groups * outChannels * (taps + 1));
  run("convWeight", [partials, gradient, x, geometry], {
    units,
    nanoseconds: duration(sizes),
    scratch: kernels.convWeightScratch(geometry),
  });
  kernels.convWeightSum(dWeight, dBias, partials, accumulate ? 1 : 0, geometry);
}

/** About how many nanoseconds a convolution takes on one thread. */
function duration({ batch, groups, inChannels, outChannels, window: [h, w] }: ConvolutionSizes): number {
  return (batch * groups * inChannels * outChannels * h.kernel * w.kernel * h.count * w.count) / 20;
}

import type { ConvolutionSizes } from "../kernels/convolution.js";
import { engine } from "../../engine/engine.js";
import type { Pointer } from "../../engine/kernels.js";
import { geometryFields } from "../../engine/kernels/convolution.js";

let place: Pointer = 0;

/** Writes a geometry for the kernels, where it stays until the next one. */
export function placeGeometry({ batch, groups, inChannels, outChannels, window }: ConvolutionSizes): Pointer {
  const { memory, reserve } = engine()!;
  if (place === 0) place = reserve(4 * geometryFields.length);
  const [h, w] = window;
  const geometry: Record<(typeof geometryFields)[number], number> = {
    ...{ batch, groups, inChannels, outChannels, height: h.size, width: w.size },
    ...{ kernelHeight: h.kernel, kernelWidth: w.kernel, strideHeight: h.stride, strideWidth: w.stride },
    ...{
      dilationHeight: h.dilation,
      dilationWidth: w.dilation,
      beforeHeight: h.before,
      beforeWidth: w.before,
    },
    ...{ outHeight: h.count, outWidth: w.count },
  };
  const words = new Int32Array(memory.buffer, place, geometryFields.length);
  geometryFields.forEach((field, i) => (words[i] = geometry[field]));
  return place;
}

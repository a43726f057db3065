import { borrow } from "../../engine/borrow.js";
import { engine } from "../../engine/engine.js";
import type { Kernels, Pointer } from "../../engine/kernels.js";
import type { ElementwiseKernels } from "../../engine/kernels/elementwise.js";
import { run } from "../../engine/run.js";
import type { Tensor } from "../../tensor/tensor.js";

/** The names of the elementwise kernels that are called like `Kernel`, with no fewer values. */
export type NameOf<Kernel> = {
  [K in keyof ElementwiseKernels]: Kernel extends ElementwiseKernels[K]
    ? ElementwiseKernels[K] extends Kernel
      ? K
      : never
    : never;
}[keyof ElementwiseKernels];

/** The kernels of the engine, which must not be switched off. */
export function kernels(): Kernels {
  return engine()!.kernels;
}

/**
 * Where the elements of a float32 tensor are for the kernels: in their own place, or copied for the operation at hand if
 * they lie in an array from outside.
 */
export function addressOf({ storage }: Tensor): Pointer {
  return storage.pointer !== 0 ? storage.pointer : addressOfNumbers(storage.data as Float32Array);
}

/** Numbers copied for the operation at hand. */
export function addressOfNumbers(numbers: Float32Array | Int32Array): Pointer {
  const pointer = borrow(4 * numbers.length);
  const { buffer } = engine()!.memory;
  const place = numbers instanceof Float32Array ? new Float32Array(buffer) : new Int32Array(buffer);
  place.set(numbers, pointer / 4);
  return pointer;
}

/** From this many elements on, an elementwise operation may be shared out among threads. */
export const manyElements = 32_768;

/** Runs an elementwise kernel over `count` elements. */
export function runElements(
  kernel: keyof ElementwiseKernels,
  values: readonly number[],
  count: number,
): void {
  run(kernel, values, { units: count, nanoseconds: count, grain: 4096 });
}

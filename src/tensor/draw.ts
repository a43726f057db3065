import { run } from "../engine/run.js";
import type { RandomKernels } from "../engine/kernels/random.js";
import { finish } from "./create.js";
import type { Generator, RandomOptions } from "./random.js";
import { checkShape, sizeOf, type Shape } from "./shape.js";
import { emptyStorage } from "./storage.js";
import type { Tensor } from "./tensor.js";

/**
 * Draws float32 numbers by a kernel of the engine: the same that the generator would draw one by one, which then stands
 * behind them. null for other dtypes, or if the engine is switched off.
 */
export function drawByKernel(
  op: string,
  kernel: keyof RandomKernels,
  shape: Shape,
  options: RandomOptions,
  generator: Generator,
  values: readonly number[],
): Tensor | null {
  if ((options.dtype ?? "float32") !== "float32") return null;
  checkShape(op, shape);
  const size = sizeOf(shape);
  const storage = emptyStorage("float32", size);
  if (storage.pointer === 0) return null;
  const drawn = generator.skip(size);
  run(kernel, [storage.pointer, generator.seed, drawn, ...values], { units: size, nanoseconds: 20 * size });
  return finish(storage, [...shape], "float32", options);
}

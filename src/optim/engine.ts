// Steps of optimizers by the engine: one pass over each parameter.
import type { OptimizerKernels } from "../engine/kernels/optimizer.js";
import { run } from "../engine/run.js";
import type { Storage } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";

/** A kernel, and what it is told after the addresses of parameter and gradient. */
export interface UpdateKernel {
  readonly name: keyof OptimizerKernels;
  readonly values: readonly (number | Storage | null)[];
}

export function isInEngine({ storage }: Tensor): boolean {
  return storage.pointer !== 0;
}

export function updateByKernel({ name, values }: UpdateKernel, param: Tensor, gradient: Tensor): void {
  const numbers = values.map((value) => (typeof value === "number" ? value : (value?.pointer ?? 0)));
  const size = param.size;
  run(name, [param.storage.pointer, gradient.storage.pointer, ...numbers], {
    units: size,
    nanoseconds: size,
  });
}

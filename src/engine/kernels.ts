import type { ConvolutionKernels } from "./kernels/convolution.js";
import type { ElementwiseKernels } from "./kernels/elementwise.js";
import type { MatrixKernels } from "./kernels/matrix.js";
import type { MovementKernels } from "./kernels/movement.js";
import type { NormKernels } from "./kernels/norm.js";
import type { OptimizerKernels } from "./kernels/optimizer.js";
import type { PoolKernels } from "./kernels/pool.js";
import type { RandomKernels } from "./kernels/random.js";
import type { ReduceKernels } from "./kernels/reduce.js";
import type { SoftmaxKernels } from "./kernels/softmax.js";

/**
 * Exports of the WebAssembly module: the contract between `src/engine/assembly` and the operations.
 *
 * Arrays are float32 and row-major unless said otherwise, and come as byte pointers into the engine's memory, aligned to
 * 4 bytes; sizes are whole numbers. Kernels allocate nothing. Outputs must not overlap inputs where nothing says that
 * they may. `accumulate` (0 or 1) adds to what is in the output instead of replacing it.
 *
 * A range `from`, `to` (excluded) at the end restricts a kernel to a part of its output, counted in units: the result is
 * bitwise the same however the units are divided. `scratch` before it is memory of the caller's thread that the kernel
 * may use, as much as the function named after it says; it must be aligned to 16 bytes.
 */
export interface Kernels
  extends
    MatrixKernels,
    ConvolutionKernels,
    PoolKernels,
    ElementwiseKernels,
    MovementKernels,
    NormKernels,
    OptimizerKernels,
    RandomKernels,
    ReduceKernels,
    SoftmaxKernels {}

/** A byte address in the engine's memory. 0 stands for "none". */
export type Pointer = number;

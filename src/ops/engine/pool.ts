// Pooling over windows, and its gradients.
import { engine } from "../../engine/engine.js";
import type { Pointer } from "../../engine/kernels.js";
import { run } from "../../engine/run.js";
import type { FusedNode } from "../../tensor/history.js";
import { emptyStorage, type Storage } from "../../tensor/storage.js";
import type { Tensor } from "../../tensor/tensor.js";
import { overTwoAxes } from "../sliding.js";
import type { SlidingWindow } from "../kernels/im2col.js";
import { temporary } from "../temporary.js";
import { addressOf } from "./address.js";
import { geometryAt } from "./convolution.js";

/** Where the largest element of each window was found: kept in the engine's memory for the gradient. */
export class FoundPositions {
  readonly storage: Storage;

  constructor(count: number) {
    // int32 takes as much room as float32
    this.storage = emptyStorage("float32", count);
  }

  /** A copy outside the engine's memory. */
  toArray(): Int32Array {
    const { pointer, length } = this.storage;
    return new Int32Array(engine()!.memory.buffer, pointer, length).slice();
  }
}

/** What a pooling by the engine has to know. */
export interface EnginePool {
  /** Over how many lines or planes the windows run. */
  readonly planes: number;
  readonly sliding: readonly SlidingWindow[];
}

export function findLargest(out: Tensor, x: Tensor, pool: EnginePool): FoundPositions {
  const found = new FoundPositions(out.size);
  const positions = found.storage.pointer;
  run("maxPool", [addressOf(out), positions, addressOf(x), geometryOf(pool)], divided(pool, 2 * x.size));
  return found;
}

export function returnToLargest(g: Tensor, x: Tensor, found: FoundPositions, pool: EnginePool): Tensor {
  const dx = temporary(x.shape, x.size);
  const values = [addressOf(dx), addressOf(g), found.storage.pointer, replace, geometryOf(pool)];
  run("maxPoolBackward", values, divided(pool, x.size));
  return dx;
}

/** What each window's sum is divided by: its size, its elements within the input; or the windows are adaptive. */
export type MeanKind = "whole" | "inside" | "adaptive";

interface AveragePool extends EnginePool {
  readonly kind: MeanKind;
}

export const averageRules = {
  forward(out: Tensor, [x]: readonly Tensor[], pool: AveragePool): boolean {
    const [to, from, geometry] = [addressOf(out), addressOf(x), geometryOf(pool)];
    if (pool.kind === "adaptive") run("adaptiveAvgPool", [to, from, geometry], divided(pool, x.size));
    else run("avgPool", [to, from, countsPadding(pool), geometry], divided(pool, x.size));
    return true;
  },
  backward(g: Tensor, node: FusedNode): (Tensor | null)[] {
    const pool = node.params as AveragePool;
    const { shape, size } = node.like(0);
    const dx = temporary(shape, size);
    const [to, from, geometry] = [addressOf(dx), addressOf(g), geometryOf(pool)];
    if (pool.kind === "adaptive") {
      run("adaptiveAvgPoolBackward", [to, from, replace, geometry], divided(pool, size));
    } else {
      run("avgPoolBackward", [to, from, countsPadding(pool), replace, geometry], divided(pool, size));
    }
    return [dx];
  },
};

const replace = 0;

function countsPadding({ kind }: AveragePool): number {
  return kind === "whole" ? 1 : 0;
}

function geometryOf({ planes, sliding }: EnginePool): Pointer {
  return geometryAt(planes, 1, 1, 1, overTwoAxes(sliding));
}

function divided({ planes }: EnginePool, nanoseconds: number) {
  return { units: planes, nanoseconds };
}

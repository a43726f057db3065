import { expect } from "vitest";
import type { Kernels, Pointer } from "../../src/engine/kernels.js";
import { loadEngine, type Engine } from "../../src/engine/load.js";

const guardBytes = 64;
const guardByte = 0xa5;

/**
 * Memory to try kernels in: arrays lie one after the other with guards between them, and begin as far from a multiple of
 * 16 bytes as a test wants.
 */
export class KernelMemory {
  readonly engine: Engine;
  readonly kernels: Kernels;
  private readonly start: Pointer;
  private next: Pointer;
  private readonly size = 8 << 20;
  private guards: Pointer[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
    this.kernels = engine.kernels;
    this.start = engine.reserve(this.size);
    this.next = this.start;
  }

  /** Forgets all arrays. */
  clear(): void {
    this.next = this.start;
    this.guards = [];
    this.guard();
  }

  /** `length` float32, filled with `fill`, `shift` elements (0 to 3) after a multiple of 16 bytes. */
  room(length: number, shift = 0, fill = NaN): Pointer {
    const pointer = this.next + 4 * shift;
    this.view(pointer, length).fill(fill);
    this.next = pointer + 4 * length;
    this.guard();
    return pointer;
  }

  put(values: ArrayLike<number>, shift = 0): Pointer {
    const pointer = this.room(values.length, shift, 0);
    this.view(pointer, values.length).set(values);
    return pointer;
  }

  putInt32(values: ArrayLike<number>, shift = 0): Pointer {
    const pointer = this.room(values.length, shift, 0);
    new Int32Array(this.engine.memory.buffer, pointer, values.length).set(values);
    return pointer;
  }

  /** A copy of what lies there. */
  floats(pointer: Pointer, length: number): Float32Array {
    return this.view(pointer, length).slice();
  }

  int32(pointer: Pointer, length: number): Int32Array {
    return new Int32Array(this.engine.memory.buffer, pointer, length).slice();
  }

  /** Fails if a kernel has written beside an array. */
  expectGuardsIntact(): void {
    for (const guard of this.guards) {
      const bytes = new Uint8Array(this.engine.memory.buffer, guard, guardBytes);
      expect(bytes.every((byte) => byte === guardByte)).toBe(true);
    }
  }

  private view(pointer: Pointer, length: number): Float32Array {
    return new Float32Array(this.engine.memory.buffer, pointer, length);
  }

  /** Ends an array: a guard, and then as far as the next multiple of 16. */
  private guard(): void {
    new Uint8Array(this.engine.memory.buffer, this.next, guardBytes).fill(guardByte);
    this.guards.push(this.next);
    this.next = (this.next + guardBytes + 15) & ~15;
    if (this.next > this.start + this.size)
      throw new RangeError("KernelMemory: arrays too large for a test.");
  }
}

/** One for each binary. */
export const kernelMemories: [name: string, memory: KernelMemory][] = [
  ["plain", new KernelMemory(loadEngine(false))],
  ["relaxed", new KernelMemory(loadEngine(true))],
];

/** Numbers from −1 to 1, by a seed: mulberry32. */
export function numbers(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

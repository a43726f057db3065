import { expect } from "vitest";
import type { Pointer } from "../../src/engine/kernels.js";
import type { KernelMemory } from "./kernel-memory.js";

export interface KernelRun {
  readonly inputs?: readonly Float32Array[];
  readonly labels?: Int32Array;
  /** The outputs, with what is in them before. */
  readonly outs: readonly Float32Array[];
  /** The end of the kernel's range. */
  readonly units: number;
  /** How far arrays begin after a multiple of 16 bytes, in elements. */
  readonly shift: number;
  /** Where the range is cut: a number from 0 to 1. */
  readonly cut: number;
}

/**
 * Runs a kernel over its whole range and over two parts of it, second part first, and gives the outputs. They must be the
 * same bit for bit, and nothing must have been written beside them.
 */
export function runKernel(
  memory: KernelMemory,
  { inputs = [], labels, outs, units, shift, cut }: KernelRun,
  call: (inputs: Pointer[], outs: Pointer[], from: number, to: number) => void,
): Float32Array[] {
  memory.clear();
  const given = inputs.map((input, i) => memory.put(input, (shift + i) % 4));
  if (labels) given.push(memory.putInt32(labels, shift));
  const rooms = () => outs.map((out, i) => memory.put(out, (shift + i + 1) % 4));
  const [whole, parts] = [rooms(), rooms()];
  const middle = Math.floor(cut * units);
  call(given, whole, 0, units);
  call(given, parts, middle, units);
  call(given, parts, 0, middle);
  memory.expectGuardsIntact();
  return outs.map(({ length }, i) => {
    expect(memory.int32(parts[i], length)).toEqual(memory.int32(whole[i], length));
    return memory.floats(whole[i], length);
  });
}

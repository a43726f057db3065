import type { Pointer } from "./kernels.js";
import { place, release, type Placed } from "./memory.js";

// Room that one operation needs for its work: copies of inputs that lie outside the engine's memory, packed panels.

const borrowed: { readonly it: Placed; readonly bytes: number }[] = [];

/** Room for `bytes` bytes until {@link giveBack}. Nothing is collected, so addresses known before stay good. */
export function borrow(bytes: number): Pointer {
  const it: Placed = { pointer: 0, block: null };
  place(it, bytes, false);
  borrowed.push({ it, bytes });
  return it.pointer;
}

/** Gives all that was borrowed back. */
export function giveBack(): void {
  while (borrowed.length > 0) {
    const { it, bytes } = borrowed.pop()!;
    release(it, bytes);
  }
}

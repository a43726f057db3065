// Gradients on their way back are mostly made for the moment, and nobody outside knows them. For these, storage counts who
// holds on to them, so that their memory is used again as soon as nobody does. What may have been seen outside is left to
// the garbage collector.
import type { Shape } from "../tensor/shape.js";
import { emptyStorage, releaseStorage, uncounted } from "../tensor/storage.js";
import { Tensor } from "../tensor/tensor.js";

/** A float32 tensor for the engine's own use, not yet held by anyone; its elements may hold anything. */
export function temporary(shape: Shape, size: number): Tensor {
  const storage = emptyStorage("float32", size);
  storage.holders = 0;
  return new Tensor(storage, shape, "float32");
}

/** A float32 tensor of the shape of another for the engine's own use, all 0. */
export function zeroTemporary({ shape, size }: Tensor): Tensor {
  const made = temporary(shape, size);
  made.elements.fill(0);
  return made;
}

/** A gradient that code from outside may now get hold of. */
export function seen(g: Tensor): Tensor {
  g.storage.holders = uncounted;
  return g;
}

export function hold({ storage }: Tensor): void {
  if (storage.holders !== uncounted) storage.holders++;
}

export function letGo({ storage }: Tensor): void {
  if (storage.holders !== uncounted && --storage.holders === 0) releaseStorage(storage);
}

/** Gives back what nobody wanted to hold. */
export function drop({ storage }: Tensor): void {
  if (storage.holders === 0) releaseStorage(storage);
}

import { blockOf, place, release, type Block, type Placed } from "../engine/memory.js";
import { engine } from "../engine/engine.js";
import type { Pointer } from "../engine/kernels.js";
import { allocate, type DType, type TensorData } from "./dtype.js";

/**
 * The elements behind one or several tensors. float32 lies in the memory of the engine, unless an array was given; the
 * other dtypes lie in typed arrays.
 */
export class Storage implements Placed {
  readonly length: number;
  /** Where the elements begin in the engine's memory; 0 if they are not there. */
  pointer: Pointer = 0;
  block: Block | null = null;
  /** When the elements were last changed in place, by the clock of `changes.ts`. */
  lastChange = 0;
  /**
   * How many places hold on to these elements, if they are a gradient that only the engine knows; else
   * {@link uncounted}. At 0 their memory is given back.
   */
  holders = uncounted;
  /** The array given, or made for the outside, if there is one. */
  array: TensorData | null = null;

  constructor(length: number) {
    this.length = length;
  }

  /** The elements as an array that may be kept: it keeps their memory in use. */
  get data(): TensorData {
    return (this.array ??= new Float32Array(this.block!.buffer, this.pointer, this.length));
  }

  /** The elements as an array for the moment, to be used no longer than this storage is. */
  get elements(): TensorData {
    return this.array ?? new Float32Array(engine()!.memory.buffer, this.pointer, this.length);
  }

  /** Uses an array as it is. */
  static around(array: TensorData): Storage {
    const storage = new Storage(array.length);
    storage.array = array;
    const block = array instanceof Float32Array ? blockOf(array) : undefined;
    if (block) {
      storage.block = block;
      storage.pointer = array.byteOffset;
    }
    return storage;
  }
}

/** The elements are no engine-internal gradient, or have been seen outside. */
export const uncounted = -1;

/** Storage for `length` elements, whatever is in there. */
export function emptyStorage(dtype: DType, length: number): Storage {
  if (dtype !== "float32" || engine() === null) return Storage.around(allocate(dtype, length));
  const storage = new Storage(length);
  place(storage, 4 * length);
  return storage;
}

/** Storage for `length` elements, all 0. */
export function zeroStorage(dtype: DType, length: number): Storage {
  const storage = emptyStorage(dtype, length);
  if (storage.pointer !== 0) storage.elements.fill(0);
  return storage;
}

/** Gives the memory back, now that nothing will use it any more. */
export function releaseStorage(storage: Storage): void {
  release(storage, 4 * storage.length);
}

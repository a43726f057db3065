import { totalmem } from "node:os";
import { engine, type Engine } from "./engine.js";
import { collectGarbage } from "./garbage.js";
import type { Pointer } from "./kernels.js";

// Where float32 numbers lie: in the WebAssembly memory that the kernels work on. JavaScript's garbage collector does not
// know that memory, so each part of it that is in use has a `Block`, an object that everything which uses the part refers
// to. Blocks are watched through weak references: when one is gone, its part of the memory is free.
// docs/decisions/0010-engine-memory.md says why.

/** A part of the engine's memory, in use for as long as this object is referred to. */
export class Block {
  readonly pointer: Pointer;
  readonly sizeClass: number;
  #buffer: SharedArrayBuffer | null = null;

  constructor(pointer: Pointer, sizeClass: number) {
    this.pointer = pointer;
    this.sizeClass = sizeClass;
  }

  /** Whether arrays over this part have been handed out. */
  get exposed(): boolean {
    return this.#buffer !== null;
  }

  /**
   * The whole memory, as an object of its own that refers to this block: arrays made over it, and arrays made from those,
   * keep this part of the memory in use.
   */
  get buffer(): SharedArrayBuffer {
    if (!this.#buffer) {
      this.#buffer = structuredClone(engine()!.memory.buffer) as unknown as SharedArrayBuffer;
      blockOfBuffer.set(this.#buffer, this);
    }
    return this.#buffer;
  }
}

const blockOfBuffer = new WeakMap<object, Block>();

/** The block that an array lies in, if it was made over one's {@link Block.buffer}. */
export function blockOf(array: ArrayBufferView): Block | undefined {
  // arrays of blocks never start at 0; asking a small array for its buffer makes it one, which takes long
  return array.byteOffset === 0 ? undefined : blockOfBuffer.get(array.buffer);
}

const alignment = 16;
/** Up to this size, numbers share a block with others. */
const smallBytes = 512;
const slabBytes = 8192;
/** The memory grows by at least this much. */
const growthBytes = 4 * 2 ** 20;

/** Parts of each size class that nothing uses. */
const free: Pointer[][] = [];
/** Blocks of each size class that were given back, ready for use. */
const returned: Block[][] = [];
/** The blocks in use, as far as known. */
let watched: { readonly ref: WeakRef<Block>; readonly pointer: Pointer; readonly sizeClass: number }[] = [];

let slab: Block | null = null;
let slabTop = 0;
let slabEnd = 0;

/** What the memory has grown by and nothing has used yet: from `freshTop` to `freshEnd`. */
let freshTop = 0;
let freshEnd = 0;

/** What lies in the engine's memory: where it begins, and the block that keeps it there. */
export interface Placed {
  pointer: Pointer;
  block: Block | null;
}

/**
 * Finds room for `bytes` bytes, aligned to 16. What is in there is left from earlier use. Unless that is forbidden, the
 * garbage may be collected first: addresses of what nothing refers to any more are then worth nothing.
 *
 * @throws RangeError if the memory is used up.
 */
export function place(it: Placed, bytes: number, mayCollect = true): void {
  if (bytes > smallBytes) {
    const block = takeBlock(sizeClassOf(bytes), mayCollect);
    it.block = block;
    it.pointer = block.pointer;
    return;
  }
  const size = bytes === 0 ? alignment : (bytes + alignment - 1) & -alignment;
  if (slab === null || slabTop + size > slabEnd) {
    slab = takeBlock(sizeClassOf(slabBytes), mayCollect);
    slabTop = slab.pointer;
    slabEnd = slabTop + slabBytes;
  }
  it.block = slab;
  it.pointer = slabTop;
  slabTop += size;
}

/** Gives room back that nothing will use any more. What shares a block, or was seen from outside, stays. */
export function release(it: Placed, bytes: number): void {
  const { block } = it;
  if (block === null || bytes <= smallBytes || block.exposed) return;
  it.block = null;
  it.pointer = 0;
  (returned[block.sizeClass] ??= []).push(block);
}

// Four classes to each doubling, so that at most a fifth of a block goes unused.

function sizeClassOf(bytes: number): number {
  const octave = 31 - Math.clz32(bytes - 1);
  const quarter = 2 ** (octave - 2);
  return 4 * octave + Math.ceil((bytes - 2 ** octave) / quarter);
}

function bytesOf(sizeClass: number): number {
  const octave = Math.floor((sizeClass - 1) / 4);
  return 2 ** octave + (sizeClass - 4 * octave) * 2 ** (octave - 2);
}

function takeBlock(sizeClass: number, mayCollect: boolean): Block {
  const known = knownBlock(sizeClass);
  if (known) return known;
  if (mayCollect && isTimeToCollect()) {
    collect();
    const found = knownBlock(sizeClass);
    if (found) return found;
  }
  const bytes = bytesOf(sizeClass);
  if (freshTop + bytes > freshEnd && !grow(bytes)) return lastResort(sizeClass, mayCollect);
  freshTop += bytes;
  return watchedBlock(freshTop - bytes, sizeClass);
}

/** A block that was given back, or found to be free. */
function knownBlock(sizeClass: number): Block | undefined {
  const block = returned[sizeClass]?.pop();
  if (block) return block;
  const pointer = free[sizeClass]?.pop();
  return pointer === undefined ? undefined : watchedBlock(pointer, sizeClass);
}

function watchedBlock(pointer: Pointer, sizeClass: number): Block {
  const block = new Block(pointer, sizeClass);
  watched.push({ ref: new WeakRef(block), pointer, sizeClass });
  takenSinceCollection += bytesOf(sizeClass);
  return block;
}

/** A block, though the memory can grow no further: a larger one, if need be. */
function lastResort(sizeClass: number, mayCollect: boolean): Block {
  if (mayCollect) collect();
  for (let larger = sizeClass; larger < Math.max(free.length, returned.length); larger++) {
    const block = knownBlock(larger);
    if (block) return block;
  }
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  throw new RangeError(
    `Out of memory: ${megabytes(bytesOf(sizeClass))} MB asked for, but the memory for float32 tensors has grown to ` +
      `${megabytes(engine()!.memory.buffer.byteLength)} MB and can grow no further. Use smaller batches, keep fewer ` +
      `tensors, or compute inside noGrad(() => …) what needs no gradients.`,
  );
}

/** Makes the memory larger by at least so many bytes; whether that was possible. */
function grow(bytes: number): boolean {
  const { reserve } = engine()!;
  const wanted = Math.max(bytes, growthBytes);
  const start = tryReserve(reserve, wanted);
  if (start < 0) return false;
  // what is left of the last piece is used up together with the new one, if that follows it
  if (start !== freshEnd) freshTop = start;
  freshEnd = start + wanted;
  return true;
}

function tryReserve(reserve: Engine["reserve"], bytes: number): number {
  try {
    return reserve(bytes);
  } catch (error) {
    if (error instanceof RangeError) return -1;
    throw error;
  }
}

// Collecting costs time, not collecting costs memory. So many bytes may be taken between two collections that these need no
// more than a tenth of the processor's time; the number is found by raising it until that holds. It depends on what a
// loop does and hardly on how busy the machine is, so that a loop that goes on takes no more memory than it has.

const leastBytes = 32 * 2 ** 20;
const mostBytes = Math.min(2 ** 30, totalmem() / 8);
const largestShare = 1 / 10;

let bytesBetweenCollections = leastBytes;
let takenSinceCollection = 0;
/** Milliseconds of work done when the last collection was over. */
let endOfCollection = -Infinity;

function isTimeToCollect(): boolean {
  return takenSinceCollection >= bytesBetweenCollections;
}

/** Finds the blocks that nothing refers to any more. */
function collect(): void {
  const [start, startOfWork] = [performance.now(), millisecondsOfWork()];
  collectGarbage();
  watched = watched.filter(({ ref, pointer, sizeClass }) => {
    if (ref.deref()) return true;
    (free[sizeClass] ??= []).push(pointer);
    return false;
  });
  const end = millisecondsOfWork();
  // the collector's work is spread over threads, and the clock goes on while others have the processor
  const taken = Math.min(performance.now() - start, end - startOfWork);
  if (taken > largestShare * (end - endOfCollection)) {
    bytesBetweenCollections = Math.min(1.5 * bytesBetweenCollections, mostBytes);
  }
  endOfCollection = end;
  takenSinceCollection = 0;
}

function millisecondsOfWork(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

import { DataFormatError } from "./errors.js";

// Own code, because the reader on npm (mat-for-js) makes nested JavaScript arrays of the numbers: SVHN's training set has 225
// million of them.

/** A numeric array as a MAT-file stores it: the first axis runs fastest. */
export interface MatArray {
  readonly shape: readonly number[];
  readonly data: MatData;
}

export type MatData =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

const miMatrix = 14;
const miCompressed = 15;
/** The element types of the format by their number, as far as numbers are stored in them. */
const numberTypes: Readonly<Record<number, new (buffer: ArrayBuffer) => MatData>> = {
  1: Int8Array,
  2: Uint8Array,
  3: Int16Array,
  4: Uint16Array,
  5: Int32Array,
  6: Uint32Array,
  7: Float32Array,
  9: Float64Array,
};
/** Array classes that hold numbers, from double to uint32. */
const isNumeric = (arrayClass: number): boolean => arrayClass >= 6 && arrayClass <= 13;
const complexFlag = 0x0800;

/** One piece of the file: its type and the bytes of its content. */
interface Element {
  readonly type: number;
  readonly content: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * The real numeric arrays of a MAT-file of version 5, which SVHN ships in, by name. Others (structures, cells, texts,
 * complex numbers) are left out.
 *
 * @throws DataFormatError if it is no such file, is cut off, or is of version 7.3 (which is HDF5) or big-endian.
 * @see The MathWorks, MAT-file format (2019), chapter 1.
 */
export async function parseMat(bytes: Uint8Array): Promise<Map<string, MatArray>> {
  const { inflateSync } = await import("node:zlib");
  checkHeader(bytes);
  const arrays = new Map<string, MatArray>();
  for (let at = 128; at < bytes.length;) {
    const outer = elementAt(bytes, at);
    at = outer.end;
    const element = outer.type === miCompressed ? elementAt(inflate(outer.content), 0) : outer;
    if (element.type !== miMatrix) continue;
    const [name, array] = readMatrix(element.content);
    if (array) arrays.set(name, array);
  }
  return arrays;

  function inflate(content: Uint8Array): Uint8Array {
    try {
      return inflateSync(content);
    } catch (error) {
      throw new DataFormatError("MAT: a compressed array is damaged.", { cause: error });
    }
  }
}

function checkHeader(bytes: Uint8Array): void {
  const text = String.fromCharCode(...bytes.subarray(0, 116));
  if (text.startsWith("MATLAB 7.3")) {
    throw new DataFormatError("MAT: the file is of version 7.3. Expected version 5; save with '-v7'.");
  }
  const mark = String.fromCharCode(...bytes.subarray(126, 128));
  if (bytes.length >= 128 && mark === "MI") {
    throw new DataFormatError("MAT: the file is big-endian. Expected little-endian, as PCs write it.");
  }
  if (bytes.length < 128 || mark !== "IM" || bytes[125] !== 1) {
    throw new DataFormatError("MAT: this is no MAT-file of version 5: its header is another.");
  }
}

/** The element at an offset: a tag of 8 bytes and content filled up to 8, or both in 8 bytes if it is small. */
function elementAt(bytes: Uint8Array, at: number): Element {
  const cutOff = new DataFormatError(`MAT: the file is cut off: an element at byte ${at} is incomplete.`);
  if (at + 8 > bytes.length) throw cutOff;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = view.getUint32(at, true);
  if (word >>> 16 !== 0) {
    const size = word >>> 16;
    if (size > 4)
      throw new DataFormatError(`MAT: a small element at byte ${at} claims ${size} bytes, not up to 4.`);
    return { type: word & 0xffff, content: bytes.subarray(at + 4, at + 4 + size), end: at + 8 };
  }
  const size = view.getUint32(at + 4, true);
  const end = at + 8 + size;
  if (end > bytes.length) throw cutOff;
  const padded = word === miCompressed ? end : Math.ceil((end - at) / 8) * 8 + at;
  return { type: word, content: bytes.subarray(at + 8, end), end: padded };
}

/** Flags, shape, name and numbers, each an element of its own. The array is null if it is not numeric. */
function readMatrix(bytes: Uint8Array): [name: string, array: MatArray | null] {
  const flags = elementAt(bytes, 0);
  const dimensions = elementAt(bytes, flags.end);
  const title = elementAt(bytes, dimensions.end);
  const name = String.fromCharCode(...title.content);
  const flagWord = numbers(flags, "flags")[0];
  if (!isNumeric(flagWord & 0xff) || (flagWord & complexFlag) !== 0) return [name, null];
  const shape = Array.from(numbers(dimensions, "shape"));
  const data = numbers(elementAt(bytes, title.end), name);
  const size = shape.reduce((a, b) => a * b, 1);
  if (data.length !== size) {
    throw new DataFormatError(
      `MAT: ${name} has ${data.length} elements. Expected ${size} for shape [${shape.join(", ")}].`,
    );
  }
  return [name, { shape, data }];
}

function numbers({ type, content }: Element, what: string): MatData {
  const Stored = numberTypes[type];
  if (!Stored)
    throw new DataFormatError(`MAT: ${what} is stored as type ${type}, which holds no plain numbers.`);
  // a copy, because a typed array must start at a multiple of its element size
  return new Stored(new Uint8Array(content).buffer);
}

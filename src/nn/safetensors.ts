import type { DType, TensorData } from "../tensor/dtype.js";
import { show, sizeOf, type Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { StateDict } from "./state-dict.js";

// A file is: the header's length as 8 bytes, little-endian; the header, JSON that says of each tensor its dtype, shape and
// place; the tensors' bytes, little-endian and row-major, one directly behind the other.

/** What a file may say about itself: texts by name. */
export type SafetensorsMetadata = Record<string, string>;

/** Tensors by name, and what the file says about itself. */
export interface SafetensorsContent {
  /** The tensors by name, in the order of the file. */
  tensors: StateDict;
  /** The texts of `__metadata__`; empty if there are none. */
  metadata: SafetensorsMetadata;
}

/** The header may have 100 MB, as in the reference implementation. */
const longestHeader = 100_000_000;

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

interface Format {
  readonly bytes: number;
  readonly dtype: DType;
  /** From the tensor's bytes, which start at a multiple of 8. */
  readonly read: (bytes: ArrayBuffer, name: string) => TensorData;
}

/** dtypes that can be read. Those that the library lacks become the next larger one, if the numbers fit. */
const formats: Readonly<Record<string, Format>> = {
  F64: { bytes: 8, dtype: "float64", read: (bytes) => new Float64Array(bytes) },
  F32: { bytes: 4, dtype: "float32", read: (bytes) => new Float32Array(bytes) },
  F16: { bytes: 2, dtype: "float32", read: (bytes) => Float32Array.from(new Uint16Array(bytes), half) },
  BF16: { bytes: 2, dtype: "float32", read: readBFloat16 },
  I64: { bytes: 8, dtype: "int32", read: readInt64 },
  I32: { bytes: 4, dtype: "int32", read: (bytes) => new Int32Array(bytes) },
  I16: { bytes: 2, dtype: "int32", read: (bytes) => Int32Array.from(new Int16Array(bytes)) },
  I8: { bytes: 1, dtype: "int32", read: (bytes) => Int32Array.from(new Int8Array(bytes)) },
  U8: { bytes: 1, dtype: "int32", read: (bytes) => Int32Array.from(new Uint8Array(bytes)) },
  BOOL: {
    bytes: 1,
    dtype: "bool",
    read: (bytes) => Uint8Array.from(new Uint8Array(bytes), (b) => +(b !== 0)),
  },
};

const names: Readonly<Record<DType, string>> = { float64: "F64", float32: "F32", int32: "I32", bool: "BOOL" };

/**
 * Tensors as the bytes of a safetensors file, which PyTorch, NumPy, JAX and others read.
 *
 * @throws Error if a tensor is named `__metadata__`.
 * @see The format: https://huggingface.co/docs/safetensors
 * @example nn.fromSafetensors(nn.toSafetensors({ weight: tensor([1, 2]) })).tensors["weight"].toArray() // [1, 2]
 */
export function toSafetensors(tensors: StateDict, metadata: SafetensorsMetadata = {}): Uint8Array {
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) header.set("__metadata__", metadata);
  let end = 0;
  // wide elements first, so that all start at a multiple of their size
  const ordered = Object.entries(tensors).sort(([, a], [, b]) => widthOf(b) - widthOf(a));
  for (const [name, { data, dtype, shape }] of ordered) {
    if (name === "__metadata__") throw new Error("toSafetensors: no tensor may be named __metadata__.");
    header.set(name, { dtype: names[dtype], shape, data_offsets: [end, (end += data.byteLength)] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(start + end).fill(32, 8, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(json, 8);
  let at = start;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * The tensors in the bytes of a safetensors file. Nothing but numbers and names is read, and nothing outside the bytes.
 * F16 and BF16 become float32; I64, I16, I8 and U8 become int32.
 *
 * @throws Error if the bytes are no such file, or their header and data do not agree, or a dtype is not one of these, or
 * a number of an I64 tensor does not fit int32.
 * @see The format: https://huggingface.co/docs/safetensors
 * @example nn.fromSafetensors(nn.toSafetensors({}, { made: "by hand" })).metadata // { made: "by hand" }
 */
export function fromSafetensors(file: Uint8Array): SafetensorsContent {
  const { header, data } = splitFile(file);
  const { __metadata__: metadata = {}, ...described } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((text) => typeof text !== "string")) {
    throw invalid("__metadata__ is not an object of texts");
  }
  const entries = Object.entries(described).map(([name, value]) => entryOf(name, value));
  checkPlaces(entries, data.length);
  const tensors = entries.map(({ name, dtype, shape, begin, end }): [string, Tensor] => {
    const { read, dtype: own } = formats[dtype];
    return [name, new Tensor(read(data.slice(begin, end).buffer, name), shape, own)];
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadata as SafetensorsMetadata };
}

/** Writes tensors, for instance a module's `stateDict()`, to a safetensors file. */
export async function saveSafetensors(
  path: string,
  tensors: StateDict,
  metadata?: SafetensorsMetadata,
): Promise<void> {
  const { writeFile } = await import("node:fs/promises");
  await writeFile(path, toSafetensors(tensors, metadata));
}

/**
 * Reads the tensors of a safetensors file, for a module's `loadStateDict`.
 *
 * @throws Error if the file cannot be read, or as {@link fromSafetensors}.
 */
export async function loadSafetensors(path: string): Promise<StateDict> {
  const { readFile } = await import("node:fs/promises");
  return fromSafetensors(await readFile(path)).tensors;
}

function splitFile(file: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (file.length < 8) throw invalid(`it has ${file.length} bytes, too few for the length of a header`);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (length > longestHeader)
    throw invalid(`its header would have ${length} bytes, at most ${longestHeader}`);
  if (length > file.length - 8) {
    throw invalid(`its header has ${length} bytes, but the file ends after ${file.length - 8}`);
  }
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      file.subarray(8, 8 + length),
    );
    header = text.startsWith("{") ? JSON.parse(text) : undefined;
  } catch (cause) {
    throw invalid("its header is not JSON in UTF-8", { cause });
  }
  if (!isRecord(header)) throw invalid("its header does not begin with an object");
  // a plain Uint8Array: the slices of Node's Buffer would share its storage
  const data = new Uint8Array(file.buffer, file.byteOffset + 8 + length, file.length - 8 - length);
  return { header, data };
}

function entryOf(name: string, value: unknown): Entry {
  const { dtype, shape, data_offsets: place } = isRecord(value) ? value : {};
  if (typeof dtype !== "string" || !isCounts(shape) || !isCounts(place) || place.length !== 2) {
    throw invalid(`tensor ${name} lacks dtype, shape or data_offsets, or they are not as they must be`);
  }
  if (!Object.hasOwn(formats, dtype)) {
    throw invalid(
      `tensor ${name} has dtype ${dtype}; those that can be read are ${Object.keys(formats).join(", ")}`,
    );
  }
  const [begin, end] = place;
  const bytes = sizeOf(shape) * formats[dtype].bytes;
  if (end - begin !== bytes) {
    throw invalid(`tensor ${name} of ${dtype} ${show(shape)} needs ${bytes} bytes, but has ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must fill the data without holes and without overlap. */
function checkPlaces(entries: readonly Entry[], available: number): void {
  let at = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw invalid(`tensor ${name} begins at byte ${begin} of the data, not at ${at}`);
    at = end;
  }
  if (at !== available) throw invalid(`its tensors end at byte ${at} of the data, which has ${available}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function invalid(problem: string, options?: ErrorOptions): Error {
  return new Error(`fromSafetensors: not a valid file: ${problem}.`, options);
}

function widthOf({ data }: Tensor): number {
  return data.BYTES_PER_ELEMENT;
}

/** A half-precision number: 1 bit sign, 5 exponent, 10 fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0) return sign * fraction * 2 ** -14;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction) * 2 ** (exponent - 15);
}

/** bfloat16 is the upper half of a float32. */
function readBFloat16(bytes: ArrayBuffer): Float32Array {
  const bits = Uint32Array.from(new Uint16Array(bytes), (upper) => upper << 16);
  return new Float32Array(bits.buffer);
}

function readInt64(bytes: ArrayBuffer, name: string): Int32Array {
  return Int32Array.from(new BigInt64Array(bytes), (wide) => {
    const value = Number(wide);
    if (value === (value | 0)) return value;
    throw invalid(`tensor ${name} of I64 holds ${wide}, which does not fit int32`);
  });
}

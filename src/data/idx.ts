import { convert, type DType } from "../tensor/dtype.js";
import { sizeOf } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { DataFormatError } from "./errors.js";

interface ElementType {
  readonly bytes: number;
  readonly dtype: DType;
  read(view: DataView, offset: number): number;
}

/** By the third byte of the file. */
const elementTypes: Readonly<Record<number, ElementType>> = {
  0x08: { bytes: 1, dtype: "int32", read: (view, offset) => view.getUint8(offset) },
  0x09: { bytes: 1, dtype: "int32", read: (view, offset) => view.getInt8(offset) },
  0x0b: { bytes: 2, dtype: "int32", read: (view, offset) => view.getInt16(offset) },
  0x0c: { bytes: 4, dtype: "int32", read: (view, offset) => view.getInt32(offset) },
  0x0d: { bytes: 4, dtype: "float32", read: (view, offset) => view.getFloat32(offset) },
  0x0e: { bytes: 8, dtype: "float64", read: (view, offset) => view.getFloat64(offset) },
};

/**
 * The tensor in a file of the IDX format, which MNIST ships in: two zero bytes, the element type, the number of axes n;
 * n sizes of four bytes; the elements, the last axis fastest. All numbers are big-endian. Bytes and other integers become
 * int32. With `count`, only the first entries along the first axis are read.
 *
 * @throws DataFormatError if it is no such file, or longer or shorter than it says.
 * @see LeCun, Cortes & Burges, The MNIST database of handwritten digits, "The IDX file format".
 * @example parseIdx(Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 255])).toArray() // [7, 8, 255]
 */
export function parseIdx(bytes: Uint8Array, count = Infinity): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = bytes.length >= 4 ? view.getUint32(0) : NaN;
  const type = header >>> 16 === 0 ? elementTypes[header >>> 8] : undefined;
  const ndim = header & 0xff;
  if (!type || ndim === 0 || bytes.length < 4 + 4 * ndim) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DataFormatError(
      `IDX: the file begins with ${start || "nothing"}. Expected 00 00, an element type (08 to 0e), the number of axes, ` +
        `and four bytes for each.`,
    );
  }
  const stored = Array.from({ length: ndim }, (_, axis) => view.getUint32(4 + 4 * axis));
  const start = 4 + 4 * ndim;
  const expected = start + sizeOf(stored) * type.bytes;
  if (bytes.length !== expected) {
    throw new DataFormatError(
      `IDX: the file has ${bytes.length} bytes. Expected ${expected} for shape [${stored.join(", ")}].`,
    );
  }
  const shape = stored.with(0, Math.min(stored[0], count));
  const size = sizeOf(shape);
  if (type.bytes === 1 && header >>> 8 === 0x08) {
    return new Tensor(convert(bytes.subarray(start, start + size), "int32"), shape, "int32");
  }
  const elements = new Float64Array(size);
  for (let i = 0; i < size; i++) elements[i] = type.read(view, start + i * type.bytes);
  return new Tensor(convert(elements, type.dtype), shape, type.dtype);
}

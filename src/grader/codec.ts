/**
 * How values cross between the judge and the host. What JSON can say stays JSON; everything else is an object
 * with the key `$`. Plain objects travel as `{ $: "object", entries }`, so no data can pass for a tag.
 * Typed arrays travel as bytes beside the JSON (frames.ts).
 */
export type Encoded = null | boolean | number | string | Encoded[] | Tagged;
export type Tagged = { $: string; [key: string]: unknown };

/** What the two sides do differently: objects that stay where they are, and the references that stand for them. */
export interface References {
  /** A reference to a value that is not copied: a function or the instance of a class. */
  toReference(value: object): Tagged;
  /** The value behind a reference of the other side, or undefined if the tag is none. */
  fromReference(tag: Tagged): object | undefined;
}

/** A tensor as it crosses: its bytes and what they mean. */
export interface TensorData {
  dtype: string;
  shape: readonly number[];
  requiresGrad: boolean;
  data: ArrayBufferView;
}

/** Tensors are injected, so that a host whose submission uses none does not load the library. */
export interface TensorCodec {
  toData(value: object): TensorData | undefined;
  fromData(data: TensorData): object;
}

export class CodecError extends Error {
  override name = "CodecError";
}

/** Deeper nesting than this is refused in both directions. */
export const maxDepth = 64;

const typedArrayClasses = {
  Float32Array,
  Float64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
};
type TypedArrayName = keyof typeof typedArrayClasses;

export class Codec {
  readonly #references: References;
  readonly #tensors: TensorCodec;

  constructor(references: References, tensors: TensorCodec) {
    this.#references = references;
    this.#tensors = tensors;
  }

  /** Encodes a value; its typed arrays are appended to `blobs`. Throws {@link CodecError} on cycles and depth. */
  encode(value: unknown, blobs: Uint8Array[], path: readonly object[] = []): Encoded {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        // JSON has no NaN, infinities or negative zero.
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { $: "number", value: Object.is(value, -0) ? "-0" : String(value) };
      case "undefined":
        return { $: "undefined" };
      case "bigint":
        return { $: "bigint", value: value.toString() };
      case "symbol":
        throw new CodecError(`a symbol (${String(value)}) cannot cross between processes`);
      case "function":
        return this.#references.toReference(value);
      case "object":
        return value === null ? null : this.#encodeObject(value, blobs, path);
    }
  }

  #encodeObject(value: object, blobs: Uint8Array[], path: readonly object[]): Encoded {
    if (path.includes(value))
      throw new CodecError("a value that contains itself cannot cross between processes");
    if (path.length >= maxDepth)
      throw new CodecError(`a value nested deeper than ${maxDepth} cannot cross between processes`);
    const inner = [...path, value];
    if (Array.isArray(value)) return Array.from(value, (item) => this.encode(item, blobs, inner));
    if (ArrayBuffer.isView(value)) return encodeTypedArray(value, blobs);
    const tensor = this.#tensors.toData(value);
    if (tensor) return { $: "tensor", ...tensor, data: encodeTypedArray(tensor.data, blobs) };
    if (value instanceof Map)
      return {
        $: "map",
        entries: [...value].map((entry) => entry.map((item) => this.encode(item, blobs, inner))),
      };
    if (value instanceof Set)
      return { $: "set", items: [...value].map((item) => this.encode(item, blobs, inner)) };
    if (value instanceof Error)
      return { $: "error", name: String(value.name), message: String(value.message) };
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === null || prototype === Object.prototype)
      return {
        $: "object",
        entries: Object.entries(value).map(([key, item]) => [key, this.encode(item, blobs, inner)]),
      };
    return this.#references.toReference(value);
  }

  /** Decodes what the other side encoded. Anything irregular is a {@link CodecError}. */
  decode(encoded: unknown, blobs: readonly Uint8Array[], depth = 0): unknown {
    if (depth > maxDepth) throw new CodecError(`nested deeper than ${maxDepth}`);
    if (encoded === null || typeof encoded !== "object") {
      if (encoded === undefined) throw new CodecError("a value is missing");
      return encoded;
    }
    const inner = (item: unknown) => this.decode(item, blobs, depth + 1);
    if (Array.isArray(encoded)) return encoded.map(inner);
    const tag = encoded as Tagged;
    switch (tag.$) {
      case "undefined":
        return undefined;
      case "number":
        return Number(tag.value);
      case "bigint":
        return BigInt(tag.value as string);
      case "object":
        return Object.fromEntries(asPairs(tag.entries).map(([key, item]) => [String(key), inner(item)]));
      case "map":
        return new Map(asPairs(tag.entries).map(([key, item]) => [inner(key), inner(item)]));
      case "set":
        return new Set(asArray(tag.items).map(inner));
      case "error":
        return Object.assign(new Error(String(tag.message)), { name: String(tag.name) });
      case "typed":
        return decodeTypedArray(tag, blobs);
      case "tensor": {
        const data = decodeTypedArray(tag.data as Tagged, blobs);
        const shape = asArray(tag.shape).map(Number);
        return this.#tensors.fromData({
          dtype: String(tag.dtype),
          shape,
          requiresGrad: tag.requiresGrad === true,
          data,
        });
      }
    }
    const referenced = this.#references.fromReference(tag);
    if (referenced) return referenced;
    throw new CodecError(`unknown tag ${JSON.stringify(tag.$)}`);
  }
}

function encodeTypedArray(view: ArrayBufferView, blobs: Uint8Array[]): Tagged {
  const type = Object.prototype.toString.call(view).slice(8, -1);
  if (!(type in typedArrayClasses)) throw new CodecError(`a ${type} cannot cross between processes`);
  blobs.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return { $: "typed", type, blob: blobs.length - 1 };
}

function decodeTypedArray(tag: Tagged, blobs: readonly Uint8Array[]): ArrayBufferView {
  const blob = blobs[tag.blob as number];
  const TypedArray = typedArrayClasses[tag.type as TypedArrayName];
  if (
    !Object.hasOwn(typedArrayClasses, String(tag.type)) ||
    !blob ||
    blob.byteLength % TypedArray.BYTES_PER_ELEMENT !== 0
  )
    throw new CodecError("a typed array is malformed");
  return new TypedArray(
    blob.buffer as ArrayBuffer,
    blob.byteOffset,
    blob.byteLength / TypedArray.BYTES_PER_ELEMENT,
  );
}

function asArray(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new CodecError("a list is missing");
  return value as unknown[];
}

function asPairs(value: unknown): [unknown, unknown][] {
  return asArray(value).map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new CodecError("an entry is not a pair");
    return pair as [unknown, unknown];
  });
}

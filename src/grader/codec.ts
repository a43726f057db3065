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
  /** What `backward` has accumulated. */
  grad: TensorData | null;
}

/** Tensors are injected, so that a host whose submission uses none does not load the library. */
export interface TensorCodec {
  toData(value: object): TensorData | undefined;
  fromData(data: TensorData): object;
}

/** A value that cannot cross, or data that are no encoded value. */
export class CodecError extends Error {
  override name: string = "CodecError";
}

/** A value that is too much of one. */
export class ValueLimitError extends CodecError {
  override name = "ValueLimitError";
}

/** How much one value may be. */
export interface ValueLimits {
  /** Numbers, strings, arrays, entries. Elements of typed arrays and tensors count a quarter. */
  items: number;
  /** Nested arrays and objects. */
  depth: number;
}

/** Lists of at least so many numbers, and of nothing else, travel as float64 bytes. */
const packedFrom = 16;
/** So many elements of typed arrays count as one item. */
const elementsPerItem = 4;
/** Digits of a bigint: reading them takes longer than in proportion. */
const maxDigits = 10_000;

/** The bytes beside the JSON; undefined where they have been used. */
type Blobs = (Uint8Array | undefined)[];

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
  limits: ValueLimits;
  /** Items of the value that is being encoded or decoded. */
  #items = 0;

  constructor(references: References, tensors: TensorCodec, limits: ValueLimits) {
    this.#references = references;
    this.#tensors = tensors;
    this.limits = limits;
  }

  /**
   * Encodes a value; its typed arrays are appended to `blobs`.
   * @throws CodecError if the value contains itself or a symbol
   * @throws ValueLimitError if it is over the limits
   */
  encode(value: unknown, blobs: Uint8Array[]): Encoded {
    this.#items = 0;
    return this.#encode(value, blobs, []);
  }

  #encode(value: unknown, blobs: Uint8Array[], path: readonly object[]): Encoded {
    this.#count(1);
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
      case "bigint": {
        const digits = value.toString();
        if (digits.length > maxDigits)
          throw new ValueLimitError(`a bigint of ${digits.length} digits is over the limit of ${maxDigits}`);
        return { $: "bigint", value: digits };
      }
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
    this.#checkDepth(path.length);
    const inner = [...path, value];
    const encode = (item: unknown) => this.#encode(item, blobs, inner);
    if (Array.isArray(value)) return this.#encodeArray(value, blobs, encode);
    if (ArrayBuffer.isView(value)) return encodeTypedArray(this.#countElements(value), blobs);
    const tensor = this.#tensors.toData(value);
    if (tensor) return encodeTensor({ ...tensor, data: this.#countElements(tensor.data) }, blobs);
    if (value instanceof Map) return { $: "map", entries: [...value].map((entry) => entry.map(encode)) };
    if (value instanceof Set) return { $: "set", items: [...value].map(encode) };
    if (value instanceof Error)
      return { $: "error", name: String(value.name), message: String(value.message) };
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === null || prototype === Object.prototype)
      return { $: "object", entries: Object.entries(value).map(([key, item]) => [key, encode(item)]) };
    return this.#references.toReference(value);
  }

  #encodeArray(array: unknown[], blobs: Uint8Array[], encode: (item: unknown) => Encoded): Encoded {
    this.#checkCount(array.length);
    if (array.length < packedFrom || !isNumbers(array)) return Array.from(array, encode);
    this.#count(array.length);
    return { ...encodeTypedArray(Float64Array.from(array), blobs), $: "numbers" };
  }

  /**
   * Decodes what the other side encoded. What belongs to no value, or is over the limits, is refused. Takes out of `blobs` what it uses:
   * each is there for one typed array.
   * @throws CodecError
   */
  decode(encoded: unknown, blobs: Blobs): unknown {
    this.#items = 0;
    return this.#decode(encoded, blobs, 0);
  }

  #decode(encoded: unknown, blobs: Blobs, depth: number): unknown {
    this.#count(1);
    if (encoded === null || typeof encoded !== "object") {
      if (encoded === undefined) throw new CodecError("a value is missing");
      return encoded;
    }
    if (Array.isArray(encoded) || containers.has((encoded as Tagged).$)) this.#checkDepth(depth);
    const inner = (item: unknown) => this.#decode(item, blobs, depth + 1);
    if (Array.isArray(encoded)) return encoded.map(inner);
    const tag = encoded as Tagged;
    switch (tag.$) {
      case "undefined":
        return undefined;
      case "number":
        return decodeNumber(tag.value);
      case "bigint":
        return decodeBigint(tag.value);
      case "numbers": {
        const numbers = decodeTypedArray({ ...tag, type: "Float64Array" }, blobs) as Float64Array;
        this.#count(numbers.length);
        return Array.from(numbers);
      }
      case "object":
        return Object.fromEntries(asPairs(tag.entries).map(([key, item]) => [asString(key), inner(item)]));
      case "map":
        return new Map(asPairs(tag.entries).map(([key, item]) => [inner(key), inner(item)]));
      case "set":
        return new Set(asArray(tag.items).map(inner));
      case "error":
        return Object.assign(new Error(asString(tag.message)), { name: asString(tag.name) });
      case "typed":
        return this.#countElements(decodeTypedArray(tag, blobs));
      case "tensor": {
        const tensor = decodeTensor(tag, blobs);
        this.#countElements(tensor.data);
        return this.#tensors.fromData(tensor);
      }
    }
    const referenced = this.#references.fromReference(tag);
    if (referenced) return referenced;
    throw new CodecError(`unknown tag ${JSON.stringify(tag.$)}`);
  }

  #count(items: number): void {
    this.#items += items;
    this.#checkCount(0);
  }

  /** They are bytes of the frame for us, but not for a test that prints or compares them. */
  #countElements<View extends ArrayBufferView>(view: View): View {
    this.#count(Math.ceil(((view as ArrayBufferView & { length?: number }).length ?? 0) / elementsPerItem));
    return view;
  }

  #checkCount(more: number): void {
    const { items } = this.limits;
    if (this.#items + more > items)
      throw new ValueLimitError(
        `a value of more than ${items} numbers, strings and other items is over the limit`,
      );
  }

  #checkDepth(depth: number): void {
    if (depth >= this.limits.depth)
      throw new ValueLimitError(
        `a value nested deeper than ${this.limits.depth} cannot cross between processes`,
      );
  }
}

const containers = new Set(["object", "map", "set"]);

/** Whether there is a number at every index. */
function isNumbers(array: unknown[]): array is number[] {
  for (let i = 0; i < array.length; i++) if (typeof array[i] !== "number") return false;
  return true;
}

function encodeTensor({ data, grad, ...tensor }: TensorData, blobs: Uint8Array[]): Tagged {
  return {
    $: "tensor",
    ...tensor,
    data: encodeTypedArray(data, blobs),
    grad: grad && encodeTensor(grad, blobs),
  };
}

function decodeTensor(tag: Tagged, blobs: Blobs, mayHaveGrad = true): TensorData {
  const { dtype, shape, requiresGrad, data, grad } = tag;
  if (typeof requiresGrad !== "boolean") throw new CodecError("a tensor is malformed");
  return {
    dtype: asString(dtype),
    shape: asArray(shape).map(asSize),
    requiresGrad,
    data: decodeTypedArray(asTag(data, "typed"), blobs),
    grad: grad !== null && mayHaveGrad ? decodeTensor(asTag(grad, "tensor"), blobs, false) : null,
  };
}

function decodeNumber(value: unknown): number {
  if (!["NaN", "Infinity", "-Infinity", "-0"].includes(value as string))
    throw new CodecError("a number is malformed");
  return Number(value);
}

function decodeBigint(value: unknown): bigint {
  if (typeof value !== "string" || value.length > maxDigits + 1 || !/^-?\d+$/.test(value))
    throw new CodecError("a bigint is malformed");
  return BigInt(value);
}

function encodeTypedArray(view: ArrayBufferView, blobs: Uint8Array[]): Tagged {
  const type = Object.prototype.toString.call(view).slice(8, -1);
  if (!(type in typedArrayClasses)) throw new CodecError(`a ${type} cannot cross between processes`);
  blobs.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  return { $: "typed", type, blob: blobs.length - 1 };
}

function decodeTypedArray(tag: Tagged, blobs: Blobs): ArrayBufferView {
  const index = typeof tag.blob === "number" ? tag.blob : -1;
  const blob = blobs[index];
  const TypedArray = typedArrayClasses[tag.type as TypedArrayName];
  if (
    !Object.hasOwn(typedArrayClasses, String(tag.type)) ||
    !blob ||
    blob.byteLength % TypedArray.BYTES_PER_ELEMENT !== 0
  )
    throw new CodecError("a typed array is malformed");
  // Used twice, a megabyte could become as many values as there are references to it.
  blobs[index] = undefined;
  return new TypedArray(
    blob.buffer as ArrayBuffer,
    blob.byteOffset,
    blob.byteLength / TypedArray.BYTES_PER_ELEMENT,
  );
}

function asTag(value: unknown, tag: string): Tagged {
  if (value === null || typeof value !== "object" || (value as Tagged).$ !== tag)
    throw new CodecError(`a ${tag} value is missing`);
  return value as Tagged;
}

function asString(value: unknown): string {
  if (typeof value !== "string") throw new CodecError("a text is missing");
  return value;
}

function asSize(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new CodecError("a size is malformed");
  return value;
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

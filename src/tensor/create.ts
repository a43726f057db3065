import { convertInto, type DType } from "./dtype.js";
import { DTypeError, ShapeError } from "./errors.js";
import { checkShape, show, sizeOf, type Shape } from "./shape.js";
import { emptyStorage, zeroStorage, type Storage } from "./storage.js";
import { Tensor } from "./tensor.js";

/** What a new tensor is to be. */
export interface TensorOptions {
  /** Element type, float32 unless the source says otherwise. */
  dtype?: DType;
  /** Whether `backward` is to compute a gradient for this tensor. */
  requiresGrad?: boolean;
  /** A name for drawings and messages. */
  label?: string;
}

/** What {@link tensor} accepts: numbers or booleans, nested to any depth, or a typed array. */
export type TensorSource = number | boolean | NumericArray | readonly TensorSource[];

/** The typed arrays whose elements are plain numbers. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array;

/**
 * A tensor with the given elements, which are copied.
 *
 * dtype: that of a Float32Array, Float64Array or Int32Array; int32 for other typed arrays; bool if all elements
 * are booleans; float32 otherwise.
 *
 * @throws ShapeError if the nesting is ragged.
 * @throws DTypeError if an element is neither a number nor a boolean.
 * @example tensor([[1, 2, 3], [4, 5, 6]]).shape // [2, 3]
 * @example tensor([true, false]).dtype // "bool"
 */
export function tensor(source: TensorSource, options: TensorOptions = {}): Tensor {
  const { shape, elements, dtype } = flatten(source);
  return finish(filled(elements, options.dtype ?? dtype), shape, options.dtype ?? dtype, options);
}

/**
 * A tensor of the given shape, all 0.
 *
 * @example zeros([2, 3]).toArray() // [[0, 0, 0], [0, 0, 0]]
 */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return generate("zeros", shape, options);
}

/**
 * A tensor of the given shape, all 1.
 *
 * @example ones([2]).toArray() // [1, 1]
 */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return generate("ones", shape, options, () => 1);
}

/**
 * A tensor of the given shape, all `value`.
 *
 * @example full([2], 7).toArray() // [7, 7]
 */
export function full(shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  return generate("full", shape, options, () => value);
}

/**
 * Numbers from `start` (included) to `end` (excluded) in steps of `step`. `arange(end)` starts at 0.
 *
 * Shape: `[ceil((end − start) / step)]`.
 *
 * @throws ShapeError if `step` is 0 or leads away from `end`.
 * @example arange(4).toArray() // [0, 1, 2, 3]
 * @example arange(5, 0, -2).toArray() // [5, 3, 1]
 */
export function arange(end: number): Tensor;
export function arange(start: number, end: number, step?: number, options?: TensorOptions): Tensor;
export function arange(first: number, second?: number, step = 1, options: TensorOptions = {}): Tensor {
  const [start, end] = second === undefined ? [0, first] : [first, second];
  const length = Math.ceil((end - start) / step);
  if (!(length >= 0 && Number.isFinite(length))) {
    throw new ShapeError(`arange: steps of ${step} do not lead from ${start} to ${end}.`);
  }
  return generate("arange", [length], options, (i) => start + i * step);
}

/**
 * `count` evenly spaced numbers from `start` to `end`, both included.
 *
 * @example linspace(0, 1, 5).toArray() // [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, end: number, count: number, options: TensorOptions = {}): Tensor {
  const step = count > 1 ? (end - start) / (count - 1) : 0;
  return generate("linspace", [count], options, (i) => (i > 0 && i === count - 1 ? end : start + i * step));
}

/**
 * The identity matrix `[n, n]`.
 *
 * @example eye(2).toArray() // [[1, 0], [0, 1]]
 */
export function eye(n: number, options: TensorOptions = {}): Tensor {
  return generate("eye", [n, n], options, (i) => (i % (n + 1) === 0 ? 1 : 0));
}

/** A tensor whose element at storage position `i` is `value(i)`, or 0. */
export function generate(
  op: string,
  shape: Shape,
  options: TensorOptions,
  value?: (i: number) => number,
): Tensor {
  checkShape(op, shape);
  const dtype = options.dtype ?? "float32";
  const size = sizeOf(shape);
  if (!value) return finish(zeroStorage(dtype, size), [...shape], dtype, options);
  const elements = new Float64Array(size);
  for (let i = 0; i < size; i++) elements[i] = value(i);
  return finish(filled(elements, dtype), [...shape], dtype, options);
}

/** Storage with the given elements. */
export function filled(elements: ArrayLike<number>, dtype: DType): Storage {
  const storage = emptyStorage(dtype, elements.length);
  convertInto(storage.elements, elements, dtype);
  return storage;
}

/** A tensor around storage, as the options want it. */
export function finish(data: Storage, shape: Shape, dtype: DType, options: TensorOptions): Tensor {
  const made = new Tensor(data, shape, dtype);
  if (options.requiresGrad) made.requiresGrad = true;
  if (options.label !== undefined) made.label = options.label;
  return made;
}

function flatten(source: TensorSource): { shape: number[]; elements: ArrayLike<number>; dtype: DType } {
  if (ArrayBuffer.isView(source)) {
    return { shape: [source.length], elements: source, dtype: dtypeOfArray(source) };
  }
  const shape: number[] = [];
  for (let level: unknown = source; isList(level); level = level[0]) shape.push(level.length);
  const elements: number[] = [];
  let booleans = 0;
  const visit = (value: unknown, index: number[]): void => {
    if (index.length < shape.length) {
      const expected = shape[index.length];
      if (!isList(value) || value.length !== expected) {
        const found = isList(value) ? `has length ${value.length}` : `is ${describe(value)}`;
        throw new ShapeError(
          `tensor: ragged nesting: ${show(index)} ${found}, but ${show(index.map(() => 0))} has length ${expected}. ` +
            `Rows of one axis must have equal lengths.`,
        );
      }
      for (let i = 0; i < expected; i++) visit(value[i], [...index, i]);
    } else if (typeof value === "number" || typeof value === "boolean") {
      if (typeof value === "boolean") booleans++;
      elements.push(Number(value));
    } else if (isList(value)) {
      throw new ShapeError(
        `tensor: ragged nesting: ${show(index)} is an array, but ${show(index.map(() => 0))} is a number.`,
      );
    } else {
      throw new DTypeError(
        `tensor: element ${show(index)} is ${describe(value)}. Expected numbers or booleans.`,
      );
    }
  };
  visit(source, []);
  return { shape, elements, dtype: booleans > 0 && booleans === elements.length ? "bool" : "float32" };
}

function dtypeOfArray(array: NumericArray): DType {
  if (array instanceof Float32Array) return "float32";
  return array instanceof Float64Array ? "float64" : "int32";
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function describe(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  return value === null || value === undefined ? String(value) : `of type ${typeof value}`;
}

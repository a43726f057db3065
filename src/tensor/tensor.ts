import { displaySymbol, inspectSymbol, type MimeBundle } from "../display/mime.js";
import { noteChange } from "./changes.js";
import { convertInto, isFloat, type DType, type TensorData } from "./dtype.js";
import { DTypeError, GradientError, ShapeError } from "./errors.js";
import { isGradEnabled } from "./grad-mode.js";
import type { GradientHook, History } from "./history.js";
import { tensorHtml, tensorText } from "./render.js";
import { sameShape, show, sizeOf, type Shape } from "./shape.js";
import { releaseStorage, Storage, uncounted } from "./storage.js";

const noHooks: readonly GradientHook[] = [];

/** Numbers (or booleans) nested as deep as a tensor has axes. */
export type NestedArray = number | boolean | NestedArray[];

/**
 * An n-dimensional array of numbers that remembers how it was computed.
 *
 * Storage is row-major: the last axis runs fastest. Make tensors with `tensor`, `zeros`, `randn`, …
 * Every operation of the library is also a method: `x.add(y)` is `add(x, y)`.
 *
 * @example tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1])).toArray() // [3, 7]
 */
export class Tensor {
  /** @internal Where the elements are. Tensors made by `reshape` and `detach` share it with their source. */
  readonly storage: Storage;
  /** The size of each axis; empty for a single number. */
  readonly shape: Shape;
  /** What the elements are: float32, float64, int32 or bool. */
  readonly dtype: DType;
  /** How the tensor was computed; null for leaves: tensors made by hand, or without recording. */
  readonly history: History | null;
  /** A name for drawings and messages. */
  label?: string;
  /** @internal The gradient behind {@link grad}, to be read without being seen outside. */
  gradient: Tensor | null = null;
  /** @internal The gradient that the running backward pass has collected so far. */
  incoming: Tensor | null = null;
  /** @internal The last walk through a graph that has come by here. */
  walk = 0;
  #requiresGrad = false;
  #retainsGrad = false;
  #hooks: readonly GradientHook[] = noHooks;

  /**
   * Wraps existing storage without copying it.
   *
   * @throws ShapeError if the elements do not fill the shape.
   */
  constructor(data: TensorData, shape: Shape, dtype: DType);
  /** @internal */
  constructor(data: TensorData | Storage, shape: Shape, dtype: DType, history?: History | null);
  constructor(data: TensorData | Storage, shape: Shape, dtype: DType, history: History | null = null) {
    if (data.length !== sizeOf(shape)) {
      throw new ShapeError(
        `Tensor: ${data.length} elements do not fill shape ${show(shape)}, which has ${sizeOf(shape)}.`,
      );
    }
    this.storage = data instanceof Storage ? data : Storage.around(data);
    this.shape = shape;
    this.dtype = dtype;
    this.history = history;
  }

  /** Row-major elements. Tensors made by `reshape` and `detach` share them with their source. */
  get data(): TensorData {
    return this.storage.data;
  }

  /** @internal The elements for the moment: an array to be used no longer than this tensor is. */
  get elements(): TensorData {
    return this.storage.elements;
  }

  /** Gradient accumulated by `backward`, of this tensor's shape; null until there is one. */
  get grad(): Tensor | null {
    if (this.gradient) this.gradient.storage.holders = uncounted;
    return this.gradient;
  }

  /** Replaces the gradient; null forgets it. */
  set grad(gradient: Tensor | null) {
    const old = this.gradient;
    this.gradient = gradient;
    // a gradient that nobody has asked for is held by nobody else
    if (old && old.storage.holders === 1) releaseStorage(old.storage);
    if (gradient) gradient.storage.holders = uncounted;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.storage.length;
  }

  /**
   * Whether gradients flow to this tensor: it is a leaf marked so, or computed from one.
   *
   * @throws DTypeError when set on a tensor of integers or booleans.
   * @throws GradientError when cleared on a tensor that was computed from others.
   */
  get requiresGrad(): boolean {
    return this.#requiresGrad || this.history !== null;
  }

  /** Marks or clears a leaf. */
  set requiresGrad(value: boolean) {
    if (value && !isFloat(this.dtype)) {
      throw new DTypeError(
        `requiresGrad: a tensor of dtype ${this.dtype} has no gradient; only float32 and float64 do. ` +
          `cast(x, "float32") would fit.`,
      );
    }
    if (!value && this.history) {
      throw new GradientError(
        `requiresGrad: this tensor was computed by ${this.history.op}; only a leaf can be cleared. Use detach().`,
      );
    }
    this.#requiresGrad = value;
  }

  /** Whether `backward` stores a gradient here: on leaves, and where {@link retainGrad} asked for it. */
  get keepsGrad(): boolean {
    return this.requiresGrad && (this.history === null || this.#retainsGrad);
  }

  /** Makes `backward` store the gradient of this computed tensor too. Returns the tensor. */
  retainGrad(): this {
    this.#retainsGrad = true;
    return this;
  }

  /**
   * Calls `hook` with the gradient of this tensor whenever one is computed; what it returns takes the gradient's place.
   * Returns a function that removes the hook again.
   *
   * @throws GradientError if no gradients flow to this tensor.
   * @example
   * const x = tensor(3, { requiresGrad: true });
   * const square = x.mul(x);
   * square.registerHook((gradient) => gradient.mul(10));
   * square.backward();
   * x.grad!.item() // 60
   */
  registerHook(hook: GradientHook): () => void {
    if (!this.requiresGrad) {
      throw new GradientError(
        "registerHook: this tensor requires no gradient, so the hook would never be called. Set requiresGrad first.",
      );
    }
    this.#hooks = [...this.#hooks, hook];
    return () => {
      this.#hooks = this.#hooks.filter((other) => other !== hook);
    };
  }

  /** What {@link registerHook} registered, in order. */
  get hooks(): readonly GradientHook[] {
    return this.#hooks;
  }

  /**
   * Overwrites all elements: with those of another tensor of the same shape, or with one number. Gradients through
   * operations that used the old elements are refused from then on.
   *
   * @throws GradientError if this tensor requires a gradient and operations are being recorded.
   * @throws ShapeError if the shapes differ.
   * @example
   * const w = tensor([1, 2], { requiresGrad: true });
   * noGrad(() => w.assign(w.sub(0.5))).toArray() // [0.5, 1.5]
   */
  assign(values: Tensor | number): this {
    if (this.requiresGrad && isGradEnabled()) {
      const what = this.history ? `the result of ${this.history.op}` : "a leaf that requires a gradient";
      throw new GradientError(
        `assign: ${what} is changed in place, which no gradient can take into account. ` +
          `Change it inside noGrad(() => …).`,
      );
    }
    if (typeof values === "number") {
      convertInto(this.elements, Array<number>(this.size).fill(values), this.dtype);
    } else if (sameShape(values.shape, this.shape)) {
      convertInto(this.elements, values.elements, this.dtype);
    } else {
      throw new ShapeError(
        `assign: ${show(values.shape)} to ${show(this.shape)}. Their shapes must be equal.`,
      );
    }
    noteChange(this.storage);
    return this;
  }

  /**
   * The only element, as a plain number.
   *
   * @throws ShapeError if there is not exactly one element.
   * @example tensor([[2.5]]).item() // 2.5
   */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: shape ${show(this.shape)} has ${this.size} elements; item() takes exactly one.`,
      );
    }
    return this.elements[0];
  }

  /**
   * The elements as nested arrays; a plain number if there are no axes. Booleans if the dtype is bool.
   *
   * @example eye(2).toArray() // [[1, 0], [0, 1]]
   */
  toArray(): NestedArray {
    const { elements } = this;
    let position = 0;
    const nest = (axis: number): NestedArray => {
      if (axis === this.ndim) {
        const value = elements[position++];
        return this.dtype === "bool" ? value !== 0 : value;
      }
      return Array.from({ length: this.shape[axis] }, () => nest(axis + 1));
    };
    return nest(0);
  }

  /**
   * The same elements (shared, not copied) without history: a constant to all later gradients.
   *
   * @example tensor(3, { requiresGrad: true }).mul(2).detach().history // null
   */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape, this.dtype);
  }

  /**
   * The elements to four digits, with shape and dtype, and the gradient if there is one. Of more than 1000 elements
   * only those at the ends of the axes.
   */
  toString(): string {
    return tensorText(this);
  }

  /** The text of {@link toString}, and the same as HTML for notebooks. */
  [displaySymbol](): MimeBundle {
    return { "text/plain": tensorText(this), "text/html": tensorHtml(this) };
  }

  /** What `console.log` prints: the same as {@link toString}. */
  [inspectSymbol](): string {
    return tensorText(this);
  }
}

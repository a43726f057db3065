import { ShapeError } from "../tensor/errors.js";
import { sameShape, show, type Shape } from "../tensor/shape.js";
import { emptyStorage, type Storage } from "../tensor/storage.js";
import type { Tensor } from "../tensor/tensor.js";

/** The storage of parameters, gradients and the buffers of optimizers. */
export type FloatArray = Float32Array | Float64Array;

/** One parameter's state as it is saved: copies of the buffers, by name. */
export interface SavedParameter {
  /** The parameter's shape. */
  shape: number[];
  /** How often the parameter was updated. */
  step: number;
  /** What the optimizer keeps beside it, by name. */
  buffers: Record<string, FloatArray>;
}

/** What an optimizer remembers of one parameter. */
export class ParameterState {
  /** How often the parameter was updated. */
  step = 0;
  readonly #param: Tensor;
  readonly #buffers = new Map<string, Storage>();

  constructor(param: Tensor) {
    this.#param = param;
  }

  /** Whether there is a buffer of this name. */
  has(name: string): boolean {
    return this.#buffers.has(name);
  }

  /** The buffer of this name, made of the parameter's size and dtype when it is first asked for. */
  buffer(name: string, initial = 0): FloatArray {
    return this.storage(name, initial).elements as FloatArray;
  }

  /** @internal Where the buffer of this name lies. */
  storage(name: string, initial = 0): Storage {
    const known = this.#buffers.get(name);
    if (known) return known;
    const made = emptyStorage(this.#param.dtype, this.#param.size);
    made.elements.fill(initial);
    this.#buffers.set(name, made);
    return made;
  }

  /** A copy of it all. */
  save(shape: Shape): SavedParameter {
    const copies = Array.from(
      this.#buffers,
      ([name, { elements }]) => [name, elements.slice() as FloatArray] as const,
    );
    return { shape: [...shape], step: this.step, buffers: Object.fromEntries(copies) };
  }

  /** @throws ShapeError if the state does not fit the parameter; `where` begins the message. */
  static restore({ shape, step, buffers }: SavedParameter, param: Tensor, where: string): ParameterState {
    if (!sameShape(shape, param.shape)) {
      throw new ShapeError(`${where} had shape ${show(shape)} when the state was saved.`);
    }
    const state = new ParameterState(param);
    state.step = step;
    for (const [name, saved] of Object.entries(buffers)) {
      if (saved.length !== param.size) {
        throw new ShapeError(`${where}: its buffer ${name} has ${saved.length} elements, not ${param.size}.`);
      }
      state.buffer(name).set(saved);
    }
    return state;
  }
}

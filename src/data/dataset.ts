import { emptyStorage } from "../tensor/storage.js";
import { ShapeError } from "../tensor/errors.js";
import { show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/** What belongs together, for instance an input and its target; a batch of them has one more axis in front. */
export type Sample = readonly Tensor[];

/** Samples by number. */
export interface Dataset<S extends Sample = Sample> {
  /** How many samples there are. */
  readonly length: number;
  /** The sample number `i`, from 0. */
  get(i: number): S;
  /** The samples with these numbers, stacked along a new first axis. Where missing, {@link collate} stacks them. */
  batch?(indices: readonly number[]): S;
}

/**
 * Samples cut from tensors along their first axis: sample `i` is `[a[i], b[i], …]`.
 *
 * Shapes: `a [n, …]`, `b [n, …]`, … → samples `[…]`, batches `[batch, …]`.
 *
 * @throws ShapeError if there are no tensors, or their first sizes differ.
 * @example
 * const pairs = new TensorDataset(tensor([[1, 2], [3, 4], [5, 6]]), tensor([0, 1, 0]));
 * const [x, y] = pairs.get(1);
 * x.toArray() // [3, 4]
 * y.item() // 1
 */
export class TensorDataset<T extends Sample = Sample> implements Dataset<T> {
  /** What the samples are cut from. */
  readonly tensors: T;
  readonly length: number;

  constructor(...tensors: T) {
    if (tensors.length === 0) throw new ShapeError("TensorDataset: no tensors. Expected at least one.");
    const [{ shape: first }] = tensors;
    tensors.forEach(({ shape }, i) => {
      if (shape.length > 0 && shape[0] === first[0]) return;
      throw new ShapeError(
        `TensorDataset: tensor ${i} is ${show(shape)}, tensor 0 is ${show(first)}. ` +
          `The first axis counts the samples, in all tensors alike.`,
      );
    });
    this.tensors = tensors;
    this.length = first[0];
  }

  get(i: number): T {
    checkIndex("TensorDataset", i, this.length);
    return this.tensors.map((each) => {
      const size = each.size / this.length;
      const data = each.data.slice(i * size, (i + 1) * size);
      return new Tensor(data, each.shape.slice(1), each.dtype);
    }) as Sample as T;
  }

  batch(indices: readonly number[]): T {
    for (const i of indices) checkIndex("TensorDataset", i, this.length);
    return this.tensors.map((each) => takeRows(each, indices)) as Sample as T;
  }
}

/**
 * Some samples of another dataset, by their numbers there.
 *
 * @throws RangeError if the dataset has no sample of that number.
 * @example new Subset(new TensorDataset(tensor([10, 20, 30])), [2, 0]).get(0)[0].item() // 30
 */
export class Subset<S extends Sample = Sample> implements Dataset<S> {
  readonly dataset: Dataset<S>;
  readonly indices: readonly number[];

  constructor(dataset: Dataset<S>, indices: readonly number[]) {
    for (const i of indices) checkIndex("Subset", i, dataset.length);
    this.dataset = dataset;
    this.indices = indices;
  }

  get length(): number {
    return this.indices.length;
  }

  get(i: number): S {
    checkIndex("Subset", i, this.length);
    return this.dataset.get(this.indices[i]);
  }

  batch(indices: readonly number[]): S {
    for (const i of indices) checkIndex("Subset", i, this.length);
    return collate(
      this.dataset,
      indices.map((i) => this.indices[i]),
    );
  }
}

/**
 * Samples stacked into one batch: those with the given numbers, or all.
 *
 * @throws RangeError if there are none, or a number is out of range.
 * @throws ShapeError if the samples differ in shape.
 * @example
 * const [x, y] = collate(new TensorDataset(tensor([10, 20, 30]), tensor([0, 1, 2])), [2, 1]);
 * x.toArray() // [30, 20]
 */
export function collate<S extends Sample>(dataset: Dataset<S>, indices?: readonly number[]): S {
  const chosen = indices ?? Array.from({ length: dataset.length }, (_, i) => i);
  if (chosen.length === 0) throw new RangeError("collate: no samples. Expected at least one.");
  if (dataset.batch) return dataset.batch(chosen);
  const samples = chosen.map((i) => dataset.get(i));
  return samples[0].map((_, part) => stackRows(samples.map((sample) => sample[part]))) as Sample as S;
}

/** Rows of a tensor along its first axis, copied. */
function takeRows({ elements, shape, dtype }: Tensor, rows: readonly number[]): Tensor {
  const size = elements.length / shape[0];
  const storage = emptyStorage(dtype, rows.length * size);
  const out = storage.elements;
  rows.forEach((row, i) => out.set(elements.subarray(row * size, (row + 1) * size), i * size));
  return new Tensor(storage, [rows.length, ...shape.slice(1)], dtype);
}

/** Tensors of one shape along a new first axis, copied without recording. */
function stackRows(rows: readonly Tensor[]): Tensor {
  const [{ shape, size, dtype }] = rows;
  const storage = emptyStorage(dtype, rows.length * size);
  const out = storage.elements;
  rows.forEach((row, i) => {
    if (show(row.shape) !== show(shape)) {
      throw new ShapeError(
        `collate: sample ${i} of the batch is ${show(row.shape)}, sample 0 is ${show(shape)}. ` +
          `Samples of one batch must have equal shapes.`,
      );
    }
    out.set(row.elements, i * size);
  });
  return new Tensor(storage, [rows.length, ...shape], dtype);
}

function checkIndex(name: string, i: number, length: number): void {
  if (Number.isInteger(i) && i >= 0 && i < length) return;
  const rule = length === 0 ? "It is empty." : `They are numbered from 0 to ${length - 1}.`;
  throw new RangeError(`${name}: there is no sample ${i}. ${rule}`);
}

import type { Generator } from "../tensor/random.js";
import { collate, type Dataset, type Sample } from "./dataset.js";
import { generatorOr, shuffledIndices } from "./shuffle.js";

/** How a dataset is cut into batches. */
export interface DataLoaderOptions {
  /** Samples per batch, 1 by default. */
  batchSize?: number;
  /** Whether every epoch has an order of its own; false by default. */
  shuffle?: boolean;
  /** Whether a last batch with fewer samples is left out; false by default. */
  dropLast?: boolean;
  /** Source of the orders; by default one of its own, seeded from the shared generator (see `manualSeed`). */
  generator?: Generator;
}

/**
 * Goes through a dataset in batches: every sample exactly once per epoch, the last batch short if need be.
 * Each `for` loop over it is one epoch.
 *
 * Shapes: samples `[…]` → batches `[batchSize, …]`.
 *
 * @throws RangeError if batchSize is not a whole number from 1.
 * @example
 * const loader = new DataLoader(new TensorDataset(tensor([1, 2, 3, 4, 5])), { batchSize: 2 });
 * const batches = [...loader].map(([x]) => x.toArray());
 * batches // [[1, 2], [3, 4], [5]]
 * loader.length // 3
 */
export class DataLoader<S extends Sample = Sample> implements Iterable<S> {
  readonly dataset: Dataset<S>;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly #generator: Generator | null;

  constructor(
    dataset: Dataset<S>,
    { batchSize = 1, shuffle = false, dropLast = false, generator }: DataLoaderOptions = {},
  ) {
    if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
      throw new RangeError(`DataLoader: batchSize is ${batchSize}. Expected a whole number from 1.`);
    }
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.dropLast = dropLast;
    this.#generator = shuffle ? generatorOr(generator) : null;
  }

  /** Number of batches. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** The batches of one epoch, in a new order if they are shuffled. */
  *[Symbol.iterator](): IterableIterator<S> {
    const count = this.dataset.length;
    const order = this.#generator
      ? shuffledIndices(count, this.#generator)
      : Array.from({ length: count }, (_, i) => i);
    for (let batch = 0; batch < this.length; batch++) {
      const start = batch * this.batchSize;
      yield collate(this.dataset, order.slice(start, start + this.batchSize));
    }
  }
}

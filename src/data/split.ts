import type { Generator } from "../tensor/random.js";
import { Subset, type Dataset, type Sample } from "./dataset.js";
import { generatorOr, shuffledIndices } from "./shuffle.js";

/** How samples are dealt out. */
export interface SplitOptions {
  /** Source of the order; by default seeded from the shared generator. */
  generator?: Generator;
}

/**
 * Deals the samples out at random into parts of the given lengths. Lengths below 1 are fractions of the whole, which
 * must add up to 1; they are rounded down, and what is left over goes to the first parts, one each.
 *
 * @throws RangeError if the lengths do not add up to the dataset's, or fractions to 1.
 * @example randomSplit(new TensorDataset(zeros([10, 2])), [7, 3]).map((part) => part.length) // [7, 3]
 * @example randomSplit(new TensorDataset(zeros([11, 2])), [0.5, 0.5]).map((part) => part.length) // [6, 5]
 */
export function randomSplit<S extends Sample>(
  dataset: Dataset<S>,
  lengths: readonly number[],
  { generator }: SplitOptions = {},
): Subset<S>[] {
  const counts = countsOf(dataset.length, lengths);
  const order = shuffledIndices(dataset.length, generatorOr(generator));
  let start = 0;
  return counts.map((count) => new Subset(dataset, order.slice(start, (start += count))));
}

/** How large the parts are. */
export interface TrainValidationTestOptions extends SplitOptions {
  /** Fraction to choose hyper-parameters by, 0.2 by default. */
  validation?: number;
  /** Fraction to look at once, at the end; 0.2 by default. */
  test?: number;
}

/** The three parts of a {@link trainValidationTestSplit}. */
export interface TrainValidationTest<S extends Sample = Sample> {
  /** To learn from. */
  train: Subset<S>;
  /** To choose hyper-parameters by. */
  validation: Subset<S>;
  /** To look at once, at the end. */
  test: Subset<S>;
}

/**
 * Deals the samples out at random: most to learn from, some to choose by, some to look at once.
 *
 * @throws RangeError if a fraction is negative, or nothing is left to learn from.
 * @example trainValidationTestSplit(new TensorDataset(zeros([50, 2])), { test: 0.1 }).train.length // 35
 */
export function trainValidationTestSplit<S extends Sample>(
  dataset: Dataset<S>,
  { validation = 0.2, test = 0.2, generator }: TrainValidationTestOptions = {},
): TrainValidationTest<S> {
  const [forValidation, forTest] = [validation, test].map((part) => Math.round(part * dataset.length));
  const forTraining = dataset.length - forValidation - forTest;
  if (!(validation >= 0 && test >= 0 && forTraining >= 1)) {
    throw new RangeError(
      `trainValidationTestSplit: fractions ${validation} for validation and ${test} for the test of ` +
        `${dataset.length} samples leave ${forTraining} to learn from. Expected fractions from 0, and at least one left.`,
    );
  }
  const options = generator ? { generator } : {};
  const parts = randomSplit(dataset, [forTraining, forValidation, forTest], options);
  return { train: parts[0], validation: parts[1], test: parts[2] };
}

function countsOf(total: number, lengths: readonly number[]): readonly number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  if (lengths.every((length) => Number.isInteger(length) && length >= 0) && sum === total) return lengths;
  if (lengths.every((length) => length >= 0 && length <= 1) && Math.abs(sum - 1) < 1e-9) {
    // the small addition keeps 0.7 · 10 from being 6.999…
    const counts = lengths.map((part) => Math.floor(part * total + 1e-9));
    const left = total - counts.reduce((a, b) => a + b, 0);
    return counts.map((count, i) => count + (i < left ? 1 : 0));
  }
  throw new RangeError(
    `randomSplit: lengths [${lengths.join(", ")}] of ${total} samples. ` +
      `Expected whole numbers that add up to ${total}, or fractions that add up to 1.`,
  );
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  arange,
  collate,
  DataLoader,
  Generator,
  manualSeed,
  randomSplit,
  ShapeError,
  Subset,
  tensor,
  TensorDataset,
  trainValidationTestSplit,
  zeros,
  type Dataset,
  type Tensor,
} from "../../src/index.js";

const counting = (n: number) => new TensorDataset(arange(n));
const numbers = (batches: Iterable<readonly Tensor[]>) => [...batches].map(([x]) => Array.from(x.data));
const seeded = (seed: number) => new Generator(seed);

/** A dataset that can only give one sample at a time. */
const oneByOne = (shapes: number[][]): Dataset<[Tensor, Tensor]> => ({
  length: shapes.length,
  get: (i) => [zeros(shapes[i]).add(i).detach(), tensor(i, { dtype: "int32" })],
});

describe("DataLoader", () => {
  const size = fc.integer({ min: 1, max: 40 });

  test("gives every sample exactly once per epoch, the last batch short", () => {
    fc.assert(
      fc.property(fc.nat(100), size, fc.boolean(), fc.nat(1000), (n, batchSize, shuffle, seed) => {
        const loader = new DataLoader(counting(n), { batchSize, shuffle, generator: seeded(seed) });
        for (let epoch = 0; epoch < 2; epoch++) {
          const batches = numbers(loader);
          expect(batches).toHaveLength(loader.length);
          for (const batch of batches.slice(0, -1)) expect(batch).toHaveLength(batchSize);
          const all = batches.flat();
          if (shuffle) all.sort((a, b) => a - b);
          expect(all).toEqual(Array.from({ length: n }, (_, i) => i));
        }
      }),
    );
  });

  test("dropLast leaves out exactly the short batch", () => {
    fc.assert(
      fc.property(fc.nat(100), size, fc.nat(1000), (n, batchSize, seed) => {
        const options = { batchSize, shuffle: true };
        const whole = numbers(new DataLoader(counting(n), { ...options, generator: seeded(seed) }));
        const cut = new DataLoader(counting(n), { ...options, generator: seeded(seed), dropLast: true });
        expect(cut.length).toBe(Math.floor(n / batchSize));
        expect(numbers(cut)).toEqual(whole.filter(({ length }) => length === batchSize));
      }),
    );
  });

  test("the same seed gives the same orders, every epoch another", () => {
    const make = (seed: number) =>
      new DataLoader(counting(50), { batchSize: 8, shuffle: true, generator: seeded(seed) });
    const [a, b] = [make(1), make(1)];
    const first = numbers(a);
    expect(numbers(b)).toEqual(first);
    const second = numbers(a);
    expect(second).not.toEqual(first);
    expect(numbers(b)).toEqual(second);
    expect(numbers(make(2))).not.toEqual(first);
  });

  test("without a generator, manualSeed decides", () => {
    const order = (seed: number) => {
      manualSeed(seed);
      return numbers(new DataLoader(counting(30), { shuffle: true }));
    };
    expect(order(3)).toEqual(order(3));
    expect(order(3)).not.toEqual(order(4));
  });

  test("every order is equally likely, within four standard errors", () => {
    const loader = new DataLoader(counting(3), { batchSize: 3, shuffle: true, generator: seeded(5) });
    const epochs = 6000;
    const seen = new Map<string, number>();
    for (let i = 0; i < epochs; i++) {
      const order = numbers(loader).join();
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    const error = Math.sqrt(epochs * (1 / 6) * (5 / 6));
    for (const times of seen.values()) expect(Math.abs(times - epochs / 6)).toBeLessThan(4 * error);
  });

  test("stacks what a dataset gives one by one", () => {
    const loader = new DataLoader(oneByOne([[2], [2], [2]]), { batchSize: 2 });
    const [[x, y], [lastX]] = [...loader];
    expect(x.toArray()).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect([y.shape, y.dtype, lastX.shape]).toEqual([[2], "int32", [1, 2]]);
  });

  test.for([0, -1, 1.5, NaN])("refuses batchSize %d", (batchSize) => {
    expect(() => new DataLoader(counting(3), { batchSize })).toThrow(
      new RangeError(`DataLoader: batchSize is ${batchSize}. Expected a whole number from 1.`),
    );
  });

  test("refuses samples of different shapes", () => {
    expect(() => collate(oneByOne([[2], [3]]))).toThrow(
      new ShapeError(
        "collate: sample 1 of the batch is [3], sample 0 is [2]. Samples of one batch must have equal shapes.",
      ),
    );
  });

  test("refuses to stack nothing", () => {
    expect(() => collate(counting(3), [])).toThrow(
      new RangeError("collate: no samples. Expected at least one."),
    );
  });
});

describe("TensorDataset", () => {
  test("samples keep shape and dtype, and are copies", () => {
    const x = tensor([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    const data = new TensorDataset(x, tensor([true]));
    const [image, flag] = data.get(0);
    expect([image.shape, flag.shape, flag.dtype]).toEqual([[2, 2], [], "bool"]);
    image.data[0] = 9;
    data.batch([0])[0].data[0] = 9;
    expect(x.data[0]).toBe(1);
  });

  test("refuses tensors of different lengths, and none", () => {
    const message =
      "TensorDataset: tensor 1 is [3], tensor 0 is [2, 5]. The first axis counts the samples, in all tensors alike.";
    expect(() => new TensorDataset(zeros([2, 5]), zeros([3]))).toThrow(new ShapeError(message));
    expect(() => new TensorDataset(tensor(1))).toThrow(
      new ShapeError(
        "TensorDataset: tensor 0 is [], tensor 0 is []. The first axis counts the samples, in all tensors alike.",
      ),
    );
    expect(() => new TensorDataset()).toThrow(
      new ShapeError("TensorDataset: no tensors. Expected at least one."),
    );
  });

  test("refuses numbers it has no sample of", () => {
    const message = "there is no sample 3. They are numbered from 0 to 2.";
    expect(() => counting(3).get(3)).toThrow(new RangeError(`TensorDataset: ${message}`));
    expect(() => counting(3).batch([0, 3])).toThrow(new RangeError(`TensorDataset: ${message}`));
    expect(() => new Subset(counting(3), [3])).toThrow(new RangeError(`Subset: ${message}`));
    expect(() => new Subset(counting(3), []).get(0)).toThrow(
      new RangeError("Subset: there is no sample 0. It is empty."),
    );
  });
});

describe("splits", () => {
  test("part the samples: each in exactly one part", () => {
    const lengths = fc.array(fc.nat(20), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lengths, fc.nat(1000), (counts, seed) => {
        const total = counts.reduce((a, b) => a + b);
        const parts = randomSplit(counting(total), counts, { generator: seeded(seed) });
        expect(parts.map(({ length }) => length)).toEqual(counts);
        const all = parts.flatMap(({ indices }) => indices).sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: total }, (_, i) => i));
      }),
    );
  });

  test("fractions give every sample away", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 0, max: 10 }), (total, tenths) => {
        const parts = randomSplit(counting(total), [tenths / 10, 1 - tenths / 10]);
        expect(parts[0].length + parts[1].length).toBe(total);
        expect(Math.abs(parts[0].length - (tenths / 10) * total)).toBeLessThan(1);
      }),
    );
  });

  test("a subset of a subset finds the original samples", () => {
    const outer = new Subset(counting(10), [9, 7, 5, 3]);
    const inner = new Subset(outer, [3, 0]);
    expect(inner.get(0)[0].item()).toBe(3);
    expect(numbers([collate(inner)])).toEqual([[3, 9]]);
  });

  test("train, validation and test share nothing and are drawn at random", () => {
    const { train, validation, test } = trainValidationTestSplit(counting(100), { generator: seeded(2) });
    expect([train.length, validation.length, test.length]).toEqual([60, 20, 20]);
    expect(new Set([train, validation, test].flatMap(({ indices }) => indices)).size).toBe(100);
    expect(test.indices).not.toEqual(test.indices.toSorted((a, b) => a - b));
    const again = trainValidationTestSplit(counting(100), { generator: seeded(2) });
    expect(again.train.indices).toEqual(train.indices);
  });

  test.for([[[3, 4]], [[0.5, 0.6]], [[-1, 11]], [[NaN]]])("refuses lengths %o of 10", ([lengths]) => {
    expect(() => randomSplit(counting(10), lengths)).toThrow(
      new RangeError(
        `randomSplit: lengths [${lengths.join(", ")}] of 10 samples. ` +
          `Expected whole numbers that add up to 10, or fractions that add up to 1.`,
      ),
    );
  });

  test("refuses to leave nothing to learn from", () => {
    expect(() => trainValidationTestSplit(counting(10), { validation: 0.5, test: 0.5 })).toThrow(
      new RangeError(
        "trainValidationTestSplit: fractions 0.5 for validation and 0.5 for the test of 10 samples " +
          "leave 0 to learn from. Expected fractions from 0, and at least one left.",
      ),
    );
  });
});

import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  digits,
  Generator,
  mean,
  streetDigits,
  TensorDataset,
  type LabelledDataset,
} from "../../src/index.js";

const makers = [
  ["digits", digits, [1, 28, 28]],
  ["streetDigits", streetDigits, [3, 32, 32]],
] as const;
const generator = (seed = 1) => new Generator(seed);

describe.for(makers)("%s", ([name, make, shape]) => {
  test("any count of images of the promised shape, from 0 to 1, classes in turn", () => {
    for (const count of [1, 13]) {
      const [x, y] = make(count).tensors;
      expect([x.shape, x.dtype]).toEqual([[count, ...shape], "float32"]);
      expect(x.data.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(Array.from(y.data)).toEqual(Array.from({ length: count }, (_, i) => i % 10));
    }
  });

  test("the seed decides; more of the same begin with the same", () => {
    const pixels = (count: number, seed: number) =>
      make(count, { generator: generator(seed) }).tensors[0].data;
    const few = pixels(5, 1);
    expect(pixels(12, 1).subarray(0, few.length)).toEqual(few);
    expect(pixels(5, 2)).not.toEqual(few);
  });

  test("no two images are alike", () => {
    const [x] = make(100, { generator: generator() }).tensors;
    const size = x.size / 100;
    const images = Array.from({ length: 100 }, (_, i) => x.data.slice(i * size, (i + 1) * size).join());
    expect(new Set(images).size).toBe(100);
  });

  test.for([0, -1, 2.5])("refuses count %d", (count) => {
    expect(() => make(count)).toThrow(
      new RangeError(`${name}: count is ${count}. Expected a whole number from 1.`),
    );
  });

  test.for([-0.1, NaN, Infinity])("refuses distortion %d", (distortion) => {
    expect(() => make(3, { distortion })).toThrow(
      new RangeError(`${name}: distortion is ${distortion}. Expected a number from 0.`),
    );
  });
});

/** The part of the second set whose nearest image in the first, by the size of their correlation, has its label. */
function nearestNeighbourAccuracy(known: LabelledDataset, asked: LabelledDataset): number {
  const rows = ({ tensors: [x], length }: LabelledDataset) =>
    Array.from({ length }, (_, i) =>
      centred(x.data.subarray((i * x.size) / length, ((i + 1) * x.size) / length)),
    );
  const [have, want] = [rows(known), rows(asked)];
  const right = want.filter((row, i) => {
    const matches = have.map((other) => Math.abs(dot(other, row)));
    return matches.indexOf(Math.max(...matches)) % 10 === i % 10;
  });
  return right.length / want.length;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** With mean 0 and norm 1. */
function centred(pixels: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(pixels);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const shifted = values.map((value) => value - mean);
  const norm = Math.sqrt(shifted.reduce((sum, value) => sum + value * value, 0));
  return shifted.map((value) => value / norm);
}

describe("images show their labels: the nearest of other images has the same", () => {
  test("digits", () => {
    const [known, asked] = [
      digits(1500, { generator: generator(1) }),
      digits(150, { generator: generator(2) }),
    ];
    expect(nearestNeighbourAccuracy(known, asked)).toBeGreaterThan(0.8);
  });

  test("street digits, undistorted, whatever their colours", () => {
    const plain = (count: number, seed: number) =>
      streetDigits(count, { distortion: 0, generator: generator(seed) });
    expect(nearestNeighbourAccuracy(grey(plain(200, 1)), grey(plain(100, 2)))).toBeGreaterThan(0.99);
  });
});

/** The mean over the three colours, which digit and wall differ in by design. */
function grey(street: LabelledDataset): LabelledDataset {
  const [x, y] = street.tensors;
  return new TensorDataset(mean(x, 1), y);
}

describe("digits look like MNIST's", () => {
  test("ink covers about a fifth of the image, and leaves the border free", () => {
    const count = 500;
    const [{ data }] = digits(count, { generator: generator() }).tensors;
    let [ink, atBorder] = [0, 0];
    data.forEach((value, i) => {
      const [row, column] = [Math.floor(i / 28) % 28, i % 28];
      ink += value;
      if (Math.min(row, column, 27 - row, 27 - column) === 0) atBorder += value;
    });
    // MNIST's mean is 0.1307
    expect(ink / data.length).toBeGreaterThan(0.09);
    expect(ink / data.length).toBeLessThan(0.17);
    expect(atBorder / ink).toBeLessThan(0.01);
  });
});

describe("street digits", () => {
  test("are lighter than the wall about as often as darker", () => {
    const count = 400;
    const [{ data }] = streetDigits(count, { distortion: 0, generator: generator() }).tensors;
    // with no distortion, digit 1's column in the middle is ink and the corner is wall
    let lighter = 0;
    for (let i = 1; i < count; i += 10) {
      const brightness = (at: number) =>
        [0.299, 0.587, 0.114].reduce((s, w, c) => s + w * data[(i * 3 + c) * 1024 + at], 0);
      if (brightness(16 * 32 + 16) > brightness(0)) lighter++;
    }
    expect(lighter).toBeGreaterThan(8);
    expect(lighter).toBeLessThan(32);
  });
});

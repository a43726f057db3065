import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  beale,
  blobs,
  Generator,
  grad,
  moons,
  noisyPolynomial,
  numericalGradient,
  patternInRecording,
  ravine,
  rings,
  rosenbrock,
  spirals,
  tensor,
  xor,
  type LabelledDataset,
} from "../../src/index.js";

type Maker = (count: number, options?: { noise?: number; generator?: Generator }) => LabelledDataset;
const classified: [string, Maker, number][] = [
  ["moons", moons, 2],
  ["spirals", spirals, 2],
  ["blobs", blobs, 3],
  ["xor", xor, 2],
  ["rings", rings, 2],
  ["patternInRecording", patternInRecording, 2],
];
const all: [string, Maker][] = [...classified.map(([name, make]) => [name, make] as [string, Maker])];
all.push(["noisyPolynomial", noisyPolynomial]);

const rows = ({ tensors: [x] }: LabelledDataset) => x.toArray() as number[][];
const generator = (seed = 1) => new Generator(seed);

describe("every toy set", () => {
  test.for(all)("%s is decided by its seed", ([, make]) => {
    const draw = (seed: number) => Array.from(make(20, { generator: generator(seed) }).tensors[0].data);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  test.for(all)("%s has any count of samples, and not none", ([name, make]) => {
    for (const count of [1, 2, 7]) {
      const { length, tensors } = make(count);
      expect([length, tensors[1].shape[0]]).toEqual([count, count]);
      expect(tensors[0].data.every(Number.isFinite)).toBe(true);
    }
    expect(() => make(0)).toThrow(new RangeError(`${name}: count is 0. Expected a whole number from 1.`));
  });

  test.for(classified)("%s has its classes in equal numbers", ([, make, classes]) => {
    const counts = new Array<number>(classes).fill(0);
    for (const label of make(60).tensors[1].data) counts[label]++;
    expect(counts).toEqual(new Array<number>(classes).fill(60 / classes));
  });
});

describe("places without noise", () => {
  test("moons lie on two half circles", () => {
    const data = moons(41, { noise: 0 });
    rows(data).forEach(([x, y], i) => {
      const [dx, dy] = i % 2 === 0 ? [x, y] : [x - 1, y - 0.5];
      expect(Math.hypot(dx, dy)).toBeAllClose(1);
      expect(i % 2 === 0 ? dy : -dy).toBeGreaterThan(-1e-6);
    });
  });

  test("rings have radii k / classes", () => {
    rows(rings(30, { noise: 0, classes: 3 })).forEach(([x, y], i) => {
      expect(Math.hypot(x, y)).toBeAllClose(((i % 3) + 1) / 3);
    });
  });

  test("spirals wind from 0.1 to 1, all arms alike but turned", () => {
    const points = rows(spirals(90, { noise: 0, classes: 3, turns: 2 }));
    const radii = points.map(([x, y]) => Math.hypot(x, y));
    expect([Math.min(...radii), Math.max(...radii)]).toBeAllClose([0.1, 1]);
    const third = (2 * Math.PI) / 3;
    const [x, y] = points[33];
    const turned = [x * Math.cos(third) - y * Math.sin(third), x * Math.sin(third) + y * Math.cos(third)];
    expect(points[34]).toBeAllClose(turned, { atol: 1e-6 });
  });

  test("xor: class 1 exactly where signs differ", () => {
    const data = xor(200, { generator: generator() });
    rows(data).forEach(([x, y], i) => {
      expect(x * y < 0).toBe(i % 2 === 1);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(1);
    });
  });

  test("blobs: a class stays around its centre", () => {
    const points = rows(blobs(3000, { noise: 0.1, generator: generator(), classes: 2 }));
    const own = points.filter((_, i) => i % 2 === 0);
    const centre = [0, 1].map((k) => own.reduce((sum, point) => sum + point[k], 0) / own.length);
    const spread = own.reduce((sum, [x]) => sum + (x - centre[0]) ** 2, 0) / own.length;
    expect(Math.sqrt(spread)).toBeAllClose(0.1, { rtol: 4 / Math.sqrt(2 * own.length) });
  });

  test("polynomial: exact without noise, off by its standard deviation with", () => {
    const [x, y] = noisyPolynomial(4000, { noise: 0.3, generator: generator(), dtype: "float64" }).tensors;
    const errors = Array.from(y.data, (value, i) => value - (x.data[i] ** 3 - x.data[i]));
    const size = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(size).toBeAllClose(0.3, { rtol: 4 / Math.sqrt(2 * errors.length) });
  });
});

describe("patternInRecording", () => {
  const pattern = [1, -1, 0.9, 0.8, -0.8, -0.6, -0.4, 0.5];
  const make = (options = {}) => patternInRecording(400, { generator: generator(), ...options });
  const sounds = (data: LabelledDataset) => (data.tensors[0].toArray() as number[][][]).map(([s]) => s);
  const correlations = (sound: number[]) =>
    sound
      .slice(pattern.length - 1)
      .map((_, start) => pattern.reduce((s, p, t) => s + p * sound[start + t], 0));

  test("scanning for the pattern and taking the largest match tells the classes apart", () => {
    const matches = sounds(make()).map((sound) => Math.max(...correlations(sound)));
    const right = matches.filter((match, i) => match > 3.6 === (i % 2 === 1));
    expect(right.length / matches.length).toBeGreaterThan(0.95);
  });

  test("loudness does not tell them apart", () => {
    const energy = sounds(make()).map((sound) => sound.reduce((sum, s) => sum + s * s, 0));
    const mean = (of: number): number => energy.reduce((sum, e, i) => sum + (i % 2 === of ? e : 0), 0) / 200;
    const spread = Math.sqrt(energy.reduce((sum, e) => sum + (e - mean(0)) ** 2, 0) / 400);
    expect(Math.abs(mean(1) - mean(0))).toBeLessThan((4 * spread) / Math.sqrt(100));
  });

  test("stands everywhere between the given positions and nowhere else", () => {
    const quiet = sounds(make({ noise: 0, positions: [3, 7] }));
    const starts = quiet.map((sound) => sound.findIndex((s) => s !== 0));
    expect(new Set(starts)).toEqual(new Set([3, 4, 5, 6, 7]));
  });

  test.for([[[-1, 3]], [[4, 3]], [[0, 25]], [[0.5, 3]]])("refuses positions %o", ([positions]) => {
    expect(() => make({ positions })).toThrow(
      new RangeError(
        `patternInRecording: 8 samples of pattern starting at ${positions[0]} to ${positions[1]} ` +
          `do not fit into 32 samples of recording.`,
      ),
    );
  });
});

describe("landscapes", () => {
  test.for([ravine(), ravine(3), rosenbrock, beale])("$name", (landscape) => {
    const places = [landscape.start, landscape.minimum, [0.3, -0.7], [-1.1, 2]] as const;
    for (const [x, y] of places) {
      const differences = numericalGradient(([x, y]) => landscape.value(x, y), [x, y]);
      expect(landscape.gradient(x, y)).toBeAllClose(differences, { rtol: 1e-6, atol: 1e-6 });
      const [tx, ty] = [x, y].map((at) => tensor(at, { dtype: "float64", requiresGrad: true }));
      const height = landscape.of(tx, ty);
      expect(height.item()).toBeAllClose(landscape.value(x, y), { rtol: 1e-12, atol: 1e-12 });
      const slopes = grad(height, [tx, ty]).map((slope) => slope.item());
      expect(slopes).toBeAllClose(landscape.gradient(x, y), { rtol: 1e-12, atol: 1e-12 });
    }
    expect(landscape.value(...landscape.minimum)).toBeAllClose(0, { atol: 1e-12 });
    expect(landscape.gradient(...landscape.minimum)).toBeAllClose([0, 0], { atol: 1e-12 });
  });

  test("refuses a ravine without walls", () => {
    expect(() => ravine(0)).toThrow(new RangeError("ravine: condition is 0. Expected a positive number."));
  });
});

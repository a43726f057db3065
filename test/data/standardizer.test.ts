import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  DTypeError,
  Generator,
  mean,
  randn,
  ShapeError,
  Standardizer,
  tensor,
  variance,
  zeros,
} from "../../src/index.js";

const data = (shape: number[], seed = 1) =>
  randn(shape, { generator: new Generator(seed), dtype: "float64" })
    .mul(3)
    .add(5)
    .detach();

describe("Standardizer", () => {
  const sizes = fc.tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 4 }), fc.nat(3));
  test.for(["feature", "channel"] as const)("training data per %s: mean 0, variance 1", (per) => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), ([n, channels, extra], seed) => {
        const x = data([n, channels, ...Array<number>(extra).fill(2)], seed);
        const z = new Standardizer(x, { per }).transform(x);
        const pooled = per === "feature" ? [0] : x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
        const m = mean(z, pooled);
        expect(m).toBeAllClose(zeros(m.shape), { atol: 1e-12 });
        expect(variance(z, pooled, { correction: 0 })).toBeAllClose(zeros(m.shape).add(1), { rtol: 1e-10 });
      }),
    );
  });

  test("statistics come from the training data alone", () => {
    const standardizer = new Standardizer(tensor([[0], [2]]));
    expect(standardizer.transform(tensor([[100]])).toArray()).toBeAllClose([[99]]);
    expect([standardizer.mean.toArray(), standardizer.std.toArray()]).toEqual([[1], [1]]);
  });

  test("inverse undoes transform", () => {
    const [x, other] = [data([5, 3, 2]), data([4, 3, 2], 2)];
    for (const per of ["feature", "channel"] as const) {
      const standardizer = new Standardizer(x, { per });
      expect(standardizer.inverse(standardizer.transform(other))).toBeAllClose(other, { rtol: 1e-12 });
    }
  });

  test("a constant feature is shifted, not divided by 0", () => {
    const standardizer = new Standardizer(tensor([[0.1], [0.1], [0.1]], { dtype: "float64" }));
    expect(standardizer.transform(tensor([[0.1], [1.1]], { dtype: "float64" })).toArray()).toBeAllClose(
      [[0], [1]],
      { atol: 1e-12 },
    );
  });

  test("keeps the dtype and records nothing", () => {
    const x = randn([4, 2], { requiresGrad: true });
    const z = new Standardizer(x).transform(x);
    expect([z.dtype, z.requiresGrad]).toEqual(["float32", false]);
  });

  test("refuses what has no statistics", () => {
    expect(() => new Standardizer(tensor([[1, 2]], { dtype: "int32" }))).toThrow(
      new DTypeError(
        'Standardizer: the data is of dtype int32. Expected float32 or float64; cast(x, "float32") would fit.',
      ),
    );
    expect(() => new Standardizer(zeros([0, 2]))).toThrow(
      new ShapeError("Standardizer: training data is [0, 2]. Expected [n, …], n > 0."),
    );
    expect(() => new Standardizer(zeros([3]), { per: "channel" })).toThrow(
      new ShapeError("Standardizer: training data is [3]. Expected [n, channels, …], n > 0."),
    );
  });

  test("refuses samples of another shape, which broadcasting would hide", () => {
    const standardizer = new Standardizer(data([5, 3]));
    expect(() => standardizer.transform(zeros([5, 1]))).toThrow(
      new ShapeError(
        "Standardizer.transform: data is [5, 1], it was fitted on samples of shape [3]. Expected [n, …] of the same.",
      ),
    );
    const images = new Standardizer(data([5, 3, 2, 2]), { per: "channel" });
    expect(images.transform(zeros([1, 3, 4, 4])).shape).toEqual([1, 3, 4, 4]);
    expect(() => images.inverse(zeros([1, 1, 2, 2]))).toThrow(
      new ShapeError(
        "Standardizer.inverse: data is [1, 1, 2, 2], it was fitted on samples of shape [3, 2, 2]. " +
          "Expected [n, …] of the same.",
      ),
    );
  });
});

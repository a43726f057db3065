import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, grad, rand, tensor, zeros, type Shape, type Tensor } from "../../src/index.js";

const generator = new Generator(8);
const random = (shape: Shape) => rand(shape, { dtype: "float64", generator }).sub(0.5);
const double = (values: number[]) => tensor(values, { dtype: "float64" });
const shapesAndAxes = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()], { minLength: 1 })));

describe("softmax", () => {
  test("an untrained classifier of K classes has the loss log K", () => {
    const loss = zeros([1, 10], { dtype: "float64" }).logSoftmax().neg();
    expect(loss).toBeAllClose([Array<number>(10).fill(2.302585092994046)], { rtol: 1e-12 });
    expect(zeros([10], { dtype: "float64" }).logSumExp()).toBeAllClose(Math.log(10), { rtol: 1e-12 });
  });

  test("adding a constant changes nothing", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.nat(1), (constant, axis) => {
        const x = random([3, 4]);
        expect(x.add(constant).softmax(axis)).toBeAllClose(x.softmax(axis), { rtol: 1e-10 });
        expect(x.add(constant).logSoftmax(axis)).toBeAllClose(x.logSoftmax(axis), {
          rtol: 1e-10,
          atol: 1e-10,
        });
        expect(x.add(constant).logSumExp(axis)).toBeAllClose(x.logSumExp(axis).add(constant), {
          rtol: 1e-10,
          atol: 1e-10,
        });
      }),
    );
  });

  test("gives shares of 1, the same ones in its logarithm", () => {
    fc.assert(
      fc.property(shapesAndAxes, ([shape, [axis]]) => {
        const x = random(shape).mul(20);
        const shares = x.softmax(axis);
        expect(shares.sum(axis).data).toBeAllClose(shares.sum(axis).data.map(() => 1));
        expect(x.logSoftmax(axis).exp()).toBeAllClose(shares);
      }),
    );
  });

  test("two classes are the logistic function of the difference", () => {
    const x = random([5, 2]);
    const difference = x.slice(0, 1, { axis: 1 }).sub(x.slice(1, 2, { axis: 1 }));
    expect(x.softmax().slice(0, 1, { axis: 1 })).toBeAllClose(difference.sigmoid());
  });

  test("the gradient of cross-entropy with respect to the logits is ŷ − y", () => {
    const z = random([4]);
    z.requiresGrad = true;
    const y = double([0, 0, 1, 0]);
    const loss = z.logSoftmax().mul(y).sum().neg();
    expect(grad(loss, z)).toBeAllClose(z.detach().softmax().sub(y));
  });

  test("nothing is likelier than −∞, and the logarithm stays finite where the share is 0", () => {
    expect(double([-Infinity, 3]).softmax()).toBeAllClose([0, 1]);
    expect(double([0, -800]).softmax()).toBeAllClose([1, 0]);
    expect(double([0, -800]).logSoftmax()).toBeAllClose([0, -800]);
    expect(double([-Infinity, -Infinity]).logSumExp().item()).toBe(-Infinity);
    expect(double([Infinity, 1]).logSumExp().item()).toBe(Infinity);
  });
});

describe("where the extremes are", () => {
  test("the element that argmax and argmin point to is the max and the min", () => {
    fc.assert(
      fc.property(shapesAndAxes, ([shape, axes]) => {
        const x = random(shape);
        const order = [...shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
        const most = x.max(axes);
        const rows = x.permute(order).reshape([most.size, -1]);
        const pick = (places: Tensor) =>
          Array.from(places.data, (place, row) => rows.data[row * rows.shape[1] + place]);
        expect(pick(x.argmax(axes))).toBeAllClose(most.data);
        expect(pick(x.argmin(axes))).toBeAllClose(x.min(axes).data);
        expect(x.argmax(axes).shape).toEqual(most.shape);
      }),
    );
  });

  test("several axes at once, with and without the reduced axes", () => {
    const x = double([1, 9, 2, 6, 3, 7, 4, 8]).reshape([2, 2, 2]);
    expect(x.argmax([0, 2]).toArray()).toEqual([1, 3]);
    expect(x.argmax([0, 2], { keepDims: true }).shape).toEqual([1, 2, 1]);
    expect(x.argmax().dtype).toBe("int32");
  });
});

describe("moments, products and norms", () => {
  test("a large common part takes no digits from the variance", () => {
    const x = random([1000]);
    expect(x.add(1e6).variance()).toBeAllClose(x.variance(), { rtol: 1e-7 });
    expect(x.add(1e6).std()).toBeAllClose(x.std(), { rtol: 1e-7 });
  });

  test("variance is the mean square minus the squared mean; std its root", () => {
    fc.assert(
      fc.property(shapesAndAxes, ([shape, axes]) => {
        const x = random(shape);
        const biased = x.variance(axes, { correction: 0 });
        expect(biased).toBeAllClose(x.mul(x).mean(axes).sub(x.mean(axes).pow(2)), { atol: 1e-12 });
        expect(x.std(axes, { correction: 0 })).toBeAllClose(biased.sqrt());
      }),
    );
  });

  test("one number has no unbiased variance, and no numbers have none at all", () => {
    expect(double([3]).variance().item()).toBeNaN();
    expect(zeros([0]).variance(0, { correction: 0 }).item()).toBeNaN();
    expect(zeros([0]).std().item()).toBeNaN();
  });

  test("a constant has spread 0, and gradient 0 rather than 0 / 0", () => {
    const x = double([2, 2, 2]);
    x.requiresGrad = true;
    expect(x.std()).toBeAllClose(0);
    expect(grad(x.std(), x)).toBeAllClose([0, 0, 0]);
    const zero = double([0, 0]);
    zero.requiresGrad = true;
    expect(grad(zero.norm(), zero)).toBeAllClose([0, 0]);
  });

  test("norms of numbers whose squares do not fit", () => {
    expect(double([3e200, -4e200]).norm()).toBeAllClose(5e200);
    expect(double([3e-200, -4e-200]).norm()).toBeAllClose(5e-200, { atol: 0 });
    expect(double([3, -4]).norm(0, { p: Infinity })).toBeAllClose(4);
    expect(double([3, -Infinity]).norm().item()).toBe(Infinity);
    expect(zeros([0]).norm()).toBeAllClose(0);
  });

  test("a running sum ends in the sum, and its differences are the elements", () => {
    fc.assert(
      fc.property(shapesAndAxes, ([shape, [axis]]) => {
        const x = random(shape);
        const running = x.cumsum(axis);
        expect(running.slice(-1, undefined, { axis })).toBeAllClose(x.sum(axis, { keepDims: true }), {
          atol: 1e-12,
        });
        const before = running.slice(0, -1, { axis });
        const after = running.slice(1, undefined, { axis });
        expect(after.sub(before)).toBeAllClose(x.slice(1, undefined, { axis }), { atol: 1e-12 });
      }),
    );
  });

  test("the product is e to the sum of logarithms", () => {
    fc.assert(
      fc.property(shapesAndAxes, ([shape, axes]) => {
        const x = random(shape).add(1);
        expect(x.prod(axes)).toBeAllClose(x.log().sum(axes).exp());
      }),
    );
  });
});

test("integers stay integers where nothing is divided", () => {
  const x = tensor([3, -7, 5], { dtype: "int32" });
  const dtypes = [x.prod(), x.cumsum(0), x.min(), x.sign(), x.floor(), x.clamp(0, 4), x.clamp(0.5)];
  expect(dtypes.map(({ dtype }) => dtype)).toEqual([...Array<string>(6).fill("int32"), "float32"]);
  expect(x.clamp(0.5).toArray()).toEqual([3, 0.5, 5]);
  expect([x.variance(), x.norm(), x.softmax(), x.erf()].map(({ dtype }) => dtype)).toEqual(
    Array(4).fill("float32"),
  );
});

test("not-a-number is passed on", () => {
  const x = double([1, NaN, 3]);
  const results = [x.max(), x.min(), x.prod(), x.logSumExp(), x.norm(), x.variance()];
  expect(results.map((result) => result.item())).toEqual(Array(6).fill(NaN));
  for (const op of ["sign", "floor", "round", "clamp", "relu", "leakyRelu", "erf", "softplus"] as const) {
    expect(x[op]().data[1], op).toBeNaN();
  }
});

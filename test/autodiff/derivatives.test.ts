import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  DTypeError,
  Generator,
  hessian,
  hvp,
  jacobian,
  jvp,
  rand,
  randn,
  ShapeError,
  tensor,
  vjp,
  zeros,
  type Shape,
  type Tensor,
} from "../../src/index.js";

const generator = new Generator(12);
const random = (shape: Shape) => rand(shape, { dtype: "float64", generator }).sub(0.5);
const double = (values: number[]) => tensor(values, { dtype: "float64" });
/** [3] → [2, 2], smooth, every element depending on every input. */
const curved = (x: Tensor) => x.sin().matmul(weights).exp().reshape([2, 2]);
const weights = random([3, 4]);

test("the Jacobian of a matrix product is the matrix", () => {
  const matrix = random([2, 3]);
  expect(jacobian((x) => matrix.matmul(x), random([3]))).toBeAllClose(matrix);
  const [dw, dx] = jacobian((w, x) => w.matmul(x), [matrix, double([1, 2, 3])]);
  expect(dx).toBeAllClose(matrix);
  expect(dw).toBeAllClose([
    [
      [1, 2, 3],
      [0, 0, 0],
    ],
    [
      [0, 0, 0],
      [1, 2, 3],
    ],
  ]);
});

test("the Jacobian of an elementwise function is diagonal", () => {
  const x = double([1, 2, 3]);
  expect(jacobian((x) => x.pow(2), x)).toBeAllClose([
    [2, 0, 0],
    [0, 4, 0],
    [0, 0, 6],
  ]);
});

test("vjp and jvp are products with the Jacobian from the left and the right", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const drawn = new Generator(seed);
      const [x, u, v] = [[3], [2, 2], [3]].map((shape) =>
        randn(shape, { dtype: "float64", generator: drawn }),
      );
      const J = jacobian(curved, x).reshape([4, 3]);
      const [value, product] = vjp(curved, x, u);
      expect(value).toBeAllClose(curved(x));
      expect(product).toBeAllClose(u.flatten().matmul(J));
      const [sameValue, pushed] = jvp(curved, x, v);
      expect(sameValue).toBeAllClose(curved(x));
      expect(pushed.flatten()).toBeAllClose(J.matmul(v));
    }),
    { numRuns: 20 },
  );
});

test("jvp is the slope along v", () => {
  const [x, y, dx, dy] = [random([3]), random([3]), random([3]), random([3])];
  const fn = (x: Tensor, y: Tensor) => x.mul(y).sum().sin();
  const h = 1e-5;
  const ahead = fn(x.add(dx.mul(h)), y.add(dy.mul(h)));
  const behind = fn(x.sub(dx.mul(h)), y.sub(dy.mul(h)));
  expect(jvp(fn, [x, y], [dx, dy])[1]).toBeAllClose(ahead.sub(behind).div(2 * h), { rtol: 1e-7 });
});

test("the Hessian of a quadratic form is A + Aᵀ, and hvp its product", () => {
  const A = random([3, 3]);
  const form = (x: Tensor) => x.matmul(A).dot(x);
  const [x, v] = [random([3]), random([3])];
  const H = A.add(A.transpose());
  expect(hessian(form, x)).toBeAllClose(H);
  const [value, product] = hvp(form, x, v);
  expect(value).toBeAllClose(form(x));
  expect(product).toBeAllClose(H.matmul(v));
});

test("second derivatives across inputs: Σ x² y", () => {
  const [x, y] = [double([1, 2]), double([3, 4])];
  const fn = (x: Tensor, y: Tensor) => x.mul(x).mul(y).sum();
  const [[xx, xy], [yx, yy]] = hessian(fn, [x, y]);
  expect(xx).toBeAllClose([
    [6, 0],
    [0, 8],
  ]);
  expect(xy).toBeAllClose([
    [2, 0],
    [0, 4],
  ]);
  expect(yx).toBeAllClose(xy.transpose());
  expect(yy).toBeAllClose(zeros([2, 2]));
  const [, [hx, hy]] = hvp(fn, [x, y], [double([1, 0]), double([0, 1])]);
  expect(hx).toBeAllClose([6, 4]);
  expect(hy).toBeAllClose([2, 0]);
});

describe("nothing to differentiate", () => {
  const x = double([1, 2]);
  test("a constant has zeros everywhere", () => {
    const constant = () => double([5, 6]);
    expect(jacobian(constant, x)).toBeAllClose(zeros([2, 2]));
    expect(vjp(constant, x, x)[1]).toBeAllClose([0, 0]);
    expect(jvp(constant, x, x)[1]).toBeAllClose([0, 0]);
    expect(hessian(() => double([5]), x)).toBeAllClose(zeros([1, 2, 2]).squeeze(0));
  });
  test("a linear function has no second derivative", () => {
    expect(hessian((x) => x.sum(), x)).toBeAllClose(zeros([2, 2]));
    expect(hvp((x) => x.sum(), x, x)[1]).toBeAllClose([0, 0]);
  });
  test("an empty result has an empty Jacobian", () => {
    expect(jacobian((x) => x.slice(0, 0), x).shape).toEqual([0, 2]);
  });
});

test("the inputs are left alone, and so is what noGrad says outside", () => {
  const x = double([1, 2]);
  vjp((x) => x.pow(2).sum(), x);
  expect([x.requiresGrad, x.grad]).toEqual([false, null]);
});

describe("errors", () => {
  const x = zeros([2]);
  const cases: [run: () => unknown, error: Error][] = [
    [() => vjp((x) => x.mul(2), x), new ShapeError("vjp: the function returned [2]. Pass v of that shape.")],
    [
      () => vjp((x) => x.mul(2), x, zeros([3])),
      new ShapeError("vjp: v is [3], the result [2]. Their shapes must be equal."),
    ],
    [
      () => jvp((x) => x.mul(2), x, zeros([3])),
      new ShapeError("jvp: v is [3], input 0 [2]. Their shapes must be equal."),
    ],
    [
      () => jvp((x, y) => x.mul(y), [x, x], [x]),
      new ShapeError("jvp: 1 tensors v for 2 inputs. Expected one for each."),
    ],
    [
      () => hvp((x) => x.mul(2), x, x),
      new ShapeError("hvp: the function returned [2]. Expected one number."),
    ],
    [
      () => hvp((x) => x.sum(), x, zeros([])),
      new ShapeError("hvp: v is [], input 0 [2]. Their shapes must be equal."),
    ],
    [() => hessian((x) => x, x), new ShapeError("hessian: the function returned [2]. Expected one number.")],
    [
      () => jacobian((x) => x, x.cast("int32")),
      new DTypeError("jacobian: input 0 is int32. Derivatives need float32 or float64."),
    ],
  ];
  test.for(cases.map(([run, error]) => [error.message, run, error] as const))("%s", ([, run, error]) => {
    expect(run).toThrow(error);
  });
});

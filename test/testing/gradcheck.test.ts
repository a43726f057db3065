import { describe, expect, test } from "vitest";
import {
  concat,
  defineOp,
  DTypeError,
  gradcheck,
  gradgradcheck,
  GradientError,
  mul,
  tensor,
  type Op,
  type Tensor,
} from "../../src/index.js";

/** x y, with the backward rule to be checked. */
function product(
  backward: (g: Tensor, x: Tensor, y: Tensor) => [Tensor, Tensor],
): Op<[x: Tensor, y: Tensor]> {
  return defineOp({
    name: "product",
    shape: (x, _y) => x.shape,
    forward: (out, x, y) => out.data.set(x.data.map((value, i) => value * y.data[i])),
    backward: (g, { inputs: [x, y] }) => backward(g, x, y),
  });
}
const x = tensor([1, 2], { dtype: "float64" });
const y = tensor([3, 4], { dtype: "float64", label: "weight" });

describe("gradcheck", () => {
  test("passes a right rule, and leaves its inputs alone", () => {
    expect(
      gradcheck(
        product((g, x, y) => [mul(g, y), mul(g, x)]),
        [x, y],
      ),
    ).toBe(true);
    expect(x.requiresGrad).toBe(false);
    expect(x.grad).toBeNull();
  });

  test("a function that does not depend on its input has gradient 0", () => {
    expect(gradcheck(() => tensor([1, 2], { dtype: "float64" }), [x])).toBe(true);
  });

  test("names the input, the element and both slopes", () => {
    const wrong = product((g, x, y) => [mul(g, y), mul(mul(g, x), tensor([1, 2], { dtype: "float64" }))]);
    expect(() => gradcheck(wrong, [x, y])).toThrow(GradientError);
    expect(() => gradcheck(wrong, [x, y])).toThrow(
      /^gradcheck: the gradient of weight at \[1\] is (\S+), but central differences give \S+: relative error 5\.0e-1\. Allowed: 1e-6; a correct gradient reaches about 1e-7\.$/,
    );
  });

  test("errors that cancel in a plain sum of the outputs are found", () => {
    const identity: Op<[x: Tensor]> = defineOp({
      name: "identity",
      shape: (x) => x.shape,
      forward: (out, x) => out.data.set(x.data),
      backward: (g) => [concat([g.slice(1), g.slice(0, 1)])],
    });
    expect(() => gradcheck(identity, [x])).toThrow("the gradient of input 0");
  });

  test("a gradient that is NaN is wrong, wherever it stands", () => {
    const holes = tensor([1, NaN], { dtype: "float64" });
    const wrong = product((g, x, y) => [mul(g, y), mul(g, mul(x, holes))]);
    expect(() => gradcheck(wrong, [x, y])).toThrow("the gradient of weight at [1] is NaN");
  });

  test("a small error passes only if allowed", () => {
    const slightly = product((g, x, y) => [mul(g, mul(y, 1.0001)), mul(g, x)]);
    expect(() => gradcheck(slightly, [x, y])).toThrow("relative error 1.0e-4");
    expect(gradcheck(slightly, [x, y], { rtol: 1e-3 })).toBe(true);
  });

  test("takes float64 only", () => {
    expect(() => gradcheck((a) => a.mul(2), [tensor([1])])).toThrow(
      new DTypeError(
        'gradcheck: input 0 is float32. Differences need float64: tensor(…, { dtype: "float64" }).',
      ),
    );
    expect(() => gradcheck((a) => a.greater(1), [x])).toThrow(
      new DTypeError("gradcheck: the function returned bool, which has no gradient. Expected float64."),
    );
  });
});

describe("gradgradcheck", () => {
  test("finds a rule whose value is right but whose own derivative is cut off", () => {
    const constant = product((g, x, y) => [mul(g, y.detach()), mul(g, x)]);
    expect(gradcheck(constant, [x, y])).toBe(true);
    expect(() => gradgradcheck(constant, [x, y])).toThrow(/^gradgradcheck: the gradient of weight at \[\d\]/);
  });

  test("checks the dependence on the output's gradient too", () => {
    const constant = product((g, x, y) => [mul(g.detach(), y), mul(g, x)]);
    expect(() => gradgradcheck(constant, [x, y])).toThrow("the gradient of the output gradient at");
  });
});

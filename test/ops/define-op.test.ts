import { expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  defineOp,
  gradcheck,
  grad,
  mul,
  tensor,
  type DiscreteOp,
  type Op,
  type Tensor,
  type TensorLike,
} from "../../src/index.js";
import * as ops from "../../src/ops/index.js";

const scale: Op<[x: Tensor, factor?: number]> = defineOp({
  name: "scale",
  call: (x: Tensor, factor = 2) => ({ inputs: [x] as [Tensor], params: { factor } }),
  shape: (x) => x.shape,
  forward: (out, x, { factor }) => out.data.set(x.data.map((value) => value * factor)),
  backward: (g, { params: { factor } }) => [mul(g, factor)],
});

test("an operation with parameters of its own", () => {
  const x = tensor([1, 2], { dtype: "float64", requiresGrad: true });
  expect(scale(x, 3)).toBeAllClose([3, 6]);
  expect(scale(x)).toBeAllClose([2, 4]);
  expect(gradcheck((x) => scale(x, 3), [x])).toBe(true);
  expect(scale(x, 3).history).toMatchObject({ op: "scale", inputs: [x], params: { factor: 3 } });
  expect([scale.name, scale.differentiable]).toEqual(["scale", true]);
});

test("an input whose gradient nobody needs costs nothing", () => {
  let computed = 0;
  const product: Op<[a: Tensor, b: Tensor]> = defineOp({
    name: "product",
    shape: (a, _b) => a.shape,
    forward: (out, a, b) => out.data.set([a.item() * b.item()]),
    backward: (g, { inputs: [a, b] }) => [
      () => mul(g, b),
      () => {
        computed++;
        return mul(g, a);
      },
    ],
  });
  const [x, constant] = [tensor(2, { requiresGrad: true }), tensor(3)];
  expect(grad(product(x, constant), x)).toBeAllClose(3);
  expect(computed).toBe(0);
});

test("every operation that begins with a tensor is a method", () => {
  const x = tensor([[1, 2]]);
  for (const name of Object.keys(ops)) {
    expect(typeof (x as unknown as Record<string, unknown>)[name]).toBe(
      ["concat", "einsum", "stack"].includes(name) ? "undefined" : "function",
    );
  }
  expect(x.add(1)).toBeAllClose(ops.add(x, 1));
  expect(x.sum(1, { keepDims: true })).toBeAllClose([[3]]);
});

test("what must not compile, does not", () => {
  const shape = (a: Tensor) => a.shape;
  const forward = () => undefined;
  // @ts-expect-error -- one gradient for two inputs
  const forgotten: Op<[a: Tensor, b: Tensor]> = defineOp({ name: "x", shape, forward, backward: (g) => [g] });
  // @ts-expect-error -- an operation with a derivative is not a discrete one
  const discrete: DiscreteOp<[a: TensorLike, b: TensorLike]> = ops.add;
  // @ts-expect-error -- a string is no tensor
  expect(() => ops.add("1", 2)).toThrow();
  expect([forgotten, discrete]).toHaveLength(2);
});

import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  backward,
  full,
  GradientError,
  ShapeError,
  grad,
  noGrad,
  ones,
  pow,
  tensor,
  zeros,
  type Tensor,
} from "../../src/index.js";

const leaf = (value: number | number[] | number[][]) =>
  tensor(value, { dtype: "float64", requiresGrad: true });

describe("backward", () => {
  test("the syllabus's worked example: (x + y) z at (-2, 5, -4)", () => {
    const [x, y, z] = [leaf(-2), leaf(5), leaf(-4)];
    const f = x.add(y).mul(z);
    f.backward();
    expect(f).toBeAllClose(-12);
    expect([x, y, z].map(({ grad }) => grad!.item())).toBeAllClose([-4, -4, 3]);
  });

  test("a second call adds the same gradient again", () => {
    const x = leaf([1, 2]);
    const y = x.mul(x).exp().sum();
    y.backward({ retainGraph: true });
    const once = x.grad!.toArray();
    y.backward();
    expect(x.grad).toBeAllClose((once as number[]).map((g) => 2 * g));
  });

  test("paths that meet again add up: y = x² + x² x", () => {
    const x = leaf(3);
    const square = x.mul(x);
    square.add(square.mul(x)).backward();
    expect(x.grad).toBeAllClose(2 * 3 + 3 * 3 ** 2);
  });

  test("a chain of 10⁵ operations does not overflow the stack", () => {
    const x = leaf(1);
    let y: Tensor = x;
    for (let i = 0; i < 100_000; i++) y = y.mul(1.00001);
    y.backward();
    expect(x.grad).toBeAllClose(1.00001 ** 100_000, { rtol: 1e-9 });
  });

  test("two leaves never share the storage of their gradients", () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const gradient = tensor([1, 1], { dtype: "float64" });
    a.add(b).backward({ gradient });
    a.grad!.data[0] = 99;
    expect(b.grad).toBeAllClose([1, 1]);
    expect(gradient).toBeAllClose([1, 1]);
  });

  test("gradients have the dtype and shape of their tensors, whatever they met", () => {
    const x = ones([3, 1], { requiresGrad: true });
    x.mul(full([2, 3, 4], 0.5, { dtype: "float64" }))
      .sum()
      .backward();
    expect(x.grad!.dtype).toBe("float32");
    expect(x.grad).toBeAllClose([[4], [4], [4]]);
  });

  test("only leaves keep their gradient, and computed tensors that were asked to", () => {
    const x = leaf(2);
    const [plain, kept] = [x.mul(3), x.mul(5).retainGrad()];
    plain.mul(kept).backward();
    expect(plain.grad).toBeNull();
    expect(kept.grad).toBeAllClose(6);
  });

  test("reshaped gradients reach a leaf used under several shapes", () => {
    const x = leaf([1, 2, 3, 4]);
    x.reshape([2, 2])
      .matmul(x.reshape([2, 2]))
      .sum()
      .backward();
    // X X with X = [[1, 2], [3, 4]]: ∂/∂X of the sum is 1 (X1)ᵀ + (Xᵀ1) 1ᵀ
    expect(x.grad).toBeAllClose([3 + 4, 7 + 4, 3 + 6, 7 + 6]);
  });
});

describe("higher orders", () => {
  test("y = x³ at 2: slope 12, and its slope 12, then 6", () => {
    const x = leaf(2);
    const first = grad(pow(x, 3), x, { createGraph: true });
    const second = grad(first, x, { createGraph: true });
    const third = grad(second, x);
    expect([first, second, third].map((g) => g.item())).toBeAllClose([12, 12, 6]);
  });

  test("through backward({ createGraph })", () => {
    const x = leaf(2);
    x.pow(3).backward({ createGraph: true });
    const first = x.grad!;
    x.grad = null;
    first.backward();
    expect(first).toBeAllClose(12);
    expect(x.grad).toBeAllClose(12);
  });

  test("without createGraph a gradient is a constant", () => {
    const x = leaf(2);
    expect(grad(x.pow(3), x).requiresGrad).toBe(false);
  });

  test("Hessian times vector of Σ xᵢ² xᵢ₊₁", () => {
    const x = leaf([1, 2, 3]);
    const y = x.slice(0, 2).pow(2).mul(x.slice(1, 3)).sum();
    const v = tensor([1, 0, 2], { dtype: "float64" });
    const product = grad(grad(y, x, { createGraph: true }).mul(v).sum(), x);
    // H = [[2x₁, 2x₀, 0], [2x₀, 2x₂, 2x₁], [0, 2x₁, 0]]
    expect(product).toBeAllClose([4, 2 + 8, 0]);
  });
});

describe("grad", () => {
  test("leaves no gradients behind, and is zero for what does not matter", () => {
    const [x, y] = [leaf([1, 2]), leaf([3, 4])];
    const [dx, dy] = grad(x.mul(2).sum(), [x, y]);
    expect(dx).toBeAllClose([2, 2]);
    expect(dy).toBeAllClose([0, 0]);
    expect([x.grad, y.grad]).toEqual([null, null]);
  });

  test("with respect to computed tensors", () => {
    const x = leaf(3);
    const square = x.mul(x);
    expect(grad(square.mul(square), [square, x]).map((g) => g.item())).toBeAllClose([18, 108]);
  });

  test("hands out gradients that share no storage", () => {
    const [x, y] = [leaf([1, 2]), leaf([3, 4])];
    const [dx, dy] = grad(x.add(y).sum(), [x, y]);
    dx.data[0] = 99;
    expect(dy).toBeAllClose([1, 1]);
  });

  test("starts from gradOutputs, in the dtype of the output", () => {
    const x = leaf([1, 2]);
    const gradOutputs = tensor([1, 10], { dtype: "float64" });
    expect(grad(x.mul(x), x, { gradOutputs })).toBeAllClose([2, 40]);
    expect(grad(x, x, { gradOutputs: tensor([1, 10]) }).dtype).toBe("float64");
  });
});

describe("noGrad and detach", () => {
  test("nothing is recorded inside, and recording resumes even after an error", () => {
    const x = leaf(2);
    expect(noGrad(() => x.mul(3)).requiresGrad).toBe(false);
    expect(() =>
      noGrad(() => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(x.mul(3).requiresGrad).toBe(true);
  });

  test("an inner noGrad does not switch recording on for the outer one", () => {
    const x = leaf(2);
    const product = noGrad(() => noGrad(() => x.mul(3)).mul(x));
    expect(product.requiresGrad).toBe(false);
  });

  test("an asynchronous function is refused", () => {
    expect(() => noGrad(() => Promise.resolve(1))).toThrow(
      new Error("noGrad: the function is asynchronous. Put noGrad around the synchronous part inside it."),
    );
  });

  test("a detached tensor is a constant that shares its numbers", () => {
    const x = leaf(3);
    const constant = x.mul(x).detach();
    x.mul(constant).backward();
    expect(x.grad).toBeAllClose(9);
    expect(x.detach().data).toBe(x.data);
  });
});

test("a graph can be read back from its result", () => {
  const [x, y] = [leaf(2), leaf(3)];
  const { history } = x.mul(y).add(1);
  expect(history!.op).toBe("add");
  expect(history!.inputs[0].history!.inputs).toEqual([x, y]);
  expect(zeros([2]).history).toBeNull();
});

describe("errors", () => {
  const cases: [string, () => unknown, Error][] = [
    [
      "a constant output",
      () => backward(tensor(1)),
      new GradientError(
        "backward: nothing that the output was computed from requires a gradient. " +
          "Make an input with requiresGrad: true, and compute outside noGrad.",
      ),
    ],
    [
      "several elements, backward",
      () => leaf([1, 2]).mul(2).backward(),
      new GradientError(
        "backward: the output is [2]; only an output of one element has an implied gradient of 1. " +
          "Reduce it first, for instance with sum, or pass gradient of its shape.",
      ),
    ],
    [
      "several elements, grad",
      () => grad(leaf([1, 2]).mul(2), []),
      new GradientError(
        "grad: the output is [2]; only an output of one element has an implied gradient of 1. " +
          "Reduce it first, for instance with sum, or pass gradOutputs of its shape.",
      ),
    ],
    [
      "a gradient of another shape",
      () =>
        leaf([1, 2])
          .mul(2)
          .backward({ gradient: tensor([1, 2, 3]) }),
      new ShapeError("backward: the given gradient is [3], the output [2]. Their shapes must be equal."),
    ],
    [
      "an input without gradient",
      () => grad(leaf(1).mul(2), [leaf(1), tensor(1)]),
      new GradientError("grad: input 1 requires no gradient. Make it with requiresGrad: true."),
    ],
  ];
  test.for(cases)("%s", ([, run, error]) => {
    expect(run).toThrow(error);
  });
});

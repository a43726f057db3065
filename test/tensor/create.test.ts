import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  arange,
  DTypeError,
  eye,
  full,
  GradientError,
  linspace,
  ones,
  ShapeError,
  tensor,
  Tensor,
  zeros,
  type TensorSource,
} from "../../src/index.js";

describe("tensor", () => {
  const sources: [TensorSource, { shape: number[]; dtype: string; data: number[] }][] = [
    [7, { shape: [], dtype: "float32", data: [7] }],
    [
      [
        [1, 2],
        [3, 4],
      ],
      { shape: [2, 2], dtype: "float32", data: [1, 2, 3, 4] },
    ],
    [[[], []], { shape: [2, 0], dtype: "float32", data: [] }],
    [[true, false], { shape: [2], dtype: "bool", data: [1, 0] }],
    [[true, 2], { shape: [2], dtype: "float32", data: [1, 2] }],
    [Float64Array.of(1, 2), { shape: [2], dtype: "float64", data: [1, 2] }],
    [Int32Array.of(-1), { shape: [1], dtype: "int32", data: [-1] }],
    [Uint8Array.of(200), { shape: [1], dtype: "int32", data: [200] }],
    [[Float32Array.of(1, 2), Float32Array.of(3, 4)], { shape: [2, 2], dtype: "float32", data: [1, 2, 3, 4] }],
  ];
  test.for(sources)("%j", ([source, expected]) => {
    const { shape, dtype, data } = tensor(source);
    expect({ shape, dtype, data: Array.from(data) }).toEqual(expected);
  });

  test("copies what it is given", () => {
    const source = Float32Array.of(1, 2);
    const x = tensor(source);
    source[0] = 9;
    expect(x).toBeAllClose([1, 2]);
  });

  test("converts to the dtype asked for", () => {
    expect(tensor([1.9, -1.9, 0], { dtype: "int32" }).toArray()).toEqual([1, -1, 0]);
    expect(tensor([0.5, 0, NaN], { dtype: "bool" }).toArray()).toEqual([true, false, true]);
  });

  test("sets label and requiresGrad", () => {
    expect(tensor(1, { label: "w", requiresGrad: true })).toMatchObject({ label: "w", requiresGrad: true });
  });

  const bad: [unknown, Error][] = [
    [
      [[1, 2], [3]],
      new ShapeError(
        "tensor: ragged nesting: [1] has length 1, but [0] has length 2. Rows of one axis must have equal lengths.",
      ),
    ],
    [
      [[1, 2], 3],
      new ShapeError(
        "tensor: ragged nesting: [1] is of type number, but [0] has length 2. Rows of one axis must have equal lengths.",
      ),
    ],
    [[1, [2]], new ShapeError("tensor: ragged nesting: [1] is an array, but [0] is a number.")],
    [[1, "2"], new DTypeError('tensor: element [1] is the string "2". Expected numbers or booleans.')],
    [[[null]], new DTypeError("tensor: element [0, 0] is null. Expected numbers or booleans.")],
    [undefined, new DTypeError("tensor: element [] is undefined. Expected numbers or booleans.")],
  ];
  test.for(bad)("%j is refused", ([source, error]) => {
    expect(() => tensor(source as TensorSource)).toThrow(error);
  });
});

describe("the other makers", () => {
  test("shapes and values", () => {
    expect(zeros([2, 1])).toBeAllClose([[0], [0]]);
    expect(ones([])).toBeAllClose(1);
    expect(full([2], 7, { dtype: "int32" })).toBeAllClose([7, 7]);
    expect(eye(2, { dtype: "bool" }).toArray()).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(arange(3)).toBeAllClose([0, 1, 2]);
    expect(arange(1, 2, 0.25, { dtype: "float64" })).toBeAllClose([1, 1.25, 1.5, 1.75]);
    expect(arange(0).shape).toEqual([0]);
    expect(linspace(-1, 1, 3)).toBeAllClose([-1, 0, 1]);
    expect(linspace(5, 9, 1)).toBeAllClose([5]);
    expect(linspace(0, 0.3, 4, { dtype: "float64" }).data.at(-1)).toBe(0.3);
  });

  test("a tensor keeps its shape when the array it was given changes", () => {
    const shape = [2, 3];
    const made = [zeros(shape), zeros([6]).reshape(shape), zeros([3]).broadcastTo(shape)];
    shape[0] = 9;
    expect(made.map((x) => x.shape)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
  });

  const bad: [() => unknown, Error][] = [
    [
      () => zeros([2, -1]),
      new ShapeError("zeros: shape [2, -1]: axis 1 has size -1. Sizes are whole numbers from 0."),
    ],
    [
      () => ones([1.5]),
      new ShapeError("ones: shape [1.5]: axis 0 has size 1.5. Sizes are whole numbers from 0."),
    ],
    [() => arange(0, 3, -1), new ShapeError("arange: steps of -1 do not lead from 0 to 3.")],
    [() => arange(0, 3, 0), new ShapeError("arange: steps of 0 do not lead from 0 to 3.")],
    [
      () => new Tensor(Float32Array.of(1, 2), [3], "float32"),
      new ShapeError("Tensor: 2 elements do not fill shape [3], which has 3."),
    ],
    [
      () => zeros([2, 3]).item(),
      new ShapeError("item: shape [2, 3] has 6 elements; item() takes exactly one."),
    ],
    [
      () => zeros([2], { dtype: "int32", requiresGrad: true }),
      new DTypeError(
        "requiresGrad: a tensor of dtype int32 has no gradient; only float32 and float64 do. " +
          'cast(x, "float32") would fit.',
      ),
    ],
    [
      () => (zeros([2], { requiresGrad: true }).mul(2).requiresGrad = false),
      new GradientError(
        "requiresGrad: this tensor was computed by mul; only a leaf can be cleared. Use detach().",
      ),
    ],
  ];
  test.for(bad.map(([run, error]) => [error.message, run, error] as const))("%s", ([, run, error]) => {
    expect(run).toThrow(error);
  });
});

describe("dtypes that meet", () => {
  const float32 = zeros([2]);
  const int32 = zeros([2], { dtype: "int32" });
  const bool = zeros([2], { dtype: "bool" });
  test("plain numbers take the tensor's dtype, unless a fraction meets integers", () => {
    expect(zeros([2], { dtype: "float64" }).mul(0.1).dtype).toBe("float64");
    expect(float32.mul(0.1).dtype).toBe("float32");
    expect(int32.add(1).dtype).toBe("int32");
    expect(int32.add(0.5)).toMatchObject({ dtype: "float32", data: Float32Array.of(0.5, 0.5) });
  });

  test("arithmetic on booleans counts them, and fractions of integers are float32", () => {
    expect(bool.add(bool).dtype).toBe("int32");
    expect(eye(2, { dtype: "bool" }).sum()).toMatchObject({ dtype: "int32", data: Int32Array.of(2) });
    expect(int32.div(2).dtype).toBe("float32");
    expect(int32.mean().dtype).toBe("float32");
    expect(int32.exp().dtype).toBe("float32");
    expect(int32.greater(0).dtype).toBe("bool");
  });

  test("moving elements around keeps booleans booleans", () => {
    expect(bool.reshape([2, 1]).broadcastTo([2, 2]).transpose().slice(1).dtype).toBe("bool");
  });
});

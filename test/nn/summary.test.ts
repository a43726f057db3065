import { describe, expect, test } from "vitest";
import { displaySymbol, nn, ShapeError, type Tensor } from "../../src/index.js";

test("ten 5×5 filters on a 3×32×32 image: 760 parameters, 768 000 multiply–adds", () => {
  const summary = nn.summary(new nn.Conv2d(3, 10, 5, { padding: 2 }), [3, 32, 32]);
  expect(summary.rows).toEqual([
    {
      name: "",
      layer: "Conv2d(3 → 10, 5×5, padding 2)",
      outputShape: [10, 32, 32],
      parameters: 760,
      multiplyAdds: 768_000,
    },
  ]);
  expect([summary.parameters, summary.trainable, summary.multiplyAdds]).toEqual([760, 760, 768_000]);
});

test("LeNet-5 by hand", () => {
  const summary = nn.summary(new nn.LeNet5(), [1, 28, 28]);
  expect(
    summary.rows.map(({ name, outputShape, parameters, multiplyAdds }) => [
      name,
      outputShape,
      parameters,
      multiplyAdds,
    ]),
  ).toEqual([
    ["conv1", [6, 28, 28], 6 * 25 + 6, 6 * 25 * 28 * 28],
    ["pool1", [6, 14, 14], 0, 0],
    ["conv2", [16, 10, 10], 16 * 150 + 16, 16 * 150 * 100],
    ["pool2", [16, 5, 5], 0, 0],
    ["fc1", [120], 400 * 120 + 120, 400 * 120],
    ["fc2", [84], 120 * 84 + 84, 120 * 84],
    ["fc3", [10], 84 * 10 + 10, 84 * 10],
  ]);
  expect(summary.parameters).toBe(61_706);
});

test("AlexNet's first layer: 64 filters 3×11×11, stride 4", () => {
  const conv = new nn.Conv2d(3, 64, 11, { stride: 4, padding: 2 });
  const { rows, parameters } = nn.summary(conv, [3, 224, 224]);
  expect([rows[0].outputShape, parameters]).toEqual([[64, 55, 55], 23_296]);
});

test("grouped and transposed convolution count what they multiply", () => {
  const grouped = new nn.Conv2d(4, 6, 3, { groups: 2, bias: false });
  expect(nn.summary(grouped, [4, 5, 5]).multiplyAdds).toBe(9 * 6 * 2 * 9);
  // each of 8·7·7 elements is multiplied with 4·2·2 weights
  const transposed = new nn.ConvTranspose2d(8, 4, 2, { stride: 2 });
  expect(nn.summary(transposed, [8, 7, 7]).multiplyAdds).toBe(8 * 49 * 16);
});

class Twice extends nn.Module {
  readonly shared = new nn.Linear(3, 3);
  readonly scale = new nn.Parameter(this.shared.weight.detach().mul(2));
  readonly unused = new nn.Linear(5, 1);

  override forward(x: Tensor): Tensor {
    return this.shared.forward(this.shared.forward(x)).mul(this.scale.sum());
  }
}

test("a layer that is called twice works twice but counts its parameters once", () => {
  const summary = nn.summary(new Twice(), [3]);
  expect(summary.rows.map(({ name, parameters, multiplyAdds }) => [name, parameters, multiplyAdds])).toEqual([
    ["shared", 12, 9],
    ["shared", 0, 9],
    ["", 9, 0],
  ]);
  expect([summary.parameters, summary.multiplyAdds]).toEqual([12 + 9 + 6, 18]);
});

describe("the model", () => {
  test("is left as it was: modes, running statistics, no hooks", () => {
    const model = new nn.Sequential(new nn.BatchNorm1d(2), new nn.Dropout());
    model.layers[1].eval();
    const before = model.stateDict();
    nn.summary(model, [2]);
    expect(model.modules().map(({ training }) => training)).toEqual([true, true, false]);
    expect(model.stateDict()).toEqual(before);
    expect(model.modules().some((module) => Object.hasOwn(module, "forward"))).toBe(false);
  });

  test("is left as it was also when the input does not fit", () => {
    const model = new nn.Sequential(new nn.Linear(2, 1));
    expect(() => nn.summary(model, [3])).toThrow(ShapeError);
    expect(model.modules().every((module) => module.training && !Object.hasOwn(module, "forward"))).toBe(
      true,
    );
  });
});

test("shows itself as a table, in text and HTML", () => {
  const model = new nn.Sequential(new nn.Linear(784, 100), new nn.ReLU(), new nn.Linear(100, 10));
  model.layers[0].freeze();
  const summary = nn.summary(model, [784]);
  expect(summary.toString().split("\n")).toEqual([
    "name  layer              output  parameters  multiply–adds",
    "──────────────────────────────────────────────────────────",
    "0     Linear(784 → 100)  [100]       78 500         78 400",
    "1     ReLU()             [100]            0              0",
    "2     Linear(100 → 10)   [10]         1 010          1 000",
    "──────────────────────────────────────────────────────────",
    "79 510 parameters (78 500 of them frozen), 79 400 multiply–adds per sample",
  ]);
  const html = summary[displaySymbol]()["text/html"] as string;
  expect(html).toContain('<td style="text-align:left">Linear(784 → 100)</td>');
  expect(html).toContain('<td style="text-align:right;white-space:nowrap">78 500</td>');
  expect(html.match(/<tr>/g)).toHaveLength(4);
});

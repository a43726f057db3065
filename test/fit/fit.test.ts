import { describe, expect, test } from "vitest";
import {
  accuracy,
  DataLoader,
  evaluate,
  fit,
  Generator,
  nn,
  rand,
  SGD,
  tensor,
  TensorDataset,
  type Batch,
} from "../../src/index.js";

/** y = 2x + 1 at x = 0, 1, 2, 3, in batches of 3 and 1. */
const line: Batch[] = [
  [tensor([[0], [1], [2]]), tensor([[1], [3], [5]])],
  [tensor([[3]]), tensor([[7]])],
];
const linear = () => new nn.Linear(1, 1, { generator: new Generator(1) });

describe("fit", () => {
  test("takes the step that the formula gives: w ← w − η ∂L/∂w", async () => {
    const model = linear();
    model.weight.data[0] = 0;
    model.bias!.data[0] = 0;
    // L = mean (wx + b − y)²: ∂L/∂w = mean 2x(−y) = −26/3, ∂L/∂b = mean 2(−y) = −6.
    const [record] = await fit(model, line.slice(0, 1), {
      loss: nn.mseLoss,
      optimizer: new SGD(model.parameters(), { lr: 0.1 }),
    });
    expect(model.weight.item()).toBeCloseTo(2.6 / 3, 6);
    expect(model.bias!.item()).toBeCloseTo(0.6, 6);
    expect(record).toMatchObject({ epoch: 1, metrics: {} });
    expect(record.loss).toBeCloseTo(35 / 3, 5);
  });

  test("finds the line", async () => {
    const model = linear();
    await fit(model, line, {
      loss: nn.mseLoss,
      optimizer: new SGD(model.parameters(), { lr: 0.1 }),
      epochs: 400,
    });
    expect(model.weight.item()).toBeCloseTo(2, 4);
    expect(model.bias!.item()).toBeCloseTo(1, 4);
  });

  test("is the same bit for bit under the same seeds", async () => {
    const run = async () => {
      const generator = new Generator(5);
      const x = rand([20, 2], { generator });
      const data = new TensorDataset(x, x.sum(1, { keepDims: true }));
      const model = new nn.Linear(2, 1, { generator });
      const loader = new DataLoader<[typeof x, typeof x]>(data, { batchSize: 6, shuffle: true, generator });
      return fit(model, loader, {
        loss: nn.mseLoss,
        optimizer: new SGD(model.parameters(), { lr: 0.1 }),
        epochs: 5,
      });
    };
    expect(await run()).toEqual(await run());
  });

  test("weighs batches by their samples, in losses and metrics", async () => {
    const model = linear();
    const optimizer = { zeroGrad() {}, step() {} };
    const target = (_: unknown, y: { item(): number; size: number; sum(): { item(): number } }) =>
      y.sum().item() / y.size;
    const [record] = await fit(model, line, { loss: nn.mseLoss, optimizer, metrics: { target } });
    expect(record.metrics.target).toBeCloseTo(4, 6);
    expect(record.loss).toBeCloseTo(evaluate(model, line, nn.mseLoss).loss, 5);
  });

  test("measures validation data in evaluation mode, without gradients, and leaves the mode as it was", async () => {
    const seen: boolean[] = [];
    class Watching extends nn.Linear {
      override forward(x: Parameters<nn.Linear["forward"]>[0]) {
        seen.push(this.training);
        return super.forward(x);
      }
    }
    const model = new Watching(1, 1).eval();
    const [record] = await fit(model, line, {
      loss: nn.mseLoss,
      optimizer: new SGD(model.parameters(), { lr: 0.01 }),
      validation: line,
    });
    expect(seen).toEqual([true, true, false, false]);
    expect(model.training).toBe(false);
    expect(record.validation).toEqual(evaluate(model, line, nn.mseLoss));
  });

  test("tells callbacks of every batch and epoch, and stops when one says so", async () => {
    const heard: string[] = [];
    const history = await fit(linear(), line, {
      loss: nn.mseLoss,
      optimizer: { zeroGrad() {}, step() {} },
      epochs: 9,
      callbacks: [
        {
          onBatch: ({ epoch, batch }) => void heard.push(`${epoch}.${batch}`),
          onEpoch: ({ epoch }) => (epoch === 2 ? "stop" : undefined),
        },
      ],
    });
    expect(heard).toEqual(["1.1", "1.2", "2.1", "2.2"]);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test("lets timers run while it works", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const slow: Batch[] = Array.from({ length: 8 }, () => [tensor([[1]]), tensor([[1]])]);
    const optimizer = {
      zeroGrad() {},
      step() {
        for (const end = performance.now() + 30; performance.now() < end;);
      },
    };
    await fit(linear(), slow, { loss: nn.mseLoss, optimizer });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  test("a loss that is no number, and data that hold nothing, are said to be so", async () => {
    const optimizer = { zeroGrad() {}, step() {} };
    const nan: Batch[] = [line[0], [tensor([[NaN]]), tensor([[1]])]];
    await expect(fit(linear(), nan, { loss: nn.mseLoss, optimizer })).rejects.toThrow(
      new RangeError(
        "fit: the loss is NaN in batch 2 of epoch 1. Usually the learning rate is too high, or a logarithm or a division met 0.",
      ),
    );
    await expect(fit(linear(), [], { loss: nn.mseLoss, optimizer })).rejects.toThrow(
      new RangeError(
        "fit: the data hold no batches. An iterator can be gone through only once; pass a DataLoader or an array.",
      ),
    );
    expect(() => evaluate(linear(), [], nn.mseLoss)).toThrow(
      new RangeError("evaluate: the data hold no samples."),
    );
  });
});

describe("accuracy", () => {
  test("counts the samples whose largest score is that of their class", () => {
    const labels = tensor([1, 0, 0, 2], { dtype: "int32" });
    expect(
      accuracy(
        tensor([
          [0, 1, 0],
          [1, 0, 0],
          [0, 0, 1],
          [-3, -2, -1],
        ]),
        labels,
      ),
    ).toBe(0.75);
  });

  test("wants scores [batch, classes] and labels [batch]", () => {
    expect(() => accuracy(tensor([[1, 2]]), tensor([[0]]))).toThrow(
      "accuracy: scores [1, 2] and labels [1, 1]; expected [batch, classes] and [batch].",
    );
  });
});

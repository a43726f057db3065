import { describe, expect, test } from "vitest";
import {
  accuracy,
  Adam,
  DataLoader,
  digits,
  evaluate,
  fit,
  Generator,
  nn,
  spirals,
  StepLR,
  stepSchedule,
  tensor,
  type LabelledDataset,
  type Tensor,
} from "../../src/index.js";

// Trainings that must succeed, each from a fixed seed. They take seconds to a minute, so they are a project of their own.

const loaderOf = (data: LabelledDataset, batchSize: number, generator: Generator) =>
  new DataLoader(data, { batchSize, shuffle: true, generator });

test("XOR: no single neuron can, four hidden ones do", async () => {
  const generator = new Generator(3);
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const y = tensor([[0], [1], [1], [0]]);
  const single = new nn.Linear(2, 1, { generator });
  const hidden = new nn.Sequential(
    new nn.Linear(2, 4, { generator }),
    new nn.Tanh(),
    new nn.Linear(4, 1, { generator }),
  );
  for (const model of [single, hidden]) {
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    await fit(model, [[x, y]], { loss: nn.binaryCrossEntropyWithLogits, optimizer, epochs: 400 });
  }
  const loss = (model: nn.Module) => evaluate(model, [[x, y]], nn.binaryCrossEntropyWithLogits).loss;
  // The best that a line can do is to say 1/2 everywhere: ln 2 = 0.6931.
  expect(loss(single)).toBeGreaterThan(0.69);
  expect(loss(hidden)).toBeLessThan(0.02);
});

test("spirals: 99 % of two arms", { timeout: 120_000 }, async () => {
  const generator = new Generator(1);
  const data = spirals(400, { generator });
  const model = new nn.Sequential(
    new nn.Linear(2, 64, { generator }),
    new nn.Tanh(),
    new nn.Linear(64, 64, { generator }),
    new nn.Tanh(),
    new nn.Linear(64, 2, { generator }),
  );
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  await fit(model, loaderOf(data, 50, generator), { loss: nn.crossEntropy, optimizer, epochs: 150 });
  const all = [...new DataLoader(data, { batchSize: 400 })];
  expect(evaluate(model, all, nn.crossEntropy, { accuracy }).metrics.accuracy).toBeGreaterThanOrEqual(0.99);
});

test("digits: 97 % of unseen ones with a small convolutional net", { timeout: 300_000 }, async () => {
  const generator = new Generator(2);
  const training = digits(6000, { generator });
  const unseen = digits(1000, { generator });
  const model = new nn.Sequential(
    new nn.Conv2d(1, 8, 3, { padding: 1, generator }),
    new nn.BatchNorm2d(8),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(8, 16, 3, { padding: 1, generator }),
    new nn.BatchNorm2d(16),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(16 * 7 * 7, 10, { generator }),
  );
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.2 });
  const untrained = evaluate(model, new DataLoader(unseen, { batchSize: 100 }), nn.crossEntropy);
  // Ten classes, nothing learned: −ln(1/10) = 2.3026.
  expect(Math.abs(untrained.loss - Math.log(10))).toBeLessThan(0.1);
  await fit(model, loaderOf(training, 32, generator), {
    loss: nn.crossEntropy,
    optimizer,
    epochs: 5,
    callbacks: [stepSchedule(schedule)],
  });
  const { metrics } = evaluate(model, new DataLoader(unseen, { batchSize: 100 }), nn.crossEntropy, {
    accuracy,
  });
  expect(metrics.accuracy).toBeGreaterThanOrEqual(0.97);
});

describe("fifty layers", () => {
  class Block extends nn.Module {
    readonly layer: nn.Linear;
    readonly skip: boolean;

    constructor(width: number, skip: boolean, generator: Generator) {
      super();
      this.layer = new nn.Linear(width, width, { generator });
      this.skip = skip;
    }

    override forward(x: Tensor): Tensor {
      const y = this.layer.forward(x).relu();
      return this.skip ? x.add(y) : y;
    }
  }

  async function lossAfterTraining(skip: boolean): Promise<number> {
    const generator = new Generator(4);
    const data = spirals(200, { turns: 0.5, generator });
    const blocks = Array.from({ length: 48 }, () => new Block(16, skip, generator));
    const model = new nn.Sequential(
      new nn.Linear(2, 16, { generator }),
      ...blocks,
      new nn.Linear(16, 2, { generator }),
    );
    const optimizer = new Adam(model.parameters(), { lr: 3e-3 });
    await fit(model, loaderOf(data, 50, generator), { loss: nn.crossEntropy, optimizer, epochs: 80 });
    return evaluate(model, [...new DataLoader(data, { batchSize: 200 })], nn.crossEntropy).loss;
  }

  test("do not learn in a row, and do with connections past each", { timeout: 300_000 }, async () => {
    // Knowing nothing of two classes costs ln 2 = 0.6931.
    expect(await lossAfterTraining(false)).toBeGreaterThan(0.65);
    expect(await lossAfterTraining(true)).toBeLessThan(0.1);
  });
});

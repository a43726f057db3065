import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  Dashboard,
  EarlyStopping,
  fit,
  Generator,
  logTo,
  nn,
  OneCycleLR,
  ReduceLROnPlateau,
  SGD,
  showProgress,
  StepLR,
  stepSchedule,
  stopEarly,
  tensor,
  type Batch,
  type FitCallback,
  type FitOptions,
} from "../../src/index.js";
import { pretendTerminal } from "../plot/pretend-terminal.js";

const batches: Batch[] = [
  [tensor([[0], [1]]), tensor([[1], [3]])],
  [tensor([[2]]), tensor([[5]])],
];
const linear = () => new nn.Linear(1, 1, { generator: new Generator(1) });

/** A training in which nothing is learned, so that the loss stays the same. */
function idle(callbacks: FitCallback[], options: Partial<FitOptions> = {}) {
  const optimizer = { zeroGrad() {}, step() {} };
  return fit(linear(), batches, { loss: nn.mseLoss, optimizer, epochs: 5, callbacks, ...options });
}

const optimizer = (lr = 1) => new SGD([tensor([1], { requiresGrad: true })], { lr, momentum: 0.9 });

beforeEach(() => {
  vi.spyOn(console, "log").mockReturnValue();
  vi.spyOn(console, "error").mockReturnValue();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("stopEarly", () => {
  test("looks at the validation loss, and ends the training when it has not improved for long enough", async () => {
    const stopping = new EarlyStopping({ patience: 2 });
    const history = await idle([stopEarly(stopping)], { validation: batches });
    expect(history).toHaveLength(3);
    expect(stopping.best).toBe(history[0].validation!.loss);
    expect(stopping.bestStep).toBe(1);
  });

  test("or at a metric", async () => {
    let epoch = 0;
    const rising = () => ++epoch;
    const stopping = new EarlyStopping({ patience: 2, mode: "max" });
    const callbacks = [stopEarly(stopping, { monitor: "rising/train" })];
    expect(await idle(callbacks, { metrics: { rising } })).toHaveLength(5);
  });

  test("sets the parameters back to their best only if told", async () => {
    const weightAfter = async (restoreBest: boolean) => {
      const model = linear();
      model.weight.data[0] = 0;
      const stopping = new EarlyStopping({ patience: 1, params: model.parameters() });
      // each step makes it worse: the best is what the first step left
      const worse = { zeroGrad() {}, step: () => void (model.weight.data[0] -= 1) };
      const callbacks = [stopEarly(stopping, { monitor: "loss/train", restoreBest })];
      await fit(model, batches.slice(0, 1), { loss: nn.mseLoss, optimizer: worse, epochs: 9, callbacks });
      return model.weight.data[0];
    };
    expect(await weightAfter(false)).toBe(-2);
    expect(await weightAfter(true)).toBe(-1);
  });

  test("says what there is when there is no number of that name", async () => {
    await expect(idle([stopEarly(new EarlyStopping())])).rejects.toThrow(
      new RangeError(
        'stopEarly: an epoch has no "loss/validation". It has loss/train. Validation data make those of validation.',
      ),
    );
    const misspelt = [stopEarly(new EarlyStopping(), { monitor: "loss/valid" })];
    await expect(idle(misspelt, { validation: batches })).rejects.toThrow(
      new RangeError('stopEarly: an epoch has no "loss/valid". It has loss/train, loss/validation.'),
    );
  });
});

describe("stepSchedule", () => {
  test("counts epochs, or batches", async () => {
    const byEpoch = new StepLR(optimizer(), { stepSize: 1 });
    const byBatch = new OneCycleLR(optimizer(), { maxLr: 1, totalSteps: 10 });
    await idle([stepSchedule(byEpoch), stepSchedule(byBatch, { interval: "batch" })]);
    expect(byEpoch.steps).toBe(5);
    expect(byBatch.steps).toBe(10);
  });

  test("shows a plateau the number that it is to monitor", async () => {
    const plateau = new ReduceLROnPlateau(optimizer(), { patience: 1, factor: 0.5 });
    await idle([stepSchedule(plateau)], { validation: batches });
    // epochs 2 and 3 bring nothing new, nor do 4 and 5
    expect(plateau.lastLr).toEqual([0.25]);
  });

  test("a plateau is of epochs, and of a number that there is", async () => {
    const plateau = new ReduceLROnPlateau(optimizer());
    expect(() => stepSchedule(plateau, { interval: "batch" })).toThrow(
      new RangeError(
        'stepSchedule: interval is "batch", but a ReduceLROnPlateau looks at what comes of an epoch. Expected "epoch".',
      ),
    );
    await expect(idle([stepSchedule(plateau, { monitor: "accuracy/train" })])).rejects.toThrow(
      new RangeError('stepSchedule: an epoch has no "accuracy/train". It has loss/train.'),
    );
  });
});

describe("logTo", () => {
  const curves = (board: Dashboard) =>
    board.figure().data.map(({ name, x, xaxis }) => [xaxis ?? "x", name, x] as const);

  test("draws loss and metrics of every epoch, those of validation beside them", async () => {
    const board = new Dashboard({ interval: 1e6 });
    const half = () => 0.5;
    await idle([logTo(board)], { epochs: 2, validation: batches, metrics: { half } });
    expect(curves(board)).toEqual([
      ["x", "train", [1, 2]],
      ["x", "validation", [1, 2]],
      ["x2", "train", [1, 2]],
      ["x2", "validation", [1, 2]],
    ]);
    expect(console.log).toHaveBeenLastCalledWith(
      expect.stringMatching(/^step 2 · loss\/train .* half\/train 0\.5/),
    );
  });

  test("draws the loss of every batch if the axes count batches", async () => {
    const board = new Dashboard({ interval: 1e6 });
    await idle([logTo(board, { interval: "batch" })], { epochs: 2 });
    expect(curves(board)).toEqual([
      ["x", "batch", [1, 2, 3, 4]],
      ["x", "train", [2, 4]],
    ]);
  });
});

describe("showProgress", () => {
  const printed = () => vi.mocked(console.error).mock.calls.map(([text]) => String(text));

  beforeEach(() => pretendTerminal(false));

  test("counts batches, and is finished with the last one", async () => {
    await idle([showProgress("line")]);
    expect(printed().at(-1)).toMatch(/^line 10\/10 · epoch 5 · loss \d/);
  });

  test("counts epochs where the data have no length", async () => {
    const stream: Iterable<Batch> = { [Symbol.iterator]: () => batches[Symbol.iterator]() };
    const options = { loss: nn.mseLoss, optimizer: { zeroGrad() {}, step() {} }, epochs: 3 };
    await fit(linear(), stream, { ...options, callbacks: [showProgress()] });
    expect(printed().at(-1)).toMatch(/^training 3\/3 · loss \d/);
  });

  test("shows how far it came when the training ends early, be it by an error", async () => {
    const failing = { zeroGrad() {}, step: vi.fn().mockReturnValueOnce(undefined).mockImplementation(fail) };
    await expect(idle([showProgress()], { optimizer: failing })).rejects.toThrow("failed");
    expect(printed().at(-1)).toMatch(/^training 1\/10 · epoch 1/);
  });

  test("leaves it to fit to say that there are no batches", async () => {
    const options = { loss: nn.mseLoss, optimizer: { zeroGrad() {}, step() {} } };
    await expect(fit(linear(), [], { ...options, callbacks: [showProgress()] })).rejects.toThrow(
      "fit: the data hold no batches.",
    );
  });
});

function fail(): never {
  throw new Error("failed");
}

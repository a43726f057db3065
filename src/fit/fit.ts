import type { Module } from "../nn/module.js";
import { noGrad } from "../tensor/grad-mode.js";
import type { Tensor } from "../tensor/tensor.js";

/** Inputs and what should come of them, `[batch, …]` each. */
export type Batch = readonly [input: Tensor, target: Tensor];

/** A number that tells how good outputs are, as a mean over the batch. */
export type Metric = (output: Tensor, target: Tensor) => number;

/** Means over all samples of an epoch. */
export interface EpochScores {
  loss: number;
  /** By the names given in {@link FitOptions.metrics}. */
  metrics: Record<string, number>;
}

/** What came of one epoch. */
export interface EpochRecord extends EpochScores {
  /** Counted from 1. */
  epoch: number;
  /** The same on the validation data, measured after the epoch without learning from them. */
  validation?: EpochScores;
}

/** What came of one batch, before its step. */
export interface BatchRecord {
  /** Counted from 1. */
  epoch: number;
  /** Counted from 1 within the epoch. */
  batch: number;
  loss: number;
}

/** What lies ahead when a training starts. */
export interface FitPlan {
  /** How many epochs there will be at most. */
  epochs: number;
  /** How many batches an epoch has; undefined if the data do not tell by a `length`. */
  batches: number | undefined;
}

/** Looks on while a model learns, and may end it. {@link stopEarly} and its neighbours make some. */
export interface FitCallback {
  /** Called before the first epoch. */
  onStart?(plan: FitPlan): void;
  /** Called after each step. */
  onBatch?(record: BatchRecord): void;
  /** Called after each epoch; `"stop"` ends the training. */
  onEpoch?(record: EpochRecord): "stop" | void;
  /** Called when the training is over, also if an error ended it. */
  onEnd?(): void;
}

/** What {@link fit} needs of an optimizer. */
export interface Stepper {
  /** Forgets the gradients of the last batch. */
  zeroGrad(): void;
  /** Changes the parameters by their gradients. */
  step(): void;
}

/** How a model is to learn. */
export interface FitOptions {
  /** The mean loss of a batch, a scalar. */
  loss: (output: Tensor, target: Tensor) => Tensor;
  /** Whatever turns gradients into steps, such as `new Adam(model.parameters())`. */
  optimizer: Stepper;
  /** How often all data are gone through. Default 1. */
  epochs?: number;
  /** Batches that are measured after each epoch, and not learned from. */
  validation?: Iterable<Batch>;
  /** What to measure beside the loss, by the names it gets in the records. */
  metrics?: Record<string, Metric>;
  /** Called in this order. */
  callbacks?: readonly FitCallback[];
}

/** Milliseconds of uninterrupted work after which timers and interrupts get their turn. */
const breath = 50;

/**
 * Trains a model: for each batch the loss, its gradients, and a step against them. Returns one record per epoch.
 *
 * Nothing here is random: with the same initial parameters and the same order of batches the result is the same bit for bit.
 * The model is in training mode afterwards, unless it was not before.
 *
 * @throws RangeError if there are no batches, or the loss is no longer a number.
 * @see Goodfellow, Bengio & Courville (2016), Deep Learning, §8.1.3 and algorithm 8.1.
 * @example
 * const model = new nn.Linear(1, 1);
 * const batches = [[tensor([[0], [1]]), tensor([[1], [3]])]] as const;
 * const optimizer = new SGD(model.parameters(), { lr: 0.3 });
 * const history = await fit(model, batches, { loss: nn.mseLoss, optimizer, epochs: 100 });
 * history.length // 100
 * history[99].loss < 1e-3 // true
 */
export async function fit(model: Module, data: Iterable<Batch>, options: FitOptions): Promise<EpochRecord[]> {
  const { epochs = 1, validation, metrics = {}, callbacks = [] } = options;
  const wasTraining = model.training;
  const history: EpochRecord[] = [];
  const plan = { epochs, batches: lengthOf(data) };
  for (const callback of callbacks) callback.onStart?.(plan);
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      model.train();
      const scores = await trainEpoch(model, data, options, epoch);
      const record: EpochRecord = { epoch, ...scores };
      if (validation) record.validation = evaluate(model, validation, options.loss, metrics);
      history.push(record);
      const answers = callbacks.map((callback) => callback.onEpoch?.(record));
      if (answers.includes("stop")) break;
    }
  } finally {
    model.train(wasTraining);
    for (const callback of callbacks) callback.onEnd?.();
  }
  return history;
}

/** Number of batches, of data that have a length as arrays and a `DataLoader` do. */
function lengthOf(data: Iterable<Batch>): number | undefined {
  return "length" in data && typeof data.length === "number" ? data.length : undefined;
}

async function trainEpoch(
  model: Module,
  data: Iterable<Batch>,
  { loss, optimizer, metrics = {}, callbacks = [] }: FitOptions,
  epoch: number,
): Promise<EpochScores> {
  const means = new Means(metrics);
  let batch = 0;
  let lastBreath = performance.now();
  for (const [input, target] of data) {
    batch++;
    optimizer.zeroGrad();
    const output = model.forward(input);
    const batchLoss = loss(output, target);
    const value = batchLoss.item();
    if (!Number.isFinite(value)) throw lossError(value, epoch, batch);
    batchLoss.backward();
    optimizer.step();
    means.add(value, output, target);
    for (const callback of callbacks) callback.onBatch?.({ epoch, batch, loss: value });
    if (performance.now() - lastBreath > breath) {
      await new Promise((resolve) => setImmediate(resolve));
      lastBreath = performance.now();
    }
  }
  if (batch === 0)
    throw new RangeError(
      "fit: the data hold no batches. An iterator can be gone through only once; pass a DataLoader or an array.",
    );
  return means.scores();
}

/**
 * Loss and metrics of a model in evaluation mode, as means over all samples; nothing is learned.
 *
 * @throws RangeError if there are no batches.
 * @example evaluate(new nn.Identity(), [[tensor([1, 2]), tensor([1, 4])]], nn.mseLoss).loss // 2
 */
export function evaluate(
  model: Module,
  data: Iterable<Batch>,
  loss: FitOptions["loss"],
  metrics: Record<string, Metric> = {},
): EpochScores {
  const wasTraining = model.training;
  const means = new Means(metrics);
  model.eval();
  try {
    noGrad(() => {
      for (const [input, target] of data) {
        const output = model.forward(input);
        means.add(loss(output, target).item(), output, target);
      }
    });
  } finally {
    model.train(wasTraining);
  }
  return means.scores();
}

/** Means over samples: a short last batch counts for as many as it has. */
class Means {
  readonly #metrics: [name: string, metric: Metric][];
  readonly #sums: number[];
  #loss = 0;
  #samples = 0;

  constructor(metrics: Record<string, Metric>) {
    this.#metrics = Object.entries(metrics);
    this.#sums = this.#metrics.map(() => 0);
  }

  add(loss: number, output: Tensor, target: Tensor): void {
    const samples = target.shape[0] ?? 1;
    this.#samples += samples;
    this.#loss += loss * samples;
    this.#metrics.forEach(([, metric], i) => (this.#sums[i] += metric(output, target) * samples));
  }

  scores(): EpochScores {
    if (this.#samples === 0) throw new RangeError("evaluate: the data hold no samples.");
    const metrics = this.#metrics.map(([name], i) => [name, this.#sums[i] / this.#samples]);
    return {
      loss: this.#loss / this.#samples,
      metrics: Object.fromEntries(metrics) as Record<string, number>,
    };
  }
}

function lossError(loss: number, epoch: number, batch: number): RangeError {
  return new RangeError(
    `fit: the loss is ${loss} in batch ${batch} of epoch ${epoch}. Usually the learning rate is too high, or a logarithm or a division met 0.`,
  );
}

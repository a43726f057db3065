import type { EarlyStopping } from "../optim/early-stopping.js";
import { ReduceLROnPlateau } from "../optim/reduce-lr-on-plateau.js";
import type { Schedule } from "../optim/schedule.js";
import type { Dashboard } from "../plot/dashboard.js";
import { ProgressBar } from "../plot/progress-bar.js";
import type { EpochRecord, EpochScores, FitCallback } from "./fit.js";

/**
 * The numbers of an epoch by name: "loss/train", "loss/validation", and the same for each metric. So are they called
 * wherever a callback names one, and so a {@link Dashboard} draws both curves of a quantity into one panel.
 *
 * @example
 * const record = { epoch: 1, loss: 0.5, metrics: { accuracy: 0.9 }, validation: { loss: 0.6, metrics: {} } };
 * epochValues(record) // { "loss/train": 0.5, "accuracy/train": 0.9, "loss/validation": 0.6 }
 */
export function epochValues({ loss, metrics, validation }: EpochRecord): Record<string, number> {
  const named = (part: string, scores: EpochScores) =>
    Object.entries({ loss: scores.loss, ...scores.metrics }).map(
      ([name, value]) => [`${name}/${part}`, value] as const,
    );
  return Object.fromEntries([
    ...named("train", { loss, metrics }),
    ...(validation ? named("validation", validation) : []),
  ]);
}

/** Which number of an epoch a callback looks at. */
export interface MonitorOptions {
  /** Its name, as {@link epochValues} gives it; "loss/validation" by default. */
  monitor?: string;
}

/** What {@link stopEarly} looks at and leaves behind. */
export interface StopEarlyOptions extends MonitorOptions {
  /** Whether the parameters that `stopping` keeps are set back to their best at the end; false by default. */
  restoreBest?: boolean;
}

/**
 * Ends the training when a number has not improved for a while.
 *
 * @throws RangeError in the first epoch, if there is no number of that name.
 * @throws Error at the end, if `restoreBest` is set but `stopping` keeps no parameters.
 * @example
 * const model = new nn.Linear(1, 1);
 * const batches = [[tensor([[0], [1]]), tensor([[1], [3]])]] as const;
 * const optimizer = new SGD(model.parameters(), { lr: 0 });
 * const callbacks = [stopEarly(new EarlyStopping({ patience: 3 }), { monitor: "loss/train" })];
 * const history = await fit(model, batches, { loss: nn.mseLoss, optimizer, epochs: 100, callbacks });
 * history.length // 4
 */
export function stopEarly(
  stopping: EarlyStopping,
  { monitor, restoreBest = false }: StopEarlyOptions = {},
): FitCallback {
  return {
    onEpoch: (record) => (stopping.step(monitored("stopEarly", record, monitor)) ? "stop" : undefined),
    onEnd: () => {
      if (restoreBest && stopping.best !== null) stopping.restoreBest();
    },
  };
}

/** When {@link stepSchedule} takes its steps, and what a plateau is looked for in. */
export interface StepScheduleOptions extends MonitorOptions {
  /** Whether the schedule counts epochs (the default) or batches. A {@link ReduceLROnPlateau} counts epochs. */
  interval?: "epoch" | "batch";
}

/**
 * Moves a schedule of learning rates on, after each epoch or each batch.
 *
 * @throws RangeError if a {@link ReduceLROnPlateau} is to count batches; or in the first epoch, if there is no number of
 * the name that it is to monitor.
 * @example
 * const model = new nn.Linear(1, 1);
 * const batches = [[tensor([[0], [1]]), tensor([[1], [3]])]] as const;
 * const optimizer = new SGD(model.parameters(), { lr: 0.8 });
 * const callbacks = [stepSchedule(new StepLR(optimizer, { stepSize: 2, gamma: 0.5 }))];
 * await fit(model, batches, { loss: nn.mseLoss, optimizer, epochs: 4, callbacks });
 * optimizer.paramGroups[0].lr // 0.2
 */
export function stepSchedule(
  schedule: Schedule | ReduceLROnPlateau,
  { interval = "epoch", monitor }: StepScheduleOptions = {},
): FitCallback {
  if (schedule instanceof ReduceLROnPlateau) {
    if (interval === "batch") {
      throw new RangeError(
        'stepSchedule: interval is "batch", but a ReduceLROnPlateau looks at what comes of an epoch. Expected "epoch".',
      );
    }
    return { onEpoch: (record) => schedule.step(monitored("stepSchedule", record, monitor)) };
  }
  const step = () => schedule.step();
  return interval === "batch" ? { onBatch: step } : { onEpoch: step };
}

/** How often {@link logTo} adds to its dashboard. */
export interface LogOptions {
  /**
   * Whether the horizontal axes count epochs (the default) or batches. Then the loss of every batch is drawn too, as
   * "loss/batch".
   */
  interval?: "epoch" | "batch";
}

/**
 * Draws loss and metrics into a dashboard while the model learns, under the names of {@link epochValues}.
 *
 * @example
 * const model = new nn.Linear(1, 1);
 * const batches = [[tensor([[0], [1]]), tensor([[1], [3]])]] as const;
 * const optimizer = new SGD(model.parameters(), { lr: 0.1 });
 * const board = new Dashboard({ step: "epoch", interval: 1e6 });
 * await fit(model, batches, { loss: nn.mseLoss, optimizer, epochs: 3, callbacks: [logTo(board)] });
 * board.figure().data[0].x // [1, 2, 3]
 */
export function logTo(dashboard: Dashboard, { interval = "epoch" }: LogOptions = {}): FitCallback {
  let batches = 0;
  return {
    ...(interval === "batch" && {
      onBatch: ({ loss }) => dashboard.add(++batches, { "loss/batch": loss }),
    }),
    onEpoch: (record) => dashboard.add(interval === "batch" ? batches : record.epoch, epochValues(record)),
    onEnd: () => dashboard.finish(),
  };
}

/**
 * Shows how far the training is, with the latest loss: a {@link ProgressBar} that counts batches, or epochs if the data
 * do not tell how many batches they hold.
 *
 * @example
 * const model = new nn.Linear(1, 1);
 * const batches = [[tensor([[0], [1]]), tensor([[1], [3]])]] as const;
 * const optimizer = new SGD(model.parameters(), { lr: 0.1 });
 * const callbacks = [showProgress("line")];
 * const history = await fit(model, batches, { loss: nn.mseLoss, optimizer, epochs: 3, callbacks });
 * history.length // 3
 */
export function showProgress(label = "training"): FitCallback {
  let bar: ProgressBar | undefined;
  let perEpoch: number | undefined;
  return {
    onStart: ({ epochs, batches }) => {
      perEpoch = batches;
      bar = new ProgressBar(label, Math.max(1, epochs * (batches ?? 1)));
    },
    onBatch: ({ epoch, batch, loss }) => {
      if (perEpoch !== undefined) bar?.update((epoch - 1) * perEpoch + batch, { epoch, loss });
    },
    onEpoch: ({ epoch, loss }) => {
      if (perEpoch === undefined) bar?.update(epoch, { loss });
    },
    onEnd: () => bar?.finish(),
  };
}

function monitored(callback: string, record: EpochRecord, monitor = "loss/validation"): number {
  const values = epochValues(record);
  if (monitor in values) return values[monitor];
  const hint =
    monitor.endsWith("/validation") && !record.validation ? " Validation data make those of validation." : "";
  throw new RangeError(
    `${callback}: an epoch has no "${monitor}". It has ${Object.keys(values).join(", ")}.${hint}`,
  );
}

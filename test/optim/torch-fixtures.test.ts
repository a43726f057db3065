import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import * as gradlab from "../../src/index.js";
import {
  concat,
  tensor,
  zeros,
  type DType,
  type GroupOptions,
  type Optimizer,
  type Tensor,
} from "../../src/index.js";

// Made by scripts/fixtures/make_optim_fixtures.py, which says what a case holds.
interface Path {
  optimizer: string;
  options: Record<string, unknown>;
  dtype: DType;
  groups?: { indices: number[]; options: Record<string, unknown> }[];
  skip?: number[];
  path: number[][];
}
interface ScheduleRun {
  schedule: string;
  options: Record<string, unknown>;
  optimizer: string;
  initialLrs: number[];
  lrs: number[][];
  momenta?: number[][];
  metrics?: number[];
}
interface Fixtures {
  problem: { start: number[]; scale: number[]; target: number[] };
  paths: Path[];
  schedules: ScheduleRun[];
}

const { problem, paths, schedules } = JSON.parse(
  readFileSync(new URL("../fixtures/torch-optim.json", import.meta.url), "utf8"),
) as Fixtures;

type MakeOptimizer = new (params: unknown, options: Record<string, unknown>) => Optimizer;
interface AnySchedule {
  step(metric?: number): void;
  stateDict(): unknown;
  loadStateDict(state: unknown): void;
  readonly lastLr: number[];
}
type MakeSchedule = new (optimizer: Optimizer, options: Record<string, unknown>) => AnySchedule;
const optimizerNamed = gradlab as unknown as Record<string, MakeOptimizer>;
const scheduleNamed = gradlab as unknown as Record<string, MakeSchedule>;

/** The problem's parameters, and a function that takes one step. */
function build({ optimizer, options, dtype, groups, skip }: Path) {
  const parts = groups?.map(({ indices }) => indices) ?? [problem.start.map((_, i) => i)];
  const params = parts.map((part) =>
    tensor(
      part.map((i) => problem.start[i]),
      { dtype, requiresGrad: true },
    ),
  );
  const given = groups?.map((group, i) => ({ params: [params[i]], ...group.options })) ?? params;
  const made = new optimizerNamed[optimizer](given, options);
  const [scale, target] = [tensor(problem.scale, { dtype }), tensor(problem.target, { dtype })];
  const step = (number: number): void => {
    made.zeroGrad();
    const x = concat(params);
    const distance = x.sub(target);
    scale.mul(0.5).mul(distance).mul(distance).add(x.sin()).sum().backward();
    if (skip?.includes(number)) params[1].grad = null;
    made.step();
  };
  return { params, optimizer: made, step };
}

const position = (params: readonly Tensor[]) => params.flatMap(({ data }) => Array.from(data));
const titled = paths.map(
  (path) =>
    [
      `${path.optimizer} ${JSON.stringify(path.options)} ${path.dtype}` +
        (path.groups ? ` with ${JSON.stringify(path.groups)}` : "") +
        (path.skip ? `, no gradient in steps ${path.skip.join(", ")}` : ""),
      path,
    ] as const,
);

describe("optimizers go PyTorch's way", () => {
  test.for(titled)("%s", ([, path]) => {
    const { params, step } = build(path);
    // atol: where a coordinate passes 0, rounding errors count against the path's size, which is about 1
    const tolerance = path.dtype === "float64" ? { rtol: 1e-9, atol: 1e-14 } : { rtol: 1e-5, atol: 1e-6 };
    path.path.forEach((expected, i) => {
      step(i);
      expect(position(params)).toBeAllClose(expected, tolerance);
    });
  });

  test("every optimizer has a path of at least 10 steps", () => {
    for (const { path } of paths) expect(path.length).toBeGreaterThanOrEqual(10);
    const optimizers = Object.keys(gradlab).filter((name) =>
      Object.prototype.isPrototypeOf.call(gradlab.Optimizer, Object(gradlab[name as keyof typeof gradlab])),
    );
    expect(new Set(paths.map(({ optimizer }) => optimizer))).toEqual(new Set(optimizers));
  });
});

describe("a resumed run goes on bit for bit", () => {
  test.for(titled)("%s", ([, path]) => {
    const straight = build(path);
    for (let i = 0; i < 7; i++) straight.step(i);
    const resumed = build(path);
    resumed.params.forEach((param, i) => param.data.set(straight.params[i].data));
    resumed.optimizer.loadStateDict(structuredClone(straight.optimizer.stateDict()));
    for (let i = 7; i < path.path.length; i++) {
      straight.step(i);
      resumed.step(i);
    }
    expect(resumed.params.map(({ data }) => data)).toEqual(straight.params.map(({ data }) => data));
  });
});

function buildSchedule({ schedule, options, optimizer, initialLrs, momenta }: ScheduleRun) {
  const groups = initialLrs.map((lr) => ({ params: [zeros([1], { requiresGrad: true })], lr }));
  const withMomentum = momenta && optimizer === "SGD" ? { momentum: 0.9 } : {};
  const made = new optimizerNamed[optimizer](groups, { lr: 1, ...withMomentum });
  return { optimizer: made, schedule: new scheduleNamed[schedule](made, options) };
}
function momentum({ paramGroups }: Optimizer): number[] {
  return paramGroups.map((group) => {
    const { betas, momentum } = group as GroupOptions & { betas?: [number, number]; momentum?: number };
    return betas ? betas[0] : momentum!;
  });
}
const runs = schedules.map((run) => {
  const title = `${run.schedule} ${JSON.stringify(run.options)} of ${run.optimizer} at ${run.initialLrs.join(", ")}`;
  return [title, run] as const;
});

describe("schedules go PyTorch's way", () => {
  // PyTorch multiplies up the changes of most schedules, so that its rounding errors add up
  const tolerance = { rtol: 1e-9, atol: 1e-14 };
  test.for(runs)("%s", ([, run]) => {
    const { optimizer, schedule } = buildSchedule(run);
    run.lrs.forEach((expected, i) => {
      if (i > 0) schedule.step(run.metrics?.[i - 1]);
      expect(schedule.lastLr).toBeAllClose(expected, tolerance);
      if (run.momenta) expect(momentum(optimizer)).toBeAllClose(run.momenta[i], tolerance);
    });
  });

  test.for(runs)("resumed: %s", ([, run]) => {
    const straight = buildSchedule(run);
    const half = Math.floor(run.lrs.length / 2);
    for (let i = 0; i < half; i++) straight.schedule.step(run.metrics?.[i]);
    const resumed = buildSchedule(run);
    const throughJson = (state: unknown): unknown => JSON.parse(JSON.stringify(state));
    resumed.optimizer.loadStateDict(straight.optimizer.stateDict());
    resumed.schedule.loadStateDict(throughJson(straight.schedule.stateDict()));
    for (let i = half; i < run.lrs.length - 1; i++) {
      straight.schedule.step(run.metrics?.[i]);
      resumed.schedule.step(run.metrics?.[i]);
      expect(resumed.schedule.lastLr).toEqual(straight.schedule.lastLr);
    }
  });
});

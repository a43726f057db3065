import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { EarlyStopping, GradientError, ShapeError, tensor } from "../../src/index.js";

/** The number of steps until it stops; null if it does not. */
function stopsAt(stopping: EarlyStopping, metrics: number[]): number | null {
  const step = metrics.findIndex((metric) => stopping.step(metric));
  return step < 0 ? null : step + 1;
}

describe("stops after `patience` steps in a row without improvement", () => {
  test.for([
    { patience: 1, metrics: [3, 2, 2], at: 3 },
    { patience: 2, metrics: [3, 2, 2, 1, 1, 1], at: 6 },
    { patience: 2, metrics: [3, 2, 1, 0], at: null },
    { patience: 3, metrics: [1, NaN, NaN, NaN], at: 4 },
    { patience: 2, metrics: [NaN, 1, 0.5], at: null },
    { patience: 2, minDelta: 0.5, metrics: [3, 2.6, 2.5, 1], at: 3 },
    { patience: 2, minDelta: 0.5, metrics: [3, 2.6, 2.4, 2], at: null },
    { patience: 2, mode: "max" as const, metrics: [0.5, 0.6, 0.6, 0.5], at: 4 },
    { patience: 2, mode: "max" as const, minDelta: 0.1, metrics: [0.5, 0.55, 0.59], at: 3 },
  ])("%o", ({ metrics, at, ...options }) => {
    expect(stopsAt(new EarlyStopping(options), metrics)).toBe(at);
  });

  test("best and its step are those of the smallest metric", () => {
    const metric = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(metric, { minLength: 1 }), (metrics) => {
        const stopping = new EarlyStopping({ patience: 1000 });
        for (const metric of metrics) stopping.step(metric);
        expect(stopping.best).toBeAllClose(Math.min(...metrics));
        expect(stopping.bestStep).toBe(metrics.findIndex((metric) => metric === stopping.best) + 1);
      }),
    );
  });
});

test("restoreBest sets the parameters back", () => {
  const weight = tensor([1, 2], { requiresGrad: true });
  const stopping = new EarlyStopping({ params: [weight] });
  stopping.step(0.5);
  weight.data.set([3, 4]);
  stopping.step(0.4);
  weight.data.set([5, 6]);
  stopping.step(0.9);
  stopping.restoreBest();
  expect(weight.toArray()).toBeAllClose([3, 4]);
});

test("restoreBest counts as a change in place: graphs that used the old values are stale", () => {
  const weight = tensor([1, 2], { requiresGrad: true });
  const stopping = new EarlyStopping({ params: [weight] });
  stopping.step(0.5);
  const loss = weight.mul(weight).sum();
  stopping.restoreBest();
  expect(() => loss.backward()).toThrow(GradientError);
});

test("goes on from its state, parameters included", () => {
  const weight = tensor([1, 2], { requiresGrad: true });
  const first = new EarlyStopping({ patience: 3, params: [weight] });
  for (const metric of [0.5, 0.6, 0.7]) first.step(metric);
  const state = first.stateDict();
  first.step(0.1);
  weight.data.set([9, 9]);
  const second = new EarlyStopping({ patience: 3, params: [weight] });
  second.loadStateDict(state);
  expect([second.best, second.bestStep, second.stopped]).toEqual([0.5, 1, false]);
  expect(second.step(0.8)).toBe(true);
  second.restoreBest();
  expect(weight.toArray()).toBeAllClose([1, 2]);
});

describe("refuses", () => {
  test.for([0, 1.5, -1])("patience %d", (patience) => {
    expect(() => new EarlyStopping({ patience })).toThrow(
      new RangeError(`EarlyStopping: patience is ${patience}. Expected a whole number from 1.`),
    );
  });

  test("a negative minDelta", () => {
    expect(() => new EarlyStopping({ minDelta: -1 })).toThrow(
      new RangeError("EarlyStopping: minDelta is -1. Expected a number from 0."),
    );
  });

  test("to restore what was not kept", () => {
    expect(() => new EarlyStopping().restoreBest()).toThrow(
      "EarlyStopping.restoreBest: no parameters were kept. Pass them as the option params.",
    );
    expect(() => new EarlyStopping({ params: [tensor(1)] }).restoreBest()).toThrow(
      "EarlyStopping.restoreBest: there is no best yet. Call step(metric) first.",
    );
  });

  test("a state with other parameters", () => {
    const first = new EarlyStopping({ params: [tensor([1, 2])] });
    first.step(1);
    expect(() => new EarlyStopping({ params: [tensor([1])] }).loadStateDict(first.stateDict())).toThrow(
      new ShapeError("EarlyStopping.loadStateDict: the state keeps parameters of sizes [2], these have [1]."),
    );
  });
});

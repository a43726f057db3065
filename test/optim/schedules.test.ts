import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  Adagrad,
  CosineAnnealingLR,
  LinearWarmup,
  OneCycleLR,
  ReduceLROnPlateau,
  SGD,
  StepLR,
  zeros,
  type Schedule,
} from "../../src/index.js";

const optimizer = (lr = 1) => new SGD([zeros([1], { requiresGrad: true })], { lr, momentum: 0.9 });

describe("options out of range", () => {
  const messages: [() => unknown, string][] = [
    [
      () => new StepLR(optimizer(), { stepSize: 0 }),
      "StepLR: stepSize is 0. Expected a whole number from 1.",
    ],
    [
      () => new CosineAnnealingLR(optimizer(), { tMax: 2.5 }),
      "CosineAnnealingLR: tMax is 2.5. Expected a whole number from 1.",
    ],
    [
      () => new LinearWarmup(optimizer(), { totalIters: 0 }),
      "LinearWarmup: totalIters is 0. Expected a whole number from 1.",
    ],
    [
      () => new LinearWarmup(optimizer(), { startFactor: 1.5 }),
      "LinearWarmup: startFactor is 1.5. Expected a number from 0 to 1.",
    ],
    [
      () => new OneCycleLR(optimizer(), { maxLr: 1, totalSteps: 0 }),
      "OneCycleLR: totalSteps is 0. Expected a whole number from 1.",
    ],
    [
      () => new OneCycleLR(optimizer(), { maxLr: 1, totalSteps: 9, pctStart: 2 }),
      "OneCycleLR: pctStart is 2. Expected a number from 0 to 1.",
    ],
    [
      () => new ReduceLROnPlateau(optimizer(), { factor: 1 }),
      "ReduceLROnPlateau: factor is 1. Expected a number from 0, below 1.",
    ],
  ];
  test.for(messages)("%s", ([make, message]) => {
    expect(make).toThrow(new RangeError(message));
  });

  test("momentum to cycle where there is none", () => {
    const adagrad = new Adagrad([zeros([1], { requiresGrad: true })]);
    expect(() => new OneCycleLR(adagrad, { maxLr: 1, totalSteps: 9 })).toThrow(
      "OneCycleLR: Adagrad has no momentum to cycle. Set cycleMomentum to false.",
    );
  });

  test("more steps than the cycle has", () => {
    const schedule = new OneCycleLR(optimizer(), { maxLr: 1, totalSteps: 2 });
    schedule.step();
    schedule.step();
    expect(() => schedule.step()).toThrow(
      new RangeError(
        "OneCycleLR.step: all 2 steps of the cycle were taken. totalSteps is epochs × batches per epoch.",
      ),
    );
  });

  test("a follower of another optimizer", () => {
    const after = new StepLR(optimizer(), { stepSize: 1 });
    expect(() => new LinearWarmup(optimizer(), { after })).toThrow(
      "LinearWarmup: the schedule after it belongs to another optimizer. Expected the same.",
    );
  });

  test("the state of other parameter groups", () => {
    const schedule = new StepLR(optimizer(), { stepSize: 1 });
    expect(() => schedule.loadStateDict({ steps: 3, initialLrs: [1, 2] })).toThrow(
      "StepLR.loadStateDict: the state is of 2 parameter groups, the optimizer has 1. Build its groups as they were.",
    );
  });
});

describe("laws", () => {
  const rate = fc.double({ min: 1e-6, max: 10, noNaN: true });
  const steps = fc.nat(200);
  const made: [string, (totalIters: number) => Schedule][] = [
    ["StepLR", (n) => new StepLR(optimizer(), { stepSize: n })],
    ["CosineAnnealingLR", (n) => new CosineAnnealingLR(optimizer(), { tMax: n })],
    ["LinearWarmup", (n) => new LinearWarmup(optimizer(), { totalIters: n })],
  ];
  test.for(made)("%s: rates stay between 0 and the first, which scales them all", ([, make]) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), steps, rate, (n, t, lr) => {
        const schedule = make(n);
        expect(schedule.lrAt(t, lr)).toBeGreaterThanOrEqual(0);
        expect(schedule.lrAt(t, lr)).toBeLessThanOrEqual(lr * (1 + 1e-12));
        expect(schedule.lrAt(t, lr)).toBeAllClose(lr * schedule.lrAt(t, 1), { rtol: 1e-12, atol: 0 });
      }),
    );
  });

  test("a warm-up meets the schedule after it at the full rate, without a jump", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), rate, (n, lr) => {
        const shared = optimizer();
        const after = new CosineAnnealingLR(shared, { tMax: 100 });
        const schedule = new LinearWarmup(shared, { totalIters: n, after });
        expect(schedule.lrAt(n, lr)).toBeAllClose(lr, { rtol: 1e-12 });
        expect(schedule.lrAt(n + 50, lr)).toBeAllClose(lr / 2, { rtol: 1e-12 });
      }),
    );
  });
});

test("a warm-up starts at once, whatever schedule was made before it", () => {
  const shared = optimizer(4);
  const after = new StepLR(shared, { stepSize: 1, gamma: 0.5 });
  const schedule = new LinearWarmup(shared, { totalIters: 2, startFactor: 0.5, after });
  const rates = [shared.paramGroups[0].lr];
  for (let i = 0; i < 4; i++) {
    schedule.step();
    rates.push(shared.paramGroups[0].lr);
  }
  expect(rates).toBeAllClose([2, 3, 4, 2, 1]);
});

test("a plateau does not take NaN for the best", () => {
  const shared = optimizer(1);
  const schedule = new ReduceLROnPlateau(shared, { patience: 0, factor: 0.5 });
  schedule.step(NaN);
  expect(schedule.stateDict().best).toBeNull();
  expect(schedule.lastLr).toBeAllClose([0.5]);
});

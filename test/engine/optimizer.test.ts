import { assert, boolean, constantFrom, double, integer, property, record } from "fast-check";
import { describe, test } from "vitest";
import * as g from "../../src/index.js";
import { expectNear } from "./expect-near.js";
import { kernelMemories, numbers } from "./kernel-memory.js";
import { runKernel } from "./run-kernel.js";

interface Case {
  size: number;
  /** How many steps are taken. */
  count: number;
  lr: number;
  weightDecay: number;
  seed: number;
  shift: number;
  cut: number;
}

interface Stepper {
  step(): void;
}

const cases = record({
  size: integer({ min: 0, max: 40 }),
  count: integer({ min: 1, max: 4 }),
  lr: constantFrom(0.01, 0.3),
  weightDecay: constantFrom(0, 0.1),
  seed: integer({ min: 0, max: 999 }),
  shift: integer({ min: 0, max: 3 }),
  cut: double({ min: 0, max: 1, noNaN: true }),
});

/** The optimizer's own steps in double precision, each with a gradient of its own. */
function expectedOf(start: Float32Array, gradients: Float32Array[], make: (params: g.Tensor[]) => Stepper) {
  const param = g.tensor(Array.from(start), { dtype: "float64", requiresGrad: true });
  const optimizer = make([param]);
  for (const gradient of gradients) {
    param.grad = g.tensor(Array.from(gradient), { dtype: "float64" });
    optimizer.step();
  }
  return param.data;
}

describe.each(kernelMemories)("optimizer kernels of the %s binary", (_name, memory) => {
  const { kernels } = memory;

  /**
   * Takes all steps, the state (as many buffers as `buffers` says, filled with `initial`) going from one to the next, and
   * compares the parameters.
   */
  function check(
    { size, count, seed, shift, cut }: Case,
    make: (params: g.Tensor[]) => Stepper,
    [buffers, initial]: [number, number],
    step: (
      at: { param: number; gradient: number; state: number[]; t: number },
      from: number,
      to: number,
    ) => void,
  ): void {
    const start = numbers(size, seed);
    const gradients = Array.from({ length: count }, (_, t) => numbers(size, seed + t + 1));
    let state = [start, ...Array.from({ length: buffers }, () => start.map(() => initial))];
    gradients.forEach((gradient, t) => {
      state = runKernel(
        memory,
        { inputs: [gradient], outs: state, units: size, shift, cut },
        ([at], [param, ...rest], from, to) => step({ param, gradient: at, state: rest, t: t + 1 }, from, to),
      );
    });
    // a step may be larger than what it changes
    expectNear(state[0], expectedOf(start, gradients, make), 8, () => 1);
  }

  test("SGD", () => {
    assert(
      property(cases, (given) => {
        const { lr, weightDecay } = given;
        check(
          given,
          (params) => new g.SGD(params, { lr, weightDecay }),
          [0, 0],
          ({ param, gradient }, from, to) => kernels.sgd(param, gradient, lr, weightDecay, from, to),
        );
      }),
    );
  });

  test("SGD with momentum", () => {
    const momenta = constantFrom(
      { dampening: 0, nesterov: false },
      { dampening: 0.3, nesterov: false },
      { dampening: 0, nesterov: true },
    );
    assert(
      property(cases, momenta, (given, { dampening, nesterov }) => {
        const { lr, weightDecay } = given;
        const options = { lr, weightDecay, momentum: 0.9, dampening, nesterov };
        check(
          given,
          (params) => new g.SGD(params, options),
          [1, NaN],
          ({ param, gradient, state, t }, from, to) => {
            const flags = [Number(nesterov), Number(t === 1)] as const;
            kernels.sgdMomentum(
              param,
              gradient,
              state[0],
              lr,
              0.9,
              dampening,
              ...flags,
              weightDecay,
              from,
              to,
            );
          },
        );
      }),
    );
  });

  test("Adagrad", () => {
    assert(
      property(cases, (given) => {
        const { lr, weightDecay } = given;
        const options = { lr, weightDecay, lrDecay: 0.1, initialAccumulatorValue: 0.2 };
        check(
          given,
          (params) => new g.Adagrad(params, options),
          [1, 0.2],
          ({ param, gradient, state, t }, from, to) =>
            kernels.adagrad(
              param,
              gradient,
              state[0],
              lr / (1 + (t - 1) * 0.1),
              1e-10,
              weightDecay,
              from,
              to,
            ),
        );
      }),
    );
  });

  test("RMSProp, centered or not, with momentum or without", () => {
    assert(
      property(cases, boolean(), constantFrom(0, 0.9), (given, centered, momentum) => {
        const { lr, weightDecay } = given;
        const options = { lr, weightDecay, centered, momentum, alpha: 0.9, eps: 0.01 };
        check(
          given,
          (params) => new g.RMSProp(params, options),
          [3, 0],
          ({ param, gradient, state }, from, to) => {
            const [square, mean, velocity] = [state[0], centered ? state[1] : 0, momentum ? state[2] : 0];
            kernels.rmsprop(
              param,
              gradient,
              square,
              mean,
              velocity,
              lr,
              0.9,
              0.01,
              momentum,
              weightDecay,
              from,
              to,
            );
          },
        );
      }),
    );
  });

  test.each([g.Adam, g.AdamW])("%o, with amsgrad or without", (Optimizer) => {
    assert(
      property(cases, boolean(), (given, amsgrad) => {
        const { lr, weightDecay } = given;
        const [decay, kept] = Optimizer === g.Adam ? [weightDecay, 1] : [0, 1 - lr * weightDecay];
        const make = (params: g.Tensor[]) => new Optimizer(params, { lr, weightDecay, amsgrad });
        check(given, make, [3, 0], ({ param, gradient, state: [mean, square, largest], t }, from, to) => {
          const [rate, correction] = [lr / (1 - 0.9 ** t), Math.sqrt(1 - 0.999 ** t)];
          const bound = amsgrad ? largest : 0;
          kernels.adam(
            param,
            gradient,
            mean,
            square,
            bound,
            rate,
            0.9,
            0.999,
            correction,
            1e-8,
            decay,
            kept,
            from,
            to,
          );
        });
      }),
    );
  });
});

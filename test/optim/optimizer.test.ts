import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  Adagrad,
  Adam,
  AdamW,
  GradientError,
  RMSProp,
  SGD,
  ShapeError,
  tensor,
  zeros,
  type Optimizer,
} from "../../src/index.js";

const leaf = (shape = [2]) => zeros(shape, { requiresGrad: true });
const optimizers = { SGD, Adagrad, RMSProp, Adam, AdamW };
const each = Object.entries(optimizers) as [string, new (params: unknown, options: object) => Optimizer][];

describe.for(each)("%s refuses", ([name, Made]) => {
  const make = (params: unknown, options: object = {}) => {
    return () => new Made(params, { lr: 0.1, ...options });
  };

  test("no parameters", () => {
    expect(make([])).toThrow(new RangeError(`${name}: no parameters. Expected at least one tensor.`));
    expect(make([{ params: [] }])).toThrow(
      new RangeError(`${name}: no parameters. Expected at least one tensor.`),
    );
  });

  test("what is no list of parameters", () => {
    expect(make({ weight: leaf() })).toThrow(
      new TypeError(
        `${name}: params cannot be iterated. Expected a list of tensors, or of groups { params, lr, … }. ` +
          `Of a model, pass parameters().`,
      ),
    );
    const odd = new TypeError(
      `${name}: params holds something else than tensors, or groups { params, lr, … } only.`,
    );
    expect(make([1])).toThrow(odd);
    expect(make([leaf(), { params: [leaf()] }])).toThrow(odd);
    expect(make([{ params: [[1, 2]] }])).toThrow(
      new TypeError(`${name}: element 0 of a group's params is no tensor.`),
    );
  });

  test("a parameter without requiresGrad", () => {
    const bias = tensor([1], { label: "bias" });
    expect(make([leaf(), bias])).toThrow(
      new GradientError(
        `${name}: parameter 1 "bias" of shape [1] does not require a gradient, so it would never change. ` +
          `Set requiresGrad to true, or leave it out.`,
      ),
    );
  });

  test("a computed tensor", () => {
    expect(make([leaf().mul(2)])).toThrow(
      new GradientError(
        `${name}: parameter 0 of shape [2] was computed by mul. ` +
          `Only leaves can be optimized: tensors made directly.`,
      ),
    );
  });

  test("a parameter twice", () => {
    const shared = leaf();
    expect(make([{ params: [shared] }, { params: [leaf(), shared] }])).toThrow(
      new GradientError(
        `${name}: parameter 0 of shape [2] is listed twice, so it would be updated twice. List it once.`,
      ),
    );
  });

  test.for([{ lr: -0.1 }, { lr: NaN }, { lr: undefined }, { weightDecay: -1 }, { lr: Infinity }])(
    "%o",
    (options) => {
      const [[option, value]] = Object.entries(options);
      const error = new RangeError(`${name}: ${option} is ${value}. Expected a number from 0.`);
      expect(make([leaf()], options)).toThrow(error);
      expect(make([{ params: [leaf()], ...options }])).toThrow(error);
    },
  );

  test("a step without gradients", () => {
    const optimizer = make([leaf()])();
    const error = `${name}.step: no parameter has a gradient. Call backward() on the loss first.`;
    expect(() => optimizer.step()).toThrow(new GradientError(error));
    leaf().sum().backward();
    expect(() => optimizer.step()).toThrow(new GradientError(error));
  });

  test("a gradient of another shape, before anything changes", () => {
    const [a, b] = [leaf(), leaf([3])];
    const optimizer = make([a, b])();
    a.grad = tensor([1, 1]);
    b.grad = tensor([1]);
    expect(() => optimizer.step()).toThrow(
      new ShapeError(
        `${name}.step: parameter 1 of shape [3] has a gradient of shape [1]. Expected the parameter's own shape.`,
      ),
    );
    expect(a.toArray()).toEqual([0, 0]);
  });

  test("the state of another optimizer, of other groups, of other shapes", () => {
    const optimizer = make([leaf()])();
    const other = name === "SGD" ? new Adam([leaf()]) : new SGD([leaf()], { lr: 1 });
    const otherName = name === "SGD" ? "Adam" : "SGD";
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow(
      `${name}.loadStateDict: this is the state of ${otherName}. Restore it into the same.`,
    );
    expect(() => optimizer.loadStateDict(make([leaf(), leaf()])().stateDict())).toThrow(
      `${name}.loadStateDict: the state has groups of [2] parameters, the optimizer of [1]. ` +
        `Build the model and its groups as they were.`,
    );
    const longer = leaf([3]);
    const trained = make([longer], { lr: 0.7 })();
    longer.sum().backward();
    trained.step();
    expect(() => optimizer.loadStateDict(trained.stateDict())).toThrow(
      new ShapeError(
        `${name}.loadStateDict: parameter 0 of shape [2] had shape [3] when the state was saved.`,
      ),
    );
    expect(optimizer.paramGroups[0].lr).toBeAllClose(0.1);
  });

  test("refuses a buffer of another size", () => {
    const optimizer = new SGD([leaf()], { lr: 0.1, momentum: 0.9 });
    const saved = optimizer.stateDict();
    saved.state[0] = { shape: [2], step: 1, buffers: { momentum: new Float32Array(3) } };
    expect(() => optimizer.loadStateDict(saved)).toThrow(
      new ShapeError(
        "SGD.loadStateDict: parameter 0 of shape [2]: its buffer momentum has 3 elements, not 2.",
      ),
    );
  });
});

describe("options out of range", () => {
  const messages: [() => Optimizer, string][] = [
    [() => new SGD([leaf()], { lr: 1, momentum: -1 }), "SGD: momentum is -1. Expected a number from 0."],
    [
      () => new SGD([leaf()], { lr: 1, nesterov: true }),
      "SGD: nesterov with momentum 0 and dampening 0. Nesterov's step needs a momentum above 0 and no dampening.",
    ],
    [
      () => new SGD([leaf()], { lr: 1, nesterov: true, momentum: 0.9, dampening: 0.1 }),
      "SGD: nesterov with momentum 0.9 and dampening 0.1. Nesterov's step needs a momentum above 0 and no dampening.",
    ],
    [() => new Adagrad([leaf()], { lrDecay: -1 }), "Adagrad: lrDecay is -1. Expected a number from 0."],
    [() => new Adagrad([leaf()], { eps: -1 }), "Adagrad: eps is -1. Expected a number from 0."],
    [
      () => new Adagrad([leaf()], { initialAccumulatorValue: -1 }),
      "Adagrad: initialAccumulatorValue is -1. Expected a number from 0.",
    ],
    [() => new RMSProp([leaf()], { alpha: -1 }), "RMSProp: alpha is -1. Expected a number from 0."],
    [() => new RMSProp([leaf()], { momentum: -1 }), "RMSProp: momentum is -1. Expected a number from 0."],
    [() => new Adam([leaf()], { eps: -1 }), "Adam: eps is -1. Expected a number from 0."],
    [
      () => new Adam([leaf()], { betas: [1, 0.9] }),
      "Adam: betas[0] is 1. Expected a number from 0, below 1.",
    ],
    [
      () => new AdamW([leaf()], { betas: [0.9, -0.1] }),
      "AdamW: betas[1] is -0.1. Expected a number from 0, below 1.",
    ],
  ];
  test.for(messages)("%s", ([make, message]) => {
    expect(make).toThrow(new RangeError(message));
  });
});

describe("steps", () => {
  test("change the parameter's storage in place and record nothing", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const { data } = x;
    const optimizer = new SGD([x], { lr: 0.5 });
    x.sum().backward();
    optimizer.step();
    expect(x.data).toBe(data);
    expect(x.history).toBeNull();
    expect(x.toArray()).toBeAllClose([0.5, 1.5]);
    expect(x.grad!.toArray()).toBeAllClose([1, 1]);
  });

  test("zeroGrad forgets gradients, which otherwise add up", () => {
    const x = tensor(1, { requiresGrad: true });
    const optimizer = new SGD([x], { lr: 1 });
    x.mul(2).backward();
    x.mul(2).backward();
    expect(x.grad!.item()).toBeAllClose(4);
    optimizer.zeroGrad();
    expect(x.grad).toBeNull();
  });

  test("leave parameters without a gradient alone", () => {
    const [used, unused] = [leaf([1]), tensor([5], { requiresGrad: true })];
    const optimizer = new AdamW([used, unused], { weightDecay: 0.5 });
    used.sum().backward();
    optimizer.step();
    expect(unused.toArray()).toBeAllClose([5]);
    expect(Object.keys(optimizer.stateDict().state)).toEqual(["0"]);
  });

  test("take parameters from any iterable, once", () => {
    function* parameters() {
      yield leaf();
      yield leaf();
    }
    expect(new SGD(parameters(), { lr: 1 }).paramGroups[0].params).toHaveLength(2);
  });

  test("empty parameters are no obstacle", () => {
    const empty = leaf([0, 2]);
    const optimizer = new Adam([empty]);
    empty.sum().backward();
    optimizer.step();
    expect(empty.shape).toEqual([0, 2]);
  });
});

describe("stateDict", () => {
  test("is a copy: later steps do not change it", () => {
    const x = leaf();
    const optimizer = new Adam([x], { lr: 0.5 });
    x.sum().backward();
    optimizer.step();
    const saved = optimizer.stateDict();
    const before = structuredClone(saved);
    optimizer.step();
    optimizer.paramGroups[0].lr = 7;
    expect(saved).toEqual(before);
    optimizer.loadStateDict(saved);
    optimizer.step();
    expect(saved).toEqual(before);
  });

  test("has the parameters numbered over all groups", () => {
    const optimizer = new SGD([{ params: [leaf(), leaf()] }, { params: [leaf()], lr: 3 }], { lr: 1 });
    expect(optimizer.stateDict()).toEqual({
      optimizer: "SGD",
      paramGroups: [
        { lr: 1, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, params: [0, 1] },
        { lr: 3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, params: [2] },
      ],
      state: {},
    });
  });
});

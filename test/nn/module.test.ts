import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, nn, noGrad, ones, randn, tensor, zeros, type Tensor } from "../../src/index.js";

class Scale extends nn.Module {
  factor = new nn.Parameter(tensor([2]));
  runningMean = new nn.Buffer(tensor([0.5]));
  readonly note = "not a tensor";
  lastInput: Tensor | null = null;

  override forward(x: Tensor): Tensor {
    this.lastInput = x.mul(1);
    return x.mul(this.factor);
  }
}

class Net extends nn.Module {
  firstLayer = new nn.Linear(2, 3);
  blocks = [new Scale(), new Scale()];
  heads = { mean: new nn.Linear(3, 1), spread: new nn.Linear(3, 1, { bias: false }) };

  override forward(x: Tensor): Tensor {
    const hidden = this.blocks.reduce((value, block) => block.forward(value), this.firstLayer.forward(x));
    return this.heads.mean.forward(hidden).add(this.heads.spread.forward(hidden));
  }
}

describe("walking fields", () => {
  test("finds parameters and buffers under PyTorch's names, in the order of the fields", () => {
    const net = new Net();
    expect(net.namedParameters().map(([name]) => name)).toEqual([
      "first_layer.weight",
      "first_layer.bias",
      "blocks.0.factor",
      "blocks.1.factor",
      "heads.mean.weight",
      "heads.mean.bias",
      "heads.spread.weight",
    ]);
    expect(net.namedBuffers().map(([name]) => name)).toEqual([
      "blocks.0.running_mean",
      "blocks.1.running_mean",
    ]);
    expect(net.parameters()).toHaveLength(7);
    expect(net.buffers()).toHaveLength(2);
    expect(net.namedChildren().map(([name]) => name)).toEqual([
      "first_layer",
      "blocks.0",
      "blocks.1",
      "heads.mean",
      "heads.spread",
    ]);
    expect(net.modules()).toEqual([net, ...net.children()]);
  });

  test("a shared parameter counts once, has several names, and gets the sum of its gradients", () => {
    const shared = new nn.Linear(2, 2, { bias: false });
    const net = new nn.Sequential(shared, shared);
    expect(net.parameters()).toEqual([shared.weight]);
    expect(net.children()).toEqual([shared]);
    expect(net.modules()).toEqual([net, shared]);
    expect(Object.keys(net.stateDict())).toEqual(["0.weight", "1.weight"]);

    shared.weight.data.set([1, 2, 3, 4]);
    net
      .forward(tensor([1, 1]))
      .sum()
      .backward();
    // y = W W x: dW = g (W x)ᵀ + Wᵀ g xᵀ, with g = x = [1, 1], W x = [3, 7], Wᵀ g = [4, 6]
    expect(shared.weight.grad).toBeAllClose([
      [7, 11],
      [9, 13],
    ]);
  });

  test("a field that points back to the parent is no child of the child", () => {
    class Child extends nn.Module {
      parent: nn.AnyModule | null = null;
      weight = new nn.Parameter(zeros([1]));
      override forward(x: Tensor): Tensor {
        return x;
      }
    }
    const child = new Child();
    const net = new nn.Sequential(child);
    child.parent = net;
    expect(net.namedParameters().map(([name]) => name)).toEqual(["0.weight"]);
  });

  test("a leaf that requires a gradient and is no parameter is an error", () => {
    class Forgetful extends nn.Module {
      weight = tensor([1], { requiresGrad: true });
      override forward(x: Tensor): Tensor {
        return x.mul(this.weight);
      }
    }
    expect(() => new nn.Sequential(new Forgetful()).parameters()).toThrow(
      "Forgetful: field weight holds a tensor that requires a gradient and is no parameter. " +
        "If the module is to learn it, write new nn.Parameter(…); if not, keep it in a private #field.",
    );
  });

  test("integers are no parameters", () => {
    expect(() => new nn.Parameter(tensor([1], { dtype: "int32" }))).toThrow(
      "requiresGrad: a tensor of dtype int32 has no gradient; only float32 and float64 do.",
    );
  });
});

describe("modes", () => {
  test("train and eval reach every module", () => {
    const net = new Net();
    expect(net.modules().every(({ training }) => training)).toBe(true);
    expect(net.eval()).toBe(net);
    expect(net.modules().some(({ training }) => training)).toBe(false);
    net.blocks[0].train();
    expect(net.modules().filter(({ training }) => training)).toEqual([net.blocks[0]]);
  });

  test("freezing keeps gradients away and the names in place", () => {
    const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1));
    net.layers[0].freeze();
    net
      .forward(ones([3, 2]))
      .sum()
      .backward();
    expect(net.parameters().map(({ grad }) => grad !== null)).toEqual([false, false, true, true]);
    expect(net.namedParameters()).toHaveLength(4);
    net.layers[0].unfreeze();
    net
      .forward(ones([3, 2]))
      .sum()
      .backward();
    expect(net.parameters().every(({ grad }) => grad !== null)).toBe(true);
    net.zeroGrad();
    expect(net.parameters().every(({ grad }) => grad === null)).toBe(true);
  });

  test("apply visits the children first", () => {
    const net = new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU());
    const seen: string[] = [];
    net.apply((module) => seen.push(module.constructor.name));
    expect(seen.at(-1)).toBe("Sequential");
    expect(seen.toSorted()).toEqual(["Linear", "ReLU", "Sequential"]);
  });
});

describe("hooks", () => {
  test("see inputs and output of every call, also inside a Sequential", () => {
    const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
    const seen: unknown[] = [];
    const remove = net.layers[1].registerForwardHook((module, [x], output) => {
      seen.push([module, x.shape, output.shape]);
    });
    net.forward(zeros([4, 2]));
    expect(seen).toEqual([[net.layers[1], [4, 3], [4, 3]]]);
    remove();
    remove();
    net.forward(zeros([4, 2]));
    expect(seen).toHaveLength(1);
    expect(Object.hasOwn(net.layers[1], "forward")).toBe(false);
  });

  test("may replace the output, one after the other", () => {
    const layer = new nn.Identity();
    const removeFirst = layer.registerForwardHook((_module, _inputs, output) => output.add(1));
    layer.registerForwardHook((_module, _inputs, output) => output.mul(10));
    expect(layer.forward(tensor([1]))).toBeAllClose([20]);
    removeFirst();
    expect(layer.forward(tensor([1]))).toBeAllClose([10]);
  });

  test("set again after the last was removed, they are called once", () => {
    const layer = new nn.Identity();
    layer.registerForwardHook(() => undefined)();
    let calls = 0;
    layer.registerForwardHook(() => void calls++);
    layer.forward(tensor([1]));
    expect(calls).toBe(1);
  });
});

describe("state", () => {
  test("goes from one module to another, and later training leaves it alone", () => {
    const [trained, fresh] = [new Net(), new Net()];
    trained.blocks[0].runningMean.data[0] = 7;
    const state = trained.stateDict();
    const x = randn([3, 2], { generator: new Generator(1) });
    const expected = trained.forward(x).toArray();
    trained.firstLayer.weight.data.fill(0);
    expect(fresh.loadStateDict(state)).toEqual({ missing: [], unexpected: [] });
    expect(fresh.forward(x)).toBeAllClose(expected);
    expect(fresh.blocks[0].runningMean).toBeAllClose([7]);
    expect(fresh.firstLayer.weight.requiresGrad).toBe(true);
    expect(Object.values(state).some(({ requiresGrad }) => requiresGrad)).toBe(false);
  });

  test("cannot be loaded between forward and backward", () => {
    const layer = new Scale();
    const y = layer.forward(tensor([1], { requiresGrad: true }));
    layer.loadStateDict(layer.stateDict());
    expect(() => y.backward()).toThrow("changed in place");
  });

  test("is converted to the module's dtype", () => {
    const double = new nn.Linear(1, 1, { dtype: "float64" });
    double.loadStateDict({ weight: tensor([[0.5]]), bias: tensor([3], { dtype: "int32" }) });
    expect(noGrad(() => double.forward(tensor([2], { dtype: "float64" })))).toBeAllClose([4]);
  });

  test("that does not fit changes nothing, and says what is wrong", () => {
    const layer = new nn.Linear(2, 1);
    const before = layer.stateDict();
    expect(() => layer.loadStateDict({ weight: zeros([1, 2]), scale: zeros([1]) })).toThrow(
      "loadStateDict: the names do not match. Missing: bias. Unexpected: scale. " +
        "{ strict: false } loads those that both sides have.",
    );
    expect(() => layer.loadStateDict({ weight: zeros([1, 2]) })).toThrow(
      new Error(
        "loadStateDict: the names do not match. Missing: bias. " +
          "{ strict: false } loads those that both sides have.",
      ),
    );
    expect(() => layer.loadStateDict({ ...before, scale: zeros([1]) })).toThrow(
      new Error(
        "loadStateDict: the names do not match. Unexpected: scale. " +
          "{ strict: false } loads those that both sides have.",
      ),
    );
    expect(() => layer.loadStateDict({ weight: zeros([1, 2]), bias: zeros([2]) })).toThrow(
      "loadStateDict: bias is [2] in the state, [1] in the module. " +
        "Build the module with the options that the state was saved with.",
    );
    expect(layer.weight).toBeAllClose(before["weight"]);
    expect(layer.loadStateDict({ weight: zeros([1, 2]), scale: zeros([1]) }, { strict: false })).toEqual({
      missing: ["bias"],
      unexpected: ["scale"],
    });
    expect(layer.weight).toBeAllClose([[0, 0]]);
    expect(layer.bias).toBeAllClose(before["bias"]);
  });
});

test("a module shows itself as a tree", () => {
  const net = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Sequential(new nn.Dropout(0.2)));
  expect(net.toString()).toBe(
    [
      "Sequential(",
      "  (0): Linear(2 → 8)",
      "  (1): ReLU()",
      "  (2): Sequential(",
      "    (0): Dropout(p 0.2)",
      "  )",
      ")",
    ].join("\n"),
  );
});

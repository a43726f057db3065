import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { grad, GradientError, noGrad, SGD, ShapeError, tensor, zeros, type Tensor } from "../../src/index.js";

const leaf = (value: number | number[], label?: string) =>
  tensor(value, { dtype: "float64", requiresGrad: true, ...(label !== undefined && { label }) });

describe("a graph serves once", () => {
  const again = (caller: string, op: string) =>
    new GradientError(
      `${caller}: gradients have already been computed through this graph (here, through ${op}), and a graph ` +
        `serves once. Compute the output again, or pass retainGraph: true the first time.`,
    );

  test("unless retainGraph or createGraph asked for more", () => {
    const x = leaf(3);
    const y = x.mul(x);
    y.backward({ retainGraph: true });
    grad(y, x, { retainGraph: true });
    grad(y, x, { createGraph: true });
    y.backward();
    expect(x.grad).toBeAllClose(12);
    expect(() => y.backward()).toThrow(again("backward", "mul"));
    expect(() => grad(y, x)).toThrow(again("grad", "mul"));
    expect(x.grad).toBeAllClose(12);
  });

  test("createGraph with retainGraph: false uses it up", () => {
    const x = leaf(3);
    const y = x.mul(x);
    grad(y, x, { createGraph: true, retainGraph: false });
    expect(() => y.backward()).toThrow(again("backward", "mul"));
  });

  test("a part that two outputs share is used up by the first", () => {
    const x = leaf(3);
    const shared = x.exp();
    const [one, other] = [shared.mul(2), shared.add(1)];
    one.backward();
    expect(() => other.backward()).toThrow(again("backward", "exp"));
  });

  test("a leaf is no graph: it is used as often as there are outputs", () => {
    const x = leaf(3);
    x.mul(2).backward();
    x.mul(5).backward();
    expect(x.grad).toBeAllClose(7);
  });

  test("a graph that has served can still be looked at", () => {
    const x = leaf(3);
    const y = x.mul(x).exp();
    y.backward();
    expect(y.history!.inputs[0].history).toMatchObject({ op: "mul", inputs: [x, x], used: true });
  });

  test("a backward pass that fails leaves the graph as it was", () => {
    const x = leaf(3);
    const y = x.mul(x);
    const remove = x.registerHook(() => {
      throw new Error("not now");
    });
    expect(() => y.backward()).toThrow("not now");
    remove();
    y.backward();
    expect(x.grad).toBeAllClose(6);
  });
});

describe("changes in place", () => {
  test("assign overwrites inside noGrad", () => {
    const w = leaf([1, 2]);
    noGrad(() => w.assign(w.sub(0.5)));
    expect(w).toBeAllClose([0.5, 1.5]);
    expect(noGrad(() => w.assign(7))).toBe(w);
    expect(w).toBeAllClose([7, 7]);
    expect(
      tensor([1.7, 2], { dtype: "int32" })
        .assign(tensor([2.9, -2.9]))
        .toArray(),
    ).toEqual([2, -2]);
  });

  test("a constant may change at any time", () => {
    expect(zeros([2]).assign(3).toArray()).toEqual([3, 3]);
  });

  test("a leaf that requires a gradient may not change while operations are recorded", () => {
    expect(() => leaf([1, 2]).assign(0)).toThrow(
      new GradientError(
        "assign: a leaf that requires a gradient is changed in place, which no gradient can take into account. " +
          "Change it inside noGrad(() => …).",
      ),
    );
    expect(() => leaf([1, 2]).mul(2).assign(0)).toThrow(
      new GradientError(
        "assign: the result of mul is changed in place, which no gradient can take into account. " +
          "Change it inside noGrad(() => …).",
      ),
    );
  });

  test("assign of another shape", () => {
    expect(() => zeros([2]).assign(zeros([2, 1]))).toThrow(
      new ShapeError("assign: [2, 1] to [2]. Their shapes must be equal."),
    );
  });

  test("a gradient that needs the old numbers is refused", () => {
    const [w, x] = [leaf(3, "w"), leaf(2)];
    const y = w.mul(x);
    noGrad(() => w.assign(1));
    expect(() => y.backward()).toThrow(
      new GradientError(
        'backward: input 0 of mul ("w") was changed in place after mul ran, so its gradient is lost. ' +
          "Compute the output again after the change.",
      ),
    );
    expect(w.grad).toBeNull();
    w.mul(x).backward();
    expect(x.grad).toBeAllClose(1);
  });

  test("so is one that needs an old result, or a tensor that shares storage", () => {
    const x = leaf([1, 2]);
    const y = x.exp();
    noGrad(() => y.assign(0));
    expect(() => grad(y.sum(), x)).toThrow(
      new GradientError(
        "grad: the output of exp was changed in place after exp ran, so its gradient is lost. " +
          "Compute the output again after the change.",
      ),
    );
    const z = x.mul(x);
    x.detach().assign(5);
    expect(() => z.sum().backward()).toThrow(/^backward: input 0 of mul was changed in place/);
  });

  test("an optimizer's step counts as a change", () => {
    const w = leaf(3, "w");
    const loss = w.mul(w);
    loss.backward({ retainGraph: true });
    new SGD([w], { lr: 0.1 }).step();
    expect(() => loss.backward()).toThrow(/^backward: input 0 of mul \("w"\) was changed in place/);
  });

  test("a gradient that does not need them is not", () => {
    const x = leaf([1, 2]);
    const y = x.add(1);
    noGrad(() => x.assign(0));
    y.backward({ gradient: tensor([1, 2]) });
    expect(x.grad).toBeAllClose([1, 2]);
  });
});

describe("hooks", () => {
  test("see the whole gradient of a tensor, once, whichever ways it came", () => {
    const x = leaf(3);
    const seen: number[] = [];
    const square = x.mul(x);
    square.registerHook((gradient) => void seen.push(gradient.item()));
    square.add(square.mul(4)).backward();
    expect(seen).toEqual([5]);
    expect(x.grad).toBeAllClose(30);
  });

  test("may replace it, each in turn, until they are removed", () => {
    const x = leaf([3, 4]);
    const remove = x.registerHook((gradient) => gradient.mul(10));
    x.registerHook((gradient) => gradient.add(1));
    x.sum().backward();
    expect(x.grad).toBeAllClose([11, 11]);
    remove();
    expect(grad(x.sum(), x)).toBeAllClose([2, 2]);
  });

  test("replacements can be differentiated again", () => {
    const x = leaf(3);
    const square = x.mul(x);
    square.registerHook((gradient) => gradient.mul(x));
    const first = grad(square, x, { createGraph: true });
    expect(first).toBeAllClose(2 * 3 ** 2);
    expect(grad(first, x)).toBeAllClose(4 * 3);
  });

  test("errors", () => {
    expect(() => tensor(1).registerHook(() => undefined)).toThrow(
      new GradientError(
        "registerHook: this tensor requires no gradient, so the hook would never be called. Set requiresGrad first.",
      ),
    );
    const x: Tensor = leaf([1, 2]);
    x.registerHook(() => zeros([3]));
    expect(() => x.sum().backward()).toThrow(
      new ShapeError("registerHook: the hook returned a gradient [3] for a tensor [2]."),
    );
  });
});

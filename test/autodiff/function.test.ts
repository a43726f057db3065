import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import {
  Function,
  grad,
  gradcheck,
  gradgradcheck,
  GradientError,
  noGrad,
  ShapeError,
  tensor,
  type Context,
  type FunctionGradients,
  type Tensor,
} from "../../src/index.js";

const leaf = (value: number | number[]) => tensor(value, { dtype: "float64", requiresGrad: true });

class Mul extends Function {
  static forward(ctx: Context, a: Tensor, b: Tensor): Tensor {
    ctx.saveForBackward(a, b);
    return a.mul(b);
  }
  static backward(ctx: Context, g: Tensor): FunctionGradients {
    const [a, b] = ctx.savedTensors;
    return [g.mul(b), g.mul(a)];
  }
}

class Sigmoid extends Function {
  static forward(ctx: Context, x: Tensor): Tensor {
    const y = x.neg().exp().add(1).pow(-1);
    ctx.saveForBackward(y);
    return y;
  }
  static backward(ctx: Context, g: Tensor): Tensor {
    const [y] = ctx.savedTensors;
    return g.mul(y.mul(y.neg().add(1)));
  }
}

class Linear extends Function {
  static forward(ctx: Context, x: Tensor, weight: Tensor, scale: number): Tensor {
    ctx.saveForBackward(x, weight);
    ctx.extra.scale = scale;
    return x.matmul(weight.transpose()).mul(scale);
  }
  static backward(ctx: Context, g: Tensor): FunctionGradients {
    const [x, weight] = ctx.savedTensors;
    const scaled = g.mul(ctx.extra.scale as number);
    return [scaled.matmul(weight), scaled.transpose().matmul(x), null];
  }
}

describe("a Function", () => {
  test("has the gradients, and the gradients of gradients, that its backward says", () => {
    const [a, b] = [leaf([1, -2, 3]), leaf([0.5, 2, -1])];
    expect(gradcheck((x, y) => Mul.apply(x, y), [a, b])).toBe(true);
    expect(gradgradcheck((x, y) => Mul.apply(x, y), [a, b])).toBe(true);
    expect(gradcheck((x) => Sigmoid.apply(x), [a])).toBe(true);
    expect(gradgradcheck((x) => Sigmoid.apply(x), [a])).toBe(true);
    const [x, weight] = [a.reshape([1, 3]).detach(), leaf([1, 2, 3, 4, 5, 6]).reshape([2, 3]).detach()];
    expect(gradcheck((x, w) => Linear.apply(x, w, 3), [x, weight])).toBe(true);
    expect(gradgradcheck((x, w) => Linear.apply(x, w, 3), [x, weight])).toBe(true);
  });

  test("y = x³ by two products: y′ = 12 and y″ = 12 at 2", () => {
    const x = leaf(2);
    const y = Mul.apply(Mul.apply(x, x), x);
    const first = grad(y, x, { createGraph: true });
    expect([first.item(), grad(first, x).item()]).toBeAllClose([12, 12]);
  });

  test("stands in the graph as one operation under the name of its class", () => {
    const [a, b] = [leaf(2), leaf(3)];
    expect(Mul.apply(a, b).history).toMatchObject({ op: "Mul", inputs: [a, b] });
  });

  test("takes the same tensor twice", () => {
    const x = leaf(3);
    expect(grad(Mul.apply(x, x), x)).toBeAllClose(6);
  });

  test("records nothing where no gradient is asked for", () => {
    expect(Mul.apply(tensor(2), tensor(3)).history).toBeNull();
    expect(noGrad(() => Mul.apply(leaf(2), leaf(3))).history).toBeNull();
  });

  test("knows which gradients are needed", () => {
    const seen: unknown[] = [];
    class Watch extends Function {
      static forward(ctx: Context, _a: Tensor, b: Tensor, _n: number): Tensor {
        seen.push(ctx.needsInputGrad);
        return b.mul(1);
      }
      static backward(_ctx: Context, g: Tensor): FunctionGradients {
        return [null, g, null];
      }
    }
    Watch.apply(tensor(1), leaf(2), 3);
    expect(seen).toEqual([[false, true, false]]);
  });

  test("that returns its input gives a tensor of its own", () => {
    class Identity extends Function {
      static forward(_ctx: Context, x: Tensor): Tensor {
        return x;
      }
      static backward(_ctx: Context, g: Tensor): Tensor {
        return g.mul(-1);
      }
    }
    const x = leaf(2);
    expect(grad(Identity.apply(x), x)).toBeAllClose(-1);
    expect(Identity.apply(x.detach())).not.toBe(x);
  });
});

describe("errors", () => {
  class Broken extends Function {
    static forward(_ctx: Context, x: Tensor, _result: unknown): Tensor {
      return x.mul(2);
    }
    static backward(_ctx: Context, _g: Tensor): FunctionGradients {
      return [null, null];
    }
  }
  /** Broken, with a backward that returns the given result. */
  const returning = (result: unknown) => {
    class Returning extends Broken {
      static override backward(): FunctionGradients {
        return result as FunctionGradients;
      }
    }
    const x = leaf([1, 2]);
    return () => Returning.apply(x, result).sum().backward();
  };
  test("too few gradients", () => {
    expect(returning([tensor([1, 2])])).toThrow(
      new GradientError(
        "Returning: backward returned 1 gradients, but forward has 2 arguments besides ctx. " +
          "Return one for each, in order, and null where there is none.",
      ),
    );
  });
  test("no gradient at all", () => {
    expect(returning([undefined, null])).toThrow(
      new GradientError("Returning: backward returned undefined for argument 0. Expected a tensor or null."),
    );
    expect(returning([3, null])).toThrow(
      new GradientError(
        "Returning: backward returned a value of type number for argument 0. Expected a tensor or null.",
      ),
    );
  });
  test("a gradient of another shape", () => {
    expect(returning([tensor([1, 2, 3]), null])).toThrow(
      new ShapeError("Returning: its backward rule gave a gradient [3] for an input [2]."),
    );
  });
  test("a forward without a result", () => {
    class Silent extends Broken {
      static override forward(): Tensor {
        return undefined as unknown as Tensor;
      }
    }
    expect(() => Silent.apply()).toThrow(
      new TypeError("Silent: forward returned undefined. Expected a tensor."),
    );
  });
  test("an input changed after forward saw it", () => {
    const [a, b] = [leaf(2), leaf(3)];
    b.label = "b";
    const product = Mul.apply(a, b);
    noGrad(() => b.assign(4));
    expect(() => product.backward()).toThrow(
      new GradientError(
        'backward: input 1 of Mul ("b") was changed in place after Mul ran, so its gradient is lost. ' +
          "Compute the output again after the change.",
      ),
    );
  });
});

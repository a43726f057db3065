import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { displaySymbol, numericalGradient, Value } from "../../src/index.js";

describe("each operation's value and slopes", () => {
  const unary: [string, (x: Value) => Value, (x: number) => number][] = [
    ["neg", (x) => x.neg(), (x) => -x],
    ["pow", (x) => x.pow(3), (x) => x ** 3],
    ["pow 0", (x) => x.pow(0), () => 1],
    ["exp", (x) => x.exp(), Math.exp],
    ["tanh", (x) => x.tanh(), Math.tanh],
    ["sigmoid", (x) => x.sigmoid(), (x) => 1 / (1 + Math.exp(-x))],
    ["relu", (x) => x.relu(), (x) => Math.max(x, 0)],
  ];
  test.for(unary)("%s", ([, op, reference]) => {
    for (const at of [-1.5, -0.3, 0.4, 2]) {
      const x = new Value(at);
      const y = op(x);
      y.backward();
      expect(y.data).toBeAllClose(reference(at));
      expect(x.grad).toBeAllClose(numericalGradient(reference, at), { rtol: 1e-7 });
    }
  });

  const binary: [string, (x: Value, y: Value | number) => Value, (x: number, y: number) => number][] = [
    ["add", (x, y) => x.add(y), (x, y) => x + y],
    ["sub", (x, y) => x.sub(y), (x, y) => x - y],
    ["mul", (x, y) => x.mul(y), (x, y) => x * y],
    ["div", (x, y) => x.div(y), (x, y) => x / y],
  ];
  test.for(binary)("%s, also with a plain number", ([name, op, reference]) => {
    const [x, y] = [new Value(3), new Value(-2)];
    const result = op(x, y);
    result.backward();
    expect(result).toMatchObject({ op: name, inputs: [x, y] });
    expect(result.data).toBeAllClose(reference(3, -2));
    const slopes = numericalGradient(([a, b]) => reference(a, b), [3, -2]);
    expect([x.grad, y.grad]).toBeAllClose(slopes, { rtol: 1e-7 });
    expect(op(x, -2).data).toBe(result.data);
  });

  test("a power of 0 has slope 0, even at 0", () => {
    const x = new Value(0);
    x.pow(0).backward();
    expect(x.grad).toBe(0);
  });
});

describe("backward", () => {
  test("(x + y) z at (-2, 5, -4)", () => {
    const [x, y, z] = [-2, 5, -4].map((data) => new Value(data));
    const q = x.add(y);
    const f = q.mul(z);
    f.backward();
    expect([f.data, f.grad, q.grad, x.grad, y.grad, z.grad]).toEqual([-12, 1, -4, -4, -4, 3]);
  });

  test("a value used twice gets both contributions", () => {
    const x = new Value(3);
    x.mul(x).add(x).backward();
    expect(x.grad).toBe(7);
  });

  test("a second call adds the same once more, at every depth; zeroGrad starts afresh", () => {
    const x = new Value(2);
    const y = x.mul(3);
    const z = y.mul(y);
    z.backward();
    z.backward();
    expect([z.grad, y.grad, x.grad]).toEqual([2, 24, 72]);
    z.zeroGrad();
    expect([z.grad, y.grad, x.grad]).toEqual([0, 0, 0]);
  });

  test("agrees with differences on random graphs", () => {
    const step = fc.record({
      op: fc.constantFrom("add", "sub", "mul", "tanh"),
      left: fc.nat(),
      right: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const build = (numbers: number[]) => {
          const leaves = numbers.map((data) => new Value(data));
          const values = [...leaves];
          for (const { op, left, right } of steps) {
            const [a, b] = [values[left % values.length], values[right % values.length]];
            values.push(op === "tanh" ? a.tanh() : a[op as "add"](b).tanh());
          }
          return { leaves, result: values.at(-1)! };
        };
        const { leaves, result } = build([0.3, -0.7]);
        result.backward();
        const slopes = numericalGradient((numbers) => build(numbers).result.data, [0.3, -0.7]);
        expect(leaves.map(({ grad }) => grad)).toBeAllClose(slopes, { rtol: 1e-6, atol: 1e-8 });
      }),
    );
  });

  test("a chain of 10⁵ values does not overflow the stack", () => {
    const x = new Value(1);
    let y = x;
    for (let i = 0; i < 100_000; i++) y = y.add(1);
    y.backward();
    expect(x.grad).toBe(1);
    y.zeroGrad();
    expect(x.grad).toBe(0);
  });
});

test("renders itself", () => {
  const x = new Value(1 / 3, { label: "a<b" });
  x.grad = -12;
  const text = 'Value(data=0.333333, grad=-12, label="a<b")';
  expect(inspect(x)).toBe(text);
  expect(x[displaySymbol]()["text/plain"]).toBe(text);
  expect(x[displaySymbol]()["text/html"]).toContain("<b>a&lt;b</b>");
  expect(String(new Value(2))).toBe("Value(data=2, grad=0)");
});

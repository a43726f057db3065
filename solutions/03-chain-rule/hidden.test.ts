import { exercise, expect, student, type Handle } from "gradlab/testing";

async function make(kind: "GraphNode" | "Value", ...args: unknown[]): Promise<Handle> {
  return (await student[kind].new(...args)) as Handle;
}

async function call(value: Handle, method: string, ...args: unknown[]): Promise<Handle> {
  return (await value.call(method, ...args)) as Handle;
}

async function labels(order: unknown): Promise<string[]> {
  return Promise.all((order as Handle[]).map(async (node) => (await node.get("label")) as string));
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

exercise("composite-derivative", ({ test }) => {
  test("where y = 0 the slope vanishes", async () => {
    expect(await student.compositeDerivative(1 / 3)).toBeAllClose(0);
  });

  test("far out, on both sides", async () => {
    expect(await student.compositeDerivative(1e6)).toBeAllClose(18e6 - 6);
    expect(await student.compositeDerivative(-1e6)).toBeAllClose(-18e6 - 6);
  });
});

exercise("total-derivative", ({ test }) => {
  test("no path, no influence", async () => {
    expect(await student.totalDerivative([], [])).toBeAllClose(0);
  });

  test("a hundred random paths", async ({ random }) => {
    const draw = () => Array.from({ length: 100 }, () => 2 * random() - 1);
    const [outer, inner] = [draw(), draw()];
    const expected = outer.reduce((sum, slope, m) => sum + slope * inner[m], 0);
    expect(await student.totalDerivative(outer, inner)).toBeAllClose(expected);
  });

  test("contributions may cancel", async () => {
    expect(await student.totalDerivative([1, -1], [7, 7])).toBeAllClose(0);
  });
});

exercise("numerical-gradient", ({ test }) => {
  test("one coordinate, negative, with the default h", async () => {
    expect(await student.numericalGradient(([x]: number[]) => Math.exp(x), [-2])).toBeAllClose(
      [Math.exp(-2)],
      {
        rtol: 1e-7,
      },
    );
  });

  test("a coordinate that f ignores has slope 0", async () => {
    expect(await student.numericalGradient(([, b]: number[]) => b * b, [4, 3])).toBeAllClose([0, 6]);
  });

  test("two calls give the same: x is not changed on the way", async () => {
    const f = ([a, b]: number[]) => a * a * b;
    const first = await student.numericalGradient(f, [2, 3], 0.25);
    expect(await student.numericalGradient(f, [2, 3], 0.25)).toEqual(first);
    expect(first).toBeAllClose([12, 4]);
  });

  test("no coordinates, empty gradient", async () => {
    expect(await student.numericalGradient(() => 1, [])).toEqual([]);
    expect(await student.numericalGradient(([x]: number[]) => 2 * x, [0])).toBeAllClose([2]);
  });
});

/** ∂E/∂w₁ by a central difference; knows no formula. */
function measuredSlope([x1, x2]: number[], w: number[], b: number[], y: number): number {
  const error = (w1: number) => {
    const h1 = sigmoid(w1 * x1 + w[1] * x2 + b[0]);
    const h2 = sigmoid(w[2] * x1 + w[3] * x2 + b[1]);
    return (y - (w[4] * h1 + w[5] * h2 + b[2])) ** 2;
  };
  return (error(w[0] + 1e-5) - error(w[0] - 1e-5)) / 2e-5;
}

exercise("first-weight-slope", ({ test }) => {
  test("ten random networks agree with a measurement", async ({ random }) => {
    const draw = (count: number) => Array.from({ length: count }, () => 4 * random() - 2);
    const networks = Array.from(
      { length: 10 },
      () => [draw(2), draw(6), draw(3), 4 * random() + 5] as [number[], number[], number[], number],
    );
    const slopes = await Promise.all(networks.map((network) => student.firstWeightSlope(...network)));
    expect(slopes).toBeAllClose(
      networks.map((network) => measuredSlope(...network)),
      { rtol: 1e-5 },
    );
  });

  test("a perfect prediction leaves nothing to improve", async () => {
    const [x, w, b] = [
      [1, 2],
      [2, -1, 1, 1, 3, 0],
      [0, 0, 0.5],
    ];
    expect(await student.firstWeightSlope(x, w, b, 2)).toBeAllClose(0);
  });

  test("a saturated hidden unit passes nothing on", async () => {
    const { x, w, b } = { x: [1, 1], w: [400, 400, 1, 1, 1, 1], b: [0, 0, 0] };
    expect(await student.firstWeightSlope(x, w, b, 5)).toBeAllClose(0);
  });
});

/** What each gate computes from inputs x [inputs] and, for pow, the exponent n. */
const gates: Record<string, (x: number[], n: number) => number> = {
  mul: (x) => x[0] * x[1],
  max: (x) => Math.max(x[0], x[1]),
  pow: (x, n) => x[0] ** n,
  exp: (x) => Math.exp(x[0]),
  tanh: (x) => Math.tanh(x[0]),
  relu: (x) => Math.max(x[0], 0),
  sigmoid: (x) => sigmoid(x[0]),
};

exercise("gate-rules", ({ test }) => {
  for (const [op, gate] of Object.entries(gates)) {
    test(`${op} agrees with a measurement at random inputs`, async ({ random }) => {
      const inputs = ["mul", "max"].includes(op) ? 2 : 1;
      const trials = Array.from({ length: 5 }, () => {
        // Away from zero and from each other, where max and relu have their kinks; pow takes positive bases.
        const x = [0.5 + random(), 2 + random()].slice(0, inputs);
        if (op !== "pow") for (const i of x.keys()) x[i] *= random() < 0.5 ? -1 : 1;
        return { x, n: 4 * random() - 2 };
      });
      const measured = trials.map(({ x, n }) =>
        x.map((value, i) => {
          const at = (moved: number) => gate(x.with(i, moved), n);
          return (at(value + 1e-5) - at(value - 1e-5)) / 2e-5;
        }),
      );
      const slopes = await Promise.all(trials.map(({ x, n }) => student.localSlopes(op, x, gate(x, n), n)));
      expect(slopes).toBeAllClose(measured, { rtol: 1e-5, atol: 1e-7 });
    });
  }

  test("squares at a negative number and at 0", async () => {
    expect(await student.localSlopes("pow", [-3], 9, 2)).toBeAllClose([-6]);
    expect(await student.localSlopes("pow", [0], 0, 2)).toBeAllClose([0]);
  });

  test("add and leaves still work", async () => {
    expect(await student.localSlopes("add", [3, 4], 7)).toBeAllClose([1, 1]);
    expect(await student.localSlopes("", [], 7)).toEqual([]);
    expect(await student.localSlopes("mul", [-1, 0], 0)).toBeAllClose([0, -1]);
  });

  test("large inputs, and negative ones", async () => {
    expect(await student.localSlopes("mul", [0, 5], 0)).toBeAllClose([5, 0]);
    expect(await student.localSlopes("max", [-7, -8], -7)).toBeAllClose([1, 0]);
  });
});

exercise("topological-sort", ({ test }) => {
  test("a node that uses another twice", async () => {
    const a = await make("GraphNode", "a");
    const square = await make("GraphNode", "square", [a, a]);
    expect(await labels(await student.topologicalSort(square))).toEqual(["a", "square"]);
  });

  test("a ladder of 16 nodes that each use the one below twice", async () => {
    let top = await make("GraphNode", "0");
    for (let i = 1; i < 16; i++) top = await make("GraphNode", String(i), [top, top]);
    expect(await labels(await student.topologicalSort(top))).toEqual(
      Array.from({ length: 16 }, (_, i) => String(i)),
    );
  });

  test("random graphs: each node once, after its inputs, and none that the root does not use", async ({
    random,
  }) => {
    // The inputs of each node, by their numbers.
    const graphs = Array.from({ length: 5 }, () =>
      Array.from({ length: 12 }, (_, i) => [...Array(i).keys()].filter(() => random() < 0.4)),
    );
    const orders = await Promise.all(
      graphs.map(async (graph) => {
        const nodes: Handle[] = [];
        for (const [i, inputs] of graph.entries())
          nodes.push(
            await make(
              "GraphNode",
              String(i),
              inputs.map((index) => nodes[index]),
            ),
          );
        return (await labels(await student.topologicalSort(nodes[11]))).map(Number);
      }),
    );
    for (const [trial, order] of orders.entries()) {
      const inputs = graphs[trial];
      const below = new Set([11]);
      for (const index of below) for (const input of inputs[index]) below.add(input);
      expect([...order].sort((a, b) => a - b)).toEqual([...below].sort((a, b) => a - b));
      const early = order.filter((index, position) =>
        inputs[index].some((input) => order.indexOf(input) > position),
      );
      expect(early, "nodes that come before one of their inputs").toEqual([]);
    }
  });

  test("sorting changes nothing: the same again", async () => {
    const root = (await student.chainOf(5)) as Handle;
    await student.topologicalSort(root);
    expect(await labels(await student.topologicalSort(root))).toEqual(["0", "1", "2", "3", "4"]);
  });
});

exercise("value-backward", ({ test }) => {
  test("every gate in one expression, against a measurement", async () => {
    const f = (x: number, y: number) =>
      Math.max(Math.tanh(x * y), -5) * sigmoid(x) + Math.exp(y) * Math.max(x, 0) + (x + y) ** 3 - y;
    const [x, y] = [await make("Value", 0.7), await make("Value", -0.3)];
    const left = await call(
      await call(await call(await call(x, "mul", y), "tanh"), "max", -5),
      "mul",
      await call(x, "sigmoid"),
    );
    const middle = await call(await call(y, "exp"), "mul", await call(x, "relu"));
    const right = await call(await call(x, "add", y), "pow", 3);
    const out = await call(await call(await call(left, "add", middle), "add", right), "sub", y);
    expect(await out.get("data")).toBeAllClose(f(0.7, -0.3));
    await out.call("backward");
    const h = 1e-5;
    expect([await x.get("grad"), await y.get("grad")]).toBeAllClose(
      [(f(0.7 + h, -0.3) - f(0.7 - h, -0.3)) / (2 * h), (f(0.7, -0.3 + h) - f(0.7, -0.3 - h)) / (2 * h)],
      { rtol: 1e-6 },
    );
  });

  test("two roots that share a leaf: their gradients add up in it", async () => {
    const x = await make("Value", 3);
    const [square, double] = [await call(x, "mul", x), await call(x, "mul", 2)];
    await square.call("backward");
    await double.call("backward");
    expect(await x.get("grad")).toBeAllClose(8);
  });

  test("three calls are three times as much, in a diamond", async () => {
    const x = await make("Value", 3);
    const b = await call(x, "mul", x);
    const f = await call(b, "add", b);
    for (let i = 0; i < 3; i++) await f.call("backward");
    expect([await x.get("grad"), await b.get("grad"), await f.get("grad")]).toBeAllClose([36, 6, 3]);
  });

  test("the numbers stay what they were", async () => {
    const x = await make("Value", 5);
    const f = await call(await call(x, "mul", x), "tanh");
    await f.call("backward");
    expect([await x.get("data"), await f.get("data")]).toBeAllClose([5, Math.tanh(25)]);
  });

  test("max sends nothing to the smaller input", async () => {
    const [a, b] = [await make("Value", 3), await make("Value", -1)];
    const f = await call(await call(a, "max", b), "mul", 2);
    await f.call("backward");
    expect([await a.get("grad"), await b.get("grad")]).toBeAllClose([2, 0]);
  });
});

interface Neuron {
  w: number[];
  b: number;
  losses: number[];
}

exercise("train-neuron", ({ test }) => {
  test("the first step is the mean gradient at zero, for random points", async ({ random }) => {
    const points = Array.from({ length: 7 }, () => [4 * random() - 2, 4 * random() - 2]);
    const targets = points.map(() => Math.round(random()));
    const { w, b, losses } = (await student.trainNeuron(points, targets, 1, 3)) as Neuron;
    // At zero ŷ = 1/2 everywhere, so each example has the slope 2 (1/2 − t)/4.
    const mean = (factor: (x: number[]) => number) =>
      points.reduce((sum, x, n) => sum + ((0.5 - targets[n]) / 2) * factor(x), 0) / 7;
    expect([...w, b]).toBeAllClose([-3 * mean((x) => x[0]), -3 * mean((x) => x[1]), -3 * mean(() => 1)]);
    expect(losses).toBeAllClose([0.25]);
  });

  test("a hundred points in one graph: b moves by their mean slope", async () => {
    const points = Array.from({ length: 100 }, () => [0, 0]);
    const { b } = (await student.trainNeuron(
      points,
      points.map(() => 1),
      1,
      1,
    )) as Neuron;
    expect(b).toBeAllClose(0.25);
  });

  test("separable points end on the right sides", async () => {
    const points = [
      [-1, -1],
      [-2, 0],
      [1, 1],
      [2, 0.5],
    ];
    const { w, b, losses } = (await student.trainNeuron(points, [0, 0, 1, 1], 8, 6)) as Neuron;
    expect(losses).toHaveLength(8);
    expect(losses[7]).toBeLessThan(0.01);
    expect(points.map(([x1, x2]) => w[0] * x1 + w[1] * x2 + b > 0)).toEqual([false, false, true, true]);
  });

  test("without steps the neuron is as it started; two trainings do not disturb each other", async () => {
    const once = (await student.trainNeuron([[1, 1]], [1], 5, 1)) as Neuron;
    expect(await student.trainNeuron([[1, 1]], [1], 0, 1)).toEqual({ w: [0, 0], b: 0, losses: [] });
    expect(await student.trainNeuron([[1, 1]], [1], 5, 1)).toEqual(once);
  });
});

import { exercise, expect, student, type Handle } from "gradlab/testing";

/** A node of the student's side: GraphNode or Value. */
async function make(kind: "GraphNode" | "Value", ...args: unknown[]): Promise<Handle> {
  return (await student[kind].new(...args)) as Handle;
}

async function labels(order: unknown): Promise<string[]> {
  return Promise.all((order as Handle[]).map(async (node) => (await node.get("label")) as string));
}

/** The results of a list of method calls on Values, such as `x.mul(y)`. */
async function call(value: Handle, method: string, ...args: unknown[]): Promise<Handle> {
  return (await value.call(method, ...args)) as Handle;
}

async function grads(...values: Handle[]): Promise<unknown[]> {
  return Promise.all(values.map((value) => value.get("grad")));
}

exercise("composite-derivative", ({ test }) => {
  test("at x = 1: y = −2, slopes −4 and −3, product 12", async () => {
    expect(await student.compositeDerivative(1)).toBeAllClose(12);
  });

  test("at x = 0: y = 1, slopes 2 and −3, product −6", async () => {
    expect(await student.compositeDerivative(0)).toBeAllClose(-6);
  });

  test("anywhere it is what multiplying out gives: z = 1 − 6x + 9x²", async ({ random }) => {
    const x = 10 * random() - 5;
    expect(await student.compositeDerivative(x)).toBeAllClose(-6 + 18 * x);
  });
});

exercise("total-derivative", ({ test }) => {
  test("two paths from the table: 6·4 + 4·3 = 36", async () => {
    expect(await student.totalDerivative([6, 4], [4, 3])).toBeAllClose(36);
  });

  test("one path is case 1: the product alone", async () => {
    expect(await student.totalDerivative([-4], [-3])).toBeAllClose(12);
  });

  test("three paths, one of them blocked by a slope of 0", async () => {
    expect(await student.totalDerivative([1, 5, -2], [2, 0, 3])).toBeAllClose(-4);
  });
});

exercise("numerical-gradient", ({ test }) => {
  test("x³ at 1 with h = 0.1 is 3.01: a central difference with the h it is given", async () => {
    const cube = ([x]: number[]) => x ** 3;
    expect(await student.numericalGradient(cube, [1], 0.1)).toBeAllClose([3.01]);
  });

  test("x₁·x₂ at (2, 5) has the gradient (5, 2): one coordinate at a time", async () => {
    expect(await student.numericalGradient(([a, b]: number[]) => a * b, [2, 5])).toBeAllClose([5, 2]);
  });

  test("with the default h a random cubic is right to a relative error of 1e-7", async ({ random }) => {
    const [a, b, c] = [1 + random(), 1 + random(), 1 + random()];
    const f = ([x, y, z]: number[]) => a * x ** 3 + b * x * y + c * y * z ** 2;
    const [x, y, z] = [1 + random(), 1 + random(), 1 + random()];
    const exact = [3 * a * x ** 2 + b * y, b * x + c * z ** 2, 2 * c * y * z];
    expect(await student.numericalGradient(f, [x, y, z])).toBeAllClose(exact, { rtol: 1e-7 });
  });

  test("f is asked only at points that differ from x in one coordinate", async () => {
    const x = [1, 2, 3];
    const moved: number[] = [];
    const f = (point: number[]) => {
      moved.push(point.filter((value, i) => value !== x[i]).length);
      return point.reduce((sum, value) => sum + value, 0);
    };
    expect(await student.numericalGradient(f, x, 0.5)).toBeAllClose([1, 1, 1]);
    expect(Math.max(...moved), "coordinates moved at once: copy x before you change it").toBe(1);
  });
});

/** The example of section 7. */
const example = { x: [1, 2], w: [2, -1, 1, 1, 3, -2], b: [0, -2, 0.5], y: 2 };
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** E = (y − ŷ)² of the 2-2-1 network. */
function networkError([x1, x2]: number[], w: number[], b: number[], y: number): number {
  const h1 = sigmoid(w[0] * x1 + w[1] * x2 + b[0]);
  const h2 = sigmoid(w[2] * x1 + w[3] * x2 + b[1]);
  return (y - (w[4] * h1 + w[5] * h2 + b[2])) ** 2;
}

/** A central difference of the error in w₁: knows no formula. */
function measuredSlope(x: number[], w: number[], b: number[], y: number, h = 1e-5): number {
  const at = (w1: number) => networkError(x, [w1, ...w.slice(1)], b, y);
  return (at(w[0] + h) - at(w[0] - h)) / (2 * h);
}

exercise("first-weight-slope", ({ test }) => {
  test("the example: −2 · 1.4621 · 3 · 0.25 · 1 ≈ −2.1932", async () => {
    const { x, w, b, y } = example;
    expect(await student.firstWeightSlope(x, w, b, y)).toBeAllClose(-2.1931758, { rtol: 1e-6 });
  });

  test("with x₁ = 0, w₁ has no influence: the slope is 0", async () => {
    const { w, b, y } = example;
    expect(await student.firstWeightSlope([0, 2], w, b, y)).toBeAllClose(0);
  });

  test("a random network agrees with a measurement", async ({ random }) => {
    const draw = (count: number) => Array.from({ length: count }, () => 2 * random() - 1);
    const [x, w, b, y] = [draw(2), draw(6), draw(3), 3];
    expect(await student.firstWeightSlope(x, w, b, y)).toBeAllClose(measuredSlope(x, w, b, y), {
      rtol: 1e-6,
    });
  });
});

exercise("gate-rules", ({ test }) => {
  test("mul swaps: at 3 and −4 the slopes are −4 and 3", async () => {
    expect(await student.localSlopes("mul", [3, -4], -12)).toBeAllClose([-4, 3]);
  });

  test("max routes: everything to the larger input", async () => {
    expect(await student.localSlopes("max", [3, -1], 3)).toBeAllClose([1, 0]);
    expect(await student.localSlopes("max", [-1, 3], 3)).toBeAllClose([0, 1]);
  });

  test("max at a tie: everything to the first input", async () => {
    expect(await student.localSlopes("max", [2, 2], 2)).toBeAllClose([1, 0]);
  });

  test("pow: the slope of x² at 5 is 10, of x³ at 2 it is 12", async () => {
    expect(await student.localSlopes("pow", [5], 25, 2)).toBeAllClose([10]);
    expect(await student.localSlopes("pow", [2], 8, 3)).toBeAllClose([12]);
  });

  test("exp is its own slope: 1 at 0, e at 1", async () => {
    expect(await student.localSlopes("exp", [0], 1)).toBeAllClose([1]);
    expect(await student.localSlopes("exp", [1], Math.E)).toBeAllClose([Math.E]);
  });

  test("tanh: 1 at 0, and 1 − y² = 0.75 where its output is 0.5", async () => {
    expect(await student.localSlopes("tanh", [0], 0)).toBeAllClose([1]);
    expect(await student.localSlopes("tanh", [Math.atanh(0.5)], 0.5)).toBeAllClose([0.75]);
  });

  test("relu: 1 above zero, 0 below and at zero", async () => {
    expect(await student.localSlopes("relu", [2], 2)).toBeAllClose([1]);
    expect(await student.localSlopes("relu", [-2], 0)).toBeAllClose([0]);
    expect(await student.localSlopes("relu", [0], 0)).toBeAllClose([0]);
  });

  test("sigmoid: y(1 − y), so 1/4 at 0 and 0.1875 where its output is 0.75", async () => {
    expect(await student.localSlopes("sigmoid", [0], 0.5)).toBeAllClose([0.25]);
    expect(await student.localSlopes("sigmoid", [Math.log(3)], 0.75)).toBeAllClose([0.1875]);
  });
});

exercise("topological-sort", ({ test }) => {
  test("a node without inputs is its own order", async () => {
    expect(await labels(await student.topologicalSort(await make("GraphNode", "a")))).toEqual(["a"]);
  });

  test("a, then b = g(a), then c = h(b): inputs first", async () => {
    const a = await make("GraphNode", "a");
    const b = await make("GraphNode", "b", [a]);
    const c = await make("GraphNode", "c", [b]);
    expect(await labels(await student.topologicalSort(c))).toEqual(["a", "b", "c"]);
  });

  test("the diamond: a first, d last, and a listed once", async () => {
    const a = await make("GraphNode", "a");
    const b = await make("GraphNode", "b", [a]);
    const c = await make("GraphNode", "c", [a]);
    const order = (await labels(await student.topologicalSort(await make("GraphNode", "d", [b, c])))).join(
      " ",
    );
    expect(["a b c d", "a c b d"], `received ${order}`).toContain(order);
  });

  test("a shortcut: c uses b and a, b uses a, so only a, b, c is right", async () => {
    const a = await make("GraphNode", "a");
    const b = await make("GraphNode", "b", [a]);
    for (const inputs of [
      [b, a],
      [a, b],
    ]) {
      const order = await student.topologicalSort(await make("GraphNode", "c", inputs));
      expect(await labels(order)).toEqual(["a", "b", "c"]);
    }
  });

  test("an input waits deep in the stack: d uses a and c, c uses b, b uses a", async () => {
    const a = await make("GraphNode", "a");
    const b = await make("GraphNode", "b", [a]);
    const c = await make("GraphNode", "c", [b]);
    const order = await student.topologicalSort(await make("GraphNode", "d", [a, c]));
    expect(await labels(order)).toEqual(["a", "b", "c", "d"]);
  });

  test("the same graph with d's inputs the other way round", async () => {
    const a = await make("GraphNode", "a");
    const b = await make("GraphNode", "b", [a]);
    const c = await make("GraphNode", "c", [b]);
    const order = await student.topologicalSort(await make("GraphNode", "d", [c, a]));
    expect(await labels(order)).toEqual(["a", "b", "c", "d"]);
  });

  test("a chain of 15 000 nodes: too deep for recursion", async () => {
    const order = (await student.topologicalSort.keep(await student.chainOf(15_000))) as Handle;
    expect(await order.get("length")).toBe(15_000);
    const some = await Promise.all(["0", "1", "14999"].map((index) => order.get(index)));
    expect(await labels(some)).toEqual(["0", "1", "14999"]);
  });
});

/** f = (x + y) z on the student's engine. */
async function workedExample() {
  const [x, y, z] = await Promise.all([-2, 5, -4].map((data) => make("Value", data)));
  const q = await call(x, "add", y);
  return { x, y, z, q, f: await call(q, "mul", z) };
}

exercise("value-backward", ({ test }) => {
  test("f = (x + y) z at −2, 5, −4: gradients −4, −4, 3, −4, 1", async () => {
    const { x, y, z, q, f } = await workedExample();
    await f.call("backward");
    expect(await grads(x, y, z, q, f)).toBeAllClose([-4, -4, 3, -4, 1]);
  });

  test("x·x + x at 3: a value used three times collects 3 + 3 + 1 = 7", async () => {
    const x = await make("Value", 3);
    const f = await call(await call(x, "mul", x), "add", x);
    await f.call("backward");
    expect(await x.get("grad")).toBeAllClose(7);
  });

  test("a second call adds the same once more, at every node", async () => {
    const { x, y, z, q, f } = await workedExample();
    await f.call("backward");
    await f.call("backward");
    expect(await grads(x, y, z, q, f)).toBeAllClose([-8, -8, 6, -8, 2]);
  });

  test("zeroGrad and a second call: as if there had been one", async () => {
    const { x, y, z, f } = await workedExample();
    await f.call("backward");
    await f.call("zeroGrad");
    await f.call("backward");
    expect(await grads(x, y, z)).toBeAllClose([-4, -4, 3]);
  });

  test("an output that nothing was computed from: its gradient is 1", async () => {
    const x = await make("Value", 5);
    await x.call("backward");
    expect(await x.get("grad")).toBeAllClose(1);
  });

  test("x doubled 32 times has the slope 2³², along 2³² paths: one visit per node, not per path", async () => {
    const x = await make("Value", 1);
    let y = x;
    for (let i = 0; i < 32; i++) y = await call(y, "add", y);
    await y.call("backward");
    expect(await x.get("grad")).toBeAllClose(2 ** 32);
  });

  test("a diamond with unequal arms, b = x², f = b·(b + x) at 2: slope 4x³ + 3x² = 44", async () => {
    const x = await make("Value", 2);
    const b = await call(x, "pow", 2);
    const f = await call(b, "mul", await call(b, "add", x));
    await f.call("backward");
    expect(await x.get("grad")).toBeAllClose(44);
  });
});

/** The same training without an engine: the gradient written out by hand. */
function reference(points: number[][], targets: number[], steps: number, rate: number) {
  let [w1, w2, b] = [0, 0, 0];
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    let [loss, d1, d2, db] = [0, 0, 0, 0];
    points.forEach(([x1, x2], n) => {
      const y = sigmoid(w1 * x1 + w2 * x2 + b);
      const slope = (2 * (y - targets[n]) * y * (1 - y)) / points.length;
      loss += (y - targets[n]) ** 2 / points.length;
      d1 += slope * x1;
      d2 += slope * x2;
      db += slope;
    });
    losses.push(loss);
    [w1, w2, b] = [w1 - rate * d1, w2 - rate * d2, b - rate * db];
  }
  return { w: [w1, w2], b, losses };
}

interface Neuron {
  w: number[];
  b: number;
  losses: number[];
}

exercise("train-neuron", ({ test }) => {
  test("one point, one step, rate 1: w = [0.25, 0.5], b = 0.25, loss 0.25", async () => {
    const { w, b, losses } = (await student.trainNeuron([[1, 2]], [1], 1, 1)) as Neuron;
    expect([...w, b]).toBeAllClose([0.25, 0.5, 0.25]);
    expect(losses).toBeAllClose([0.25]);
  });

  test("the second step starts from a clean gradient", async () => {
    const expected = reference([[1, 2]], [1], 2, 1);
    const { w, b } = (await student.trainNeuron([[1, 2]], [1], 2, 1)) as Neuron;
    expect([...w, b]).toBeAllClose([...expected.w, expected.b]);
  });

  test("two points: the loss is their mean, and both count", async () => {
    const points = [
      [1, 0],
      [0, 2],
    ];
    const { w, b, losses } = (await student.trainNeuron(points, [1, 0], 1, 1)) as Neuron;
    expect([...w, b]).toBeAllClose([0.125, -0.25, 0]);
    expect(losses).toBeAllClose([0.25]);
  });

  test("ten steps on random points: one loss per step, each from before its update", async ({ random }) => {
    const points = Array.from({ length: 6 }, () => [4 * random() - 2, 4 * random() - 2]);
    const targets = points.map(([x1, x2]) => (x1 + x2 > 0 ? 1 : 0));
    const { losses } = (await student.trainNeuron(points, targets, 10, 2)) as Neuron;
    expect(losses).toBeAllClose(reference(points, targets, 10, 2).losses);
  });
});

import { tensor, type Tensor } from "gradlab";
import { exercise, expect, student } from "gradlab/testing";

type Matrix = number[][];
const f64 = (numbers: number | number[] | Matrix) => tensor(numbers, { dtype: "float64" });
const uniform = (random: () => number) => 4 * random() - 2;
const draw = (random: () => number, count: number) => Array.from({ length: count }, () => uniform(random));
const drawMatrix = (random: () => number, rows: number, columns: number) =>
  Array.from({ length: rows }, () => draw(random, columns));
const zeros = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

/** Σ over the middle index, from the definition: a [m, k], b [k, n]. */
function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, i) => sum + value * b[i][j], 0)));
}
const transposed = (a: Matrix): Matrix => a[0].map((_, j) => a.map((row) => row[j]));

exercise("jacobian-by-vjps", ({ test }) => {
  test("a number to a number: one by one", async () => {
    expect(await student.jacobianByVjps(([g]: number[]) => [7 * g], 1)).toBeAllClose([[7]]);
  });

  test("wide and tall Jacobians, drawn at random", async ({ random }) => {
    for (const [Q, P] of [
      [2, 9],
      [9, 2],
      [6, 6],
    ]) {
      const J = drawMatrix(random, Q, P);
      const vjp = (g: number[]) => product([g], J)[0];
      expect(await student.jacobianByVjps(vjp, Q)).toBeAllClose(J);
    }
  });

  test("no outputs, no rows", async () => {
    expect(await student.jacobianByVjps(() => [0, 0], 0)).toEqual([]);
  });

  test("twice the same, whatever was asked before", async () => {
    const vjp = ([a, b]: number[]) => [a - b, 2 * b];
    const first = await student.jacobianByVjps(vjp, 2);
    await student.jacobianByVjps(([g]: number[]) => [g], 1);
    expect(await student.jacobianByVjps(vjp, 2)).toEqual(first);
    expect(first).toBeAllClose([
      [1, 0],
      [-1, 2],
    ]);
  });
});

exercise("relu-backward", ({ test }) => {
  test("any number of axes", async ({ random }) => {
    for (const shape of [[1], [1, 5], [2, 3, 2], [2, 1, 3, 2]]) {
      const size = shape.reduce((a, b) => a * b, 1);
      const [g, z] = [draw(random, size), draw(random, size)];
      const expected = f64(g.map((value, i) => (z[i] > 0 ? value : 0))).reshape(shape);
      expect(await student.reluBackward(f64(g).reshape(shape), f64(z).reshape(shape))).toBeAllClose(expected);
    }
  });

  test("only the sign of z counts, however small it is", async () => {
    const Z = f64([1e-200, -1e-200, 1e200, -1e200, 0, -0]);
    expect(await student.reluBackward(f64([1, 2, 3, 4, 5, 6]), Z)).toBeAllClose([1, 0, 3, 0, 0, 0]);
  });

  test("a single number", async () => {
    expect(await student.reluBackward(f64(-4), f64(0.5))).toBeAllClose(-4);
  });

  test("leaves its arguments alone", async () => {
    const [G, Z] = [f64([1, -2, 3]), f64([-1, 2, 0])];
    const { args } = await student.reluBackward.observe(G, Z);
    expect(args[0]).toBeAllClose([1, -2, 3]);
    expect(args[1]).toBeAllClose([-1, 2, 0]);
  });
});

interface LinearGradients {
  dx: number[];
  dW: Matrix;
}

exercise("linear-backward", ({ test }) => {
  test("one input, one output, both, neither", async ({ random }) => {
    for (const [Q, P] of [
      [1, 1],
      [1, 6],
      [6, 1],
      [5, 8],
    ]) {
      const [g, x, W] = [draw(random, Q), draw(random, P), drawMatrix(random, Q, P)];
      const { dx, dW } = (await student.linearBackward(g, x, W)) as LinearGradients;
      expect(dx).toBeAllClose(product([g], W)[0]);
      expect(dW).toBeAllClose(product(transposed([g]), [x]));
    }
  });

  test("no upstream gradient, no gradients", async () => {
    const { dx, dW } = (await student.linearBackward(
      [0, 0],
      [1, 2, 3],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    )) as LinearGradients;
    expect(dx).toBeAllClose([0, 0, 0]);
    expect(dW).toBeAllClose(zeros(2, 3));
  });

  test("dW does not depend on W, nor dx on x", async () => {
    const { dx, dW } = (await student.linearBackward([2], [0, 0], [[0, 5]])) as LinearGradients;
    expect(dx).toBeAllClose([0, 10]);
    expect(dW).toBeAllClose([[0, 0]]);
  });

  test("leaves its arguments alone", async () => {
    const [g, x, W] = [[1, -1], [2], [[3], [4]]];
    expect((await student.linearBackward.observe(g, x, W)).args).toEqual([g, x, W]);
  });
});

/** v, repeated to the given shape: the definition of broadcasting, one index at a time. */
function broadcast(v: Tensor, shape: number[]): number[] {
  const extra = shape.length - v.ndim;
  const size = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: size }, (_, position) => {
    let rest = position;
    let [at, stride] = [0, 1];
    for (let axis = shape.length - 1; axis >= extra; axis--) {
      const index = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
      const own = v.shape[axis - extra];
      if (own > 1) at += index * stride;
      stride *= own;
    }
    return v.data[at];
  });
}

exercise("unbroadcast", ({ test }) => {
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

  test("many shapes: the slope along every v is that of broadcasting v", async ({ random }) => {
    for (const [from, to] of [
      [[1], [4]],
      [[4], [2, 3, 4]],
      [
        [3, 4],
        [2, 3, 4],
      ],
      [
        [2, 1, 4],
        [2, 3, 4],
      ],
      [
        [2, 1, 1],
        [2, 3, 4],
      ],
      [
        [1, 3, 1],
        [2, 3, 4],
      ],
      [
        [1, 1],
        [3, 5],
      ],
      [
        [5, 1],
        [2, 2, 5, 1],
      ],
      [[], [2, 2]],
    ]) {
      const sizeOf = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
      const G = f64(draw(random, sizeOf(to))).reshape(to);
      const result = (await student.unbroadcast(G, from)) as Tensor;
      expect(result.shape, `the shape for [${from.join(", ")}]`).toEqual(from);
      const v = f64(draw(random, sizeOf(from))).reshape(from);
      expect(dot(result.data, v.data), `[${to.join(", ")}] back to [${from.join(", ")}]`).toBeAllClose(
        dot(G.data, broadcast(v, to)),
      );
    }
  });

  test("axes of size 1 that were never stretched", async () => {
    const row = f64([[1, 2, 3]]);
    expect(await student.unbroadcast(row, [1, 3])).toBeAllClose([[1, 2, 3]]);
    expect(await student.unbroadcast(row, [3])).toBeAllClose([1, 2, 3]);
    expect(await student.unbroadcast(f64(5), [])).toBeAllClose(5);
  });

  test("a batch without examples adds up to zeros", async () => {
    expect(await student.unbroadcast(f64([1, 2, 3]).reshape([1, 3]).slice(0, 0), [3])).toBeAllClose([
      0, 0, 0,
    ]);
  });

  test("leaves its arguments alone", async () => {
    const G = f64([
      [1, 2],
      [3, 4],
    ]);
    const { args } = await student.unbroadcast.observe(G, [2]);
    expect(args[0]).toBeAllClose(G);
    expect(args[1]).toEqual([2]);
  });
});

interface AffineGradients {
  dX: Tensor;
  dW: Tensor;
  db: Tensor;
}

exercise("affine-backward", ({ test }) => {
  const affine = async (G: Matrix, X: Matrix, W: Matrix) =>
    (await student.affineBackward(f64(G), f64(X), f64(W))) as AffineGradients;

  test("one example, one input, one output, and sizes that all differ", async ({ random }) => {
    for (const [N, P, Q] of [
      [1, 4, 3],
      [5, 1, 3],
      [5, 4, 1],
      [7, 3, 5],
      [2, 6, 6],
      [1, 1, 1],
    ]) {
      const [G, X, W] = [drawMatrix(random, N, Q), drawMatrix(random, N, P), drawMatrix(random, Q, P)];
      const { dX, dW, db } = await affine(G, X, W);
      const sizes = `N = ${N}, P = ${P}, Q = ${Q}`;
      expect(dX, `dX, ${sizes}`).toBeAllClose(product(G, W));
      expect(dW, `dW, ${sizes}`).toBeAllClose(product(transposed(G), X));
      expect(db, `db, ${sizes}`).toBeAllClose(transposed(G).map((column) => column.reduce((a, b) => a + b)));
    }
  });

  test("the gradients of a batch are the sums of those of its examples", async ({ random }) => {
    const [G, X, W] = [drawMatrix(random, 3, 2), drawMatrix(random, 3, 4), drawMatrix(random, 2, 4)];
    const whole = await affine(G, X, W);
    const single = await Promise.all(G.map((row, n) => affine([row], [X[n]], W)));
    const sum = (parts: Tensor[]) => parts.reduce((a, b) => a.add(b));
    expect(whole.dW).toBeAllClose(sum(single.map(({ dW }) => dW)));
    expect(whole.db).toBeAllClose(sum(single.map(({ db }) => db)));
  });

  test("leaves its arguments alone", async ({ random }) => {
    const given = [drawMatrix(random, 2, 3), drawMatrix(random, 2, 2), drawMatrix(random, 3, 2)].map(f64);
    const { args } = await student.affineBackward.observe(...given);
    for (const [i, arg] of args.entries()) expect(arg).toBeAllClose(given[i]);
  });
});

/** (softmax − target)/N from the definition, with the largest score taken out. */
function expectedScores(Z: Matrix, labels: number[]): Matrix {
  return Z.map((z, n) => {
    const exponentials = z.map((value) => Math.exp(value - Math.max(...z)));
    const sum = exponentials.reduce((a, b) => a + b);
    return exponentials.map((value, c) => (value / sum - (c === labels[n] ? 1 : 0)) / Z.length);
  });
}

exercise("softmax-ce-backward", ({ test }) => {
  const backward = async (Z: Matrix, labels: number[]) =>
    (await student.softmaxCrossEntropyBackward(f64(Z), tensor(labels, { dtype: "int32" }))) as Tensor;

  test("batches of other sizes", async ({ random }) => {
    for (const [N, C] of [
      [1, 2],
      [1, 10],
      [6, 2],
      [3, 3],
      [8, 5],
    ]) {
      const Z = drawMatrix(random, N, C);
      const labels = Z.map(() => Math.floor(random() * C));
      expect(await backward(Z, labels), `${N} examples, ${C} classes`).toBeAllClose(
        expectedScores(Z, labels),
      );
    }
  });

  test("an untrained classifier with 10 classes: 1/10 for each wrong class, −9/10 for the right one", async () => {
    const expected = new Array<number>(10).fill(0.1);
    expected[7] = -0.9;
    expect(await backward(zeros(1, 10), [7])).toBeAllClose([expected]);
  });

  test("two classes: the sigmoid of the difference", async () => {
    const p = 1 / (1 + Math.exp(-3));
    expect(await backward([[1, 4]], [0])).toBeAllClose([[-p, p]]);
  });

  test("a constant added to all scores of a row changes nothing", async ({ random }) => {
    const Z = drawMatrix(random, 2, 4);
    const shifted = Z.map((row, n) => row.map((z) => z + (n === 0 ? 5000 : -5000)));
    expect(await backward(shifted, [1, 2])).toBeAllClose(await backward(Z, [1, 2]));
  });

  test("leaves its arguments alone", async () => {
    const [Z, labels] = [f64([[1, 2]]), tensor([0], { dtype: "int32" })];
    const { args } = await student.softmaxCrossEntropyBackward.observe(Z, labels);
    expect(args[0]).toBeAllClose([[1, 2]]);
    expect(args[1]).toBeAllClose([0]);
  });
});

interface PlainLayer {
  W: Matrix;
  b: number[];
}
interface NetworkGradients {
  gradients: { W: Tensor; b: Tensor }[];
  dX: Tensor;
}

function forward(X: Matrix, layers: PlainLayer[]): { H: Matrix[]; Z: Matrix[] } {
  const [H, Z]: Matrix[][] = [[X], []];
  layers.forEach(({ W, b }, k) => {
    Z.push(product(H[k], transposed(W)).map((row) => row.map((sum, i) => sum + b[i])));
    if (k < layers.length - 1) H.push(Z[k].map((row) => row.map((z) => Math.max(z, 0))));
  });
  return { H, Z };
}

/** The gradients one number at a time: every unit collects from the units above it. */
function reference(X: Matrix, labels: number[], layers: PlainLayer[]) {
  const { H, Z } = forward(X, layers);
  const gradients = layers.map(({ W }) => ({ W: zeros(W.length, W[0].length), b: W.map(() => 0) }));
  const dX = X.map((_, n) => {
    let arrived = expectedScores(Z[layers.length - 1], labels)[n];
    for (let k = layers.length - 1; k >= 0; k--) {
      const below = H[k][n].map(() => 0);
      arrived.forEach((g, i) => {
        gradients[k].b[i] += g;
        H[k][n].forEach((h, j) => {
          gradients[k].W[i][j] += g * h;
          below[j] += g * layers[k].W[i][j];
        });
      });
      arrived = k === 0 ? below : below.map((g, j) => (Z[k - 1][n][j] > 0 ? g : 0));
    }
    return arrived;
  });
  return { gradients, dX };
}

exercise("mlp-backward", ({ test }) => {
  const argumentsOf = (X: Matrix, labels: number[], layers: PlainLayer[]) => {
    const { H, Z } = forward(X, layers);
    return [
      { H: H.map(f64), Z: Z.map(f64) },
      tensor(labels, { dtype: "int32" }),
      layers.map(({ W, b }) => ({ W: f64(W), b: f64(b) })),
    ] as const;
  };
  const backward = async (X: Matrix, labels: number[], layers: PlainLayer[]) =>
    (await student.mlpBackward(...argumentsOf(X, labels, layers))) as NetworkGradients;
  const drawLayers = (random: () => number, sizes: number[]): PlainLayer[] =>
    sizes.slice(1).map((out, k) => ({ W: drawMatrix(random, out, sizes[k]), b: draw(random, out) }));

  async function compare(X: Matrix, labels: number[], layers: PlainLayer[]): Promise<void> {
    const { gradients, dX } = await backward(X, labels, layers);
    const expected = reference(X, labels, layers);
    expect(gradients).toHaveLength(layers.length);
    for (const [k, { W, b }] of gradients.entries()) {
      expect(W, `dW of layer ${k + 1}`).toBeAllClose(expected.gradients[k].W);
      expect(b, `db of layer ${k + 1}`).toBeAllClose(expected.gradients[k].b);
    }
    expect(dX, "dX").toBeAllClose(expected.dX);
  }

  for (const [what, sizes, examples] of [
    ["one example, two layers", [3, 4, 2], 1],
    ["one layer, seven examples", [5, 3], 7],
    ["six layers", [2, 4, 3, 5, 3, 4, 3], 3],
    ["layers of width 1", [3, 1, 4, 1, 2], 5],
    ["equal widths", [3, 3, 3, 3], 3],
  ] as const) {
    test(what, async ({ random }) => {
      const layers = drawLayers(random, [...sizes]);
      const X = drawMatrix(random, examples, sizes[0]);
      const labels = X.map(() => Math.floor(random() * sizes[sizes.length - 1]));
      await compare(X, labels, layers);
    });
  }

  test("a layer of silent units blocks everything below it", async ({ random }) => {
    const layers = drawLayers(random, [2, 3, 3, 2]);
    layers[1] = { W: zeros(3, 3), b: [-1, -2, -3] };
    const { gradients, dX } = await backward([[1, 2]], [0], layers);
    expect(gradients[1].b).toBeAllClose([0, 0, 0]);
    expect(gradients[0].W).toBeAllClose(zeros(3, 2));
    expect(dX).toBeAllClose([[0, 0]]);
    expect(gradients[2].b).toBeAllClose(reference([[1, 2]], [0], layers).gradients[2].b);
  });

  test("a unit at exactly 0 passes nothing", async () => {
    const layers = [
      {
        W: [
          [1, -1],
          [1, 1],
        ],
        b: [0, 0],
      },
      {
        W: [
          [3, 1],
          [0, 2],
        ],
        b: [0, 1],
      },
    ];
    const { gradients } = await backward([[1, 1]], [1], layers);
    expect(gradients[0].W.slice(0, 1)).toBeAllClose([[0, 0]]);
    expect(gradients[0].b).toBeAllClose(reference([[1, 1]], [1], layers).gradients[0].b);
  });

  test("every example twice: the mean, and so each gradient, stays the same", async ({ random }) => {
    const layers = drawLayers(random, [3, 4, 3]);
    const X = drawMatrix(random, 2, 3);
    const once = await backward(X, [0, 2], layers);
    const twice = await backward([...X, ...X], [0, 2, 0, 2], layers);
    for (const k of [0, 1]) expect(twice.gradients[k].W).toBeAllClose(once.gradients[k].W);
  });

  test("leaves its arguments alone, and gives the same again", async ({ random }) => {
    const given = argumentsOf(drawMatrix(random, 2, 3), [1, 0], drawLayers(random, [3, 4, 2]));
    const { args, value } = await student.mlpBackward.observe(...given);
    const [cache, labels, layers] = args as unknown as typeof given;
    for (const [k, H] of cache.H.entries()) expect(H).toBeAllClose(given[0].H[k]);
    for (const [k, Z] of cache.Z.entries()) expect(Z).toBeAllClose(given[0].Z[k]);
    for (const [k, { W, b }] of layers.entries()) {
      expect(W).toBeAllClose(given[2][k].W);
      expect(b).toBeAllClose(given[2][k].b);
    }
    expect(labels).toBeAllClose(given[1]);
    const again = (await student.mlpBackward(...given)) as NetworkGradients;
    expect(again.dX).toBeAllClose((value as NetworkGradients).dX, { rtol: 0, atol: 0 });
  });
});

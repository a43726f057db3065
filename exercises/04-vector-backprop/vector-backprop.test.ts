import { grad, nn, tensor, type Tensor } from "gradlab";
import { exercise, expect, student } from "gradlab/testing";

type Matrix = number[][];
const f64 = (numbers: number | number[] | Matrix | Matrix[]) => tensor(numbers, { dtype: "float64" });

/** Numbers between −1 and 1 that are not near 0, where ReLU has its kink. */
const draw = (random: () => number, count: number) =>
  Array.from({ length: count }, () => (random() < 0.5 ? -1 : 1) * (0.1 + 0.9 * random()));
const drawMatrix = (random: () => number, rows: number, columns: number) =>
  Array.from({ length: rows }, () => draw(random, columns));

/** The slope of f in every entry of a matrix by central differences: knows no formula. */
function measure(f: (moved: Matrix) => number, matrix: Matrix, h = 1e-5): Matrix {
  return matrix.map((row, i) =>
    row.map((value, j) => {
      const at = (moved: number) => f(matrix.with(i, row.with(j, moved)));
      return (at(value + h) - at(value - h)) / (2 * h);
    }),
  );
}

exercise("jacobian-by-vjps", ({ test }) => {
  const example = ([g1, g2, g3]: number[]) => [5 * g1 + g2 + 4 * g3, 2 * g1 + g2];

  test("the example at (2, 5): rows [5, 2], [1, 1], [4, 0]", async () => {
    expect(await student.jacobianByVjps(example, 3)).toBeAllClose([
      [5, 2],
      [1, 1],
      [4, 0],
    ]);
  });

  test("its first row is the gradient of the first output alone: [5, 2]", async () => {
    const [first] = (await student.jacobianByVjps(example, 3)) as Matrix;
    expect(first).toBeAllClose([5, 2]);
  });

  test("one output: one row, the gradient", async () => {
    expect(await student.jacobianByVjps(([g]: number[]) => [61 * g, 9 * g], 1)).toBeAllClose([[61, 9]]);
  });

  test(
    "a random Jacobian with 4 outputs and 3 inputs comes back as it was",
    { hint: "There are Q rows, one per output; how long they are, vjp decides." },
    async ({ random }) => {
      const J = drawMatrix(random, 4, 3);
      const vjp = (g: number[]) => [0, 1, 2].map((j) => J.reduce((sum, row, i) => sum + g[i] * row[j], 0));
      expect(await student.jacobianByVjps(vjp, 4)).toBeAllClose(J);
    },
  );

  test("vjp is asked for one unit vector after the other", async () => {
    const asked: number[][] = [];
    const vjp = (g: number[]) => {
      asked.push([...g]);
      return example(g);
    };
    await student.jacobianByVjps(vjp, 3);
    expect(asked).toBeAllClose([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });
});

exercise("relu-backward", ({ test }) => {
  test("z = (3, −1, 1), g = (2, 8, −10): what was blocked stays blocked, (2, 0, −10)", async () => {
    expect(await student.reluBackward(f64([2, 8, -10]), f64([3, -1, 1]))).toBeAllClose([2, 0, -10]);
  });

  test("at z = 0 nothing passes", async () => {
    expect(await student.reluBackward(f64([5, 7]), f64([0, 2]))).toBeAllClose([0, 7]);
  });

  test(
    "a batch keeps its shape [2, 3]",
    { hint: "Operations on each element keep the shape; none needs to know how many axes there are." },
    async () => {
      const [G, Z] = [
        f64([
          [1, -2, 3],
          [-4, 5, -6],
        ]),
        f64([
          [2, 2, -2],
          [-3, 0.5, 4],
        ]),
      ];
      expect(await student.reluBackward(G, Z)).toBeAllClose([
        [1, -2, 0],
        [0, 5, -6],
      ]);
    },
  );

  test("random numbers agree with a measurement to 1e-7", async ({ random }) => {
    const [G, Z] = [drawMatrix(random, 3, 4), drawMatrix(random, 3, 4)];
    const loss = (moved: Matrix) => moved.flat().reduce((sum, z, i) => sum + G.flat()[i] * Math.max(z, 0), 0);
    expect(await student.reluBackward(f64(G), f64(Z))).toBeAllClose(measure(loss, Z), { rtol: 1e-7 });
  });
});

interface LinearGradients {
  dx: number[];
  dW: Matrix;
}

const times = (W: Matrix, x: number[]) => W.map((row) => row.reduce((sum, w, j) => sum + w * x[j], 0));
const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);

exercise("linear-backward", ({ test }) => {
  const example = {
    g: [2, -4],
    x: [3, 0, 1],
    W: [
      [1, -2, -1],
      [0, -3, 2],
    ],
  };
  const linear = async ({ g, x, W }: typeof example) =>
    (await student.linearBackward(g, x, W)) as LinearGradients;

  test("the example: dx = (2, 8, −10), a sum over the outputs", async () => {
    expect((await linear(example)).dx).toBeAllClose([2, 8, -10]);
  });

  test("the example: dW = [[6, 0, 2], [−12, 0, −4]], what arrives times what entered", async () => {
    expect((await linear(example)).dW).toBeAllClose([
      [6, 0, 2],
      [-12, 0, -4],
    ]);
  });

  test(
    "a square W, whose shape cannot tell W from its transpose",
    { hint: "dx sums over the outputs i, down the columns of W: Wᵀ g, not W g." },
    async () => {
      const W = [
        [1, 2],
        [3, 4],
      ];
      const { dx, dW } = await linear({ g: [1, 10], x: [5, 7], W });
      expect(dx).toBeAllClose([31, 42]);
      expect(dW).toBeAllClose([
        [5, 7],
        [50, 70],
      ]);
    },
  );

  test("random numbers, 3 inputs and 4 outputs, agree with a measurement to 1e-7", async ({ random }) => {
    const [g, x, W] = [draw(random, 4), draw(random, 3), drawMatrix(random, 4, 3)];
    const { dx, dW } = await linear({ g, x, W });
    const [measuredX] = measure(([moved]) => dot(g, times(W, moved)), [x]);
    expect(dx, "dx").toBeAllClose(measuredX, { rtol: 1e-7 });
    expect(dW, "dW").toBeAllClose(
      measure((moved) => dot(g, times(moved, x)), W),
      { rtol: 1e-7 },
    );
  });
});

exercise("unbroadcast", ({ test }) => {
  const G = f64([
    [1, 2, 3],
    [4, 5, 6],
  ]);

  test("[2, 3] back to [3], a new axis on the left: (5, 7, 9)", async () => {
    expect(await student.unbroadcast(G, [3])).toBeAllClose([5, 7, 9]);
  });

  test("[2, 3] back to [2, 1], a stretched axis that stays: (6, 15)", async () => {
    expect(await student.unbroadcast(G, [2, 1])).toBeAllClose([[6], [15]]);
  });

  test("[2, 3] back to [1, 3]: (5, 7, 9) in one row", async () => {
    expect(await student.unbroadcast(G, [1, 3])).toBeAllClose([[5, 7, 9]]);
  });

  test("[2, 3] back to a single number: 21", async () => {
    expect(await student.unbroadcast(G, [])).toBeAllClose(21);
  });

  test("nothing was repeated: nothing changes", async () => {
    expect(await student.unbroadcast(G, [2, 3])).toBeAllClose(G);
  });

  test(
    "[3, 3] back to [3]: shapes are aligned at the right, so rows are added, not columns",
    { hint: "Axis a of shape is axis extra + a of G, with extra = G.ndim − shape.length." },
    async () => {
      const square = f64([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ]);
      expect(await student.unbroadcast(square, [3])).toBeAllClose([12, 15, 18]);
    },
  );

  test(
    "[2, 3, 4] back to [3, 1]: a new axis and a stretched one",
    {
      hint: "Axis 0 of G is new, its axis 2 was stretched: both are summed, and the result has the shape [3, 1].",
    },
    async () => {
      const numbers = Array.from({ length: 24 }, (_, i) => i);
      expect(await student.unbroadcast(f64(numbers).reshape([2, 3, 4]), [3, 1])).toBeAllClose([
        [60],
        [92],
        [124],
      ]);
    },
  );
});

interface AffineGradients {
  dX: Tensor;
  dW: Tensor;
  db: Tensor;
}

const affine = async (G: Matrix, X: Matrix, W: Matrix) =>
  (await student.affineBackward(f64(G), f64(X), f64(W))) as AffineGradients;

exercise("affine-backward", ({ test }) => {
  const G = [
    [1, 0, -2],
    [0, 3, 1],
  ];
  const X = [
    [1, 2],
    [3, -1],
  ];
  const W = [
    [1, 1],
    [1, -1],
    [-1, 1],
  ];

  test("the example: dX = G W = [[3, −1], [2, −2]]", async () => {
    expect((await affine(G, X, W)).dX).toBeAllClose([
      [3, -1],
      [2, -2],
    ]);
  });

  test("the example: dW = Gᵀ X = [[1, 2], [9, −3], [1, −5]]", async () => {
    expect((await affine(G, X, W)).dW).toBeAllClose([
      [1, 2],
      [9, -3],
      [1, -5],
    ]);
  });

  test("the example: db = (1, 3, −1), the sum of the rows of G", async () => {
    expect((await affine(G, X, W)).db).toBeAllClose([1, 3, -1]);
  });

  test(
    "two inputs, two outputs, two examples: shapes cannot tell what is transposed",
    { hint: "dX = G W and dW = Gᵀ X: with N = P = Q the transposes would fit, too, and be wrong." },
    async () => {
      const square = [
        [1, 2],
        [3, 4],
      ];
      const { dX, dW, db } = await affine(
        [
          [1, 10],
          [2, 0],
        ],
        [
          [5, 7],
          [1, -1],
        ],
        square,
      );
      expect(dX, "dX").toBeAllClose([
        [31, 42],
        [2, 4],
      ]);
      expect(dW, "dW").toBeAllClose([
        [7, 5],
        [50, 70],
      ]);
      expect(db, "db").toBeAllClose([3, 10]);
    },
  );

  test("random numbers, 4 examples, 3 inputs, 2 outputs, agree with a measurement to 1e-7", async ({
    random,
  }) => {
    const [G, X, W, b] = [
      drawMatrix(random, 4, 2),
      drawMatrix(random, 4, 3),
      drawMatrix(random, 2, 3),
      drawMatrix(random, 1, 2),
    ];
    const loss = (X: Matrix, W: Matrix, [b]: Matrix) =>
      X.reduce((sum, x, n) => sum + times(W, x).reduce((row, y, i) => row + G[n][i] * (y + b[i]), 0), 0);
    const { dX, dW, db } = await affine(G, X, W);
    const close = { rtol: 1e-7, atol: 1e-9 };
    expect(dX, "dX").toBeAllClose(
      measure((moved) => loss(moved, W, b), X),
      close,
    );
    expect(dW, "dW").toBeAllClose(
      measure((moved) => loss(X, moved, b), W),
      close,
    );
    expect(db, "db").toBeAllClose(measure((moved) => loss(X, W, moved), b)[0], close);
  });
});

/** The mean cross-entropy from its definition. */
function meanCrossEntropy(Z: Matrix, labels: number[]): number {
  const losses = Z.map((z, n) => {
    const exponentials = z.map(Math.exp);
    const sum = exponentials.reduce((total, value) => total + value, 0);
    return -Math.log(exponentials[labels[n]] / sum);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / Z.length;
}

exercise("softmax-ce-backward", ({ test }) => {
  const scores = [0, Math.log(2), Math.log(3)];
  const backward = (Z: Matrix, labels: number[]) =>
    student.softmaxCrossEntropyBackward(f64(Z), tensor(labels, { dtype: "int32" }));

  test("one example, z = (0, ln 2, ln 3), label 2: (1/6, 1/3, −1/2)", async () => {
    expect(await backward([scores], [2])).toBeAllClose([[1 / 6, 1 / 3, -1 / 2]]);
  });

  test(
    "two examples: a mean, so each row counts half",
    { hint: "Divide by the number of examples, once." },
    async () => {
      expect(await backward([scores, [0, 0, 0]], [2, 0])).toBeAllClose([
        [1 / 12, 1 / 6, -1 / 4],
        [-1 / 3, 1 / 6, 1 / 6],
      ]);
    },
  );

  test(
    "scores of 1000 and −1000: no NaN, no infinity",
    { hint: "softmax(Z) of the library takes the largest score out of each row before it exponentiates." },
    async () => {
      expect(await backward([[1000, -1000]], [1])).toBeAllClose([[1, -1]]);
    },
  );

  test("random scores, 5 examples, 4 classes, agree with a measurement to 1e-7", async ({ random }) => {
    const Z = drawMatrix(random, 5, 4);
    const labels = [3, 0, 2, 2, 1];
    expect(await backward(Z, labels)).toBeAllClose(
      measure((moved) => meanCrossEntropy(moved, labels), Z),
      { rtol: 1e-7, atol: 1e-9 },
    );
  });
});

interface PlainLayer {
  W: Matrix;
  b: number[];
}
interface Layer {
  W: Tensor;
  b: Tensor;
}
interface NetworkGradients {
  gradients: Layer[];
  dX: Tensor;
}

/** What enters each layer, and what it computes before the ReLU, in plain numbers. */
function forward(X: Matrix, layers: PlainLayer[]): { H: Matrix[]; Z: Matrix[] } {
  const [H, Z]: Matrix[][] = [[X], []];
  layers.forEach(({ W, b }, k) => {
    Z.push(H[k].map((row) => times(W, row).map((sum, i) => sum + b[i])));
    if (k < layers.length - 1) H.push(Z[k].map((row) => row.map((z) => Math.max(z, 0))));
  });
  return { H, Z };
}

const lossOf = (X: Matrix, labels: number[], layers: PlainLayer[]) =>
  meanCrossEntropy(forward(X, layers).Z[layers.length - 1], labels);

const tensorsOf = (layers: PlainLayer[]): Layer[] => layers.map(({ W, b }) => ({ W: f64(W), b: f64(b) }));

async function backward(X: Matrix, labels: number[], layers: PlainLayer[]): Promise<NetworkGradients> {
  const { H, Z } = forward(X, layers);
  const cache = { H: H.map((matrix) => f64(matrix)), Z: Z.map((matrix) => f64(matrix)) };
  const classes = tensor(labels, { dtype: "int32" });
  return (await student.mlpBackward(cache, classes, tensorsOf(layers))) as NetworkGradients;
}

function drawLayers(random: () => number, sizes: number[]): PlainLayer[] {
  return sizes.slice(1).map((out, k) => ({ W: drawMatrix(random, out, sizes[k]), b: draw(random, out) }));
}

/** A network of the given sizes and a batch, drawn again until no ReLU is near its kink. */
function drawNetwork(random: () => number, sizes: number[], examples: number) {
  for (;;) {
    const layers = drawLayers(random, sizes);
    const X = drawMatrix(random, examples, sizes[0]);
    const hidden = forward(X, layers).Z.slice(0, -1).flat(2);
    const labels = X.map(() => Math.floor(random() * sizes[sizes.length - 1]));
    if (hidden.every((z) => Math.abs(z) > 1e-3)) return { layers, X, labels };
  }
}

const layer1 = {
  W: [
    [1, 1],
    [1, -1],
    [-1, 1],
  ],
  b: [0, 0, 0],
};
const layer2 = {
  W: [
    [1, -2, -1],
    [0, -3, 2],
  ],
  b: [0, 0],
};

exercise("mlp-backward", ({ test }) => {
  test("a single layer, no ReLU: exercises 6 and 5 in a row", async () => {
    const { gradients, dX } = await backward([[3, 0, 1]], [0], [layer2]);
    expect(gradients, "gradients has one entry per layer").toHaveLength(1);
    expect(gradients[0].W, "dW").toBeAllClose([
      [-1.5, 0, -0.5],
      [1.5, 0, 0.5],
    ]);
    expect(gradients[0].b, "db").toBeAllClose([-0.5, 0.5]);
    expect(dX, "dX").toBeAllClose([[-0.5, -0.5, 1.5]]);
  });

  test("two layers, the example: the upper one", async () => {
    const { gradients } = await backward([[1, 2]], [0], [layer1, layer2]);
    expect(gradients[1].W, "dW of layer 2").toBeAllClose([
      [-1.5, 0, -0.5],
      [1.5, 0, 0.5],
    ]);
    expect(gradients[1].b, "db of layer 2").toBeAllClose([-0.5, 0.5]);
  });

  test("two layers, the example: the lower one, and the input", async () => {
    const { gradients, dX } = await backward([[1, 2]], [0], [layer1, layer2]);
    expect(gradients[0].W, "dW of layer 1").toBeAllClose([
      [-0.5, -1],
      [0, 0],
      [1.5, 3],
    ]);
    expect(gradients[0].b, "db of layer 1").toBeAllClose([-0.5, 0, 1.5]);
    expect(dX, "dX").toBeAllClose([[-2, 1]]);
  });

  test(
    "an input with negative numbers: no ReLU stands before the first layer",
    { hint: "Below layer 0 is the batch itself: dX is not masked." },
    async () => {
      const { dX } = await backward([[-3, 0, -1]], [0], [layer2]);
      expect(dX, "dX").toBeAllClose([[-0.5, -0.5, 1.5]]);
    },
  );

  test(
    "four layers of widths 3, 5, 4, 6, 3, each gradient against a measurement, to 1e-7",
    {
      hint: "Layers are compared from the last to the first, so the mistake is where the first wrong one begins.",
    },
    async ({ random }) => {
      const { layers, X, labels } = drawNetwork(random, [3, 5, 4, 6, 3], 4);
      const { gradients, dX } = await backward(X, labels, layers);
      const close = { rtol: 1e-7, atol: 1e-9 };
      for (const k of [3, 2, 1, 0]) {
        const { W, b } = layers[k];
        const withLayer = (layer: PlainLayer) => lossOf(X, labels, layers.with(k, layer));
        expect(gradients[k].W, `dW of layer ${k + 1}`).toBeAllClose(
          measure((moved) => withLayer({ W: moved, b }), W),
          close,
        );
        expect(gradients[k].b, `db of layer ${k + 1}`).toBeAllClose(
          measure(([moved]) => withLayer({ W, b: moved }), [b])[0],
          close,
        );
      }
      expect(dX, "dX").toBeAllClose(
        measure((moved) => lossOf(moved, labels, layers), X),
        close,
      );
    },
  );

  test(
    "four layers of equal width 4, against the library's autograd, to 1e-10",
    { hint: "A relative error near 1e-8 means single precision somewhere: make tensors with f64(…)." },
    async ({ random }) => {
      const { layers, X, labels } = drawNetwork(random, [4, 4, 4, 4, 4], 4);
      const leaves = layers.flatMap(({ W, b }) => [f64(W), f64(b)]);
      for (const leaf of leaves) leaf.requiresGrad = true;
      let H = f64(X);
      for (let k = 0; k < 4; k++) {
        const Z = H.matmul(leaves[2 * k].transpose()).add(leaves[2 * k + 1]);
        H = k < 3 ? Z.relu() : Z;
      }
      const expected = grad(nn.crossEntropy(H, tensor(labels, { dtype: "int32" })), leaves);
      const { gradients } = await backward(X, labels, layers);
      for (const k of [3, 2, 1, 0]) {
        const close = { rtol: 1e-10, atol: 1e-13 };
        expect(gradients[k].W, `dW of layer ${k + 1}`).toBeAllClose(expected[2 * k], close);
        expect(gradients[k].b, `db of layer ${k + 1}`).toBeAllClose(expected[2 * k + 1], close);
      }
    },
  );
});

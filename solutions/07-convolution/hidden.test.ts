import { exercise, expect, student } from "gradlab/testing";

type Images = number[][][][];
interface Gradients {
  dx: Images;
  dWeight: Images;
  dBias: number[];
}

/** A matrix with rows separated by "/". */
function matrix(text: string): number[][] {
  return text.split("/").map((row) => row.trim().split(" ").map(Number));
}

function randomImages(random: () => number, [n, c, h, w]: number[]): Images {
  const list = <T>(length: number, make: () => T) => Array.from({ length }, make);
  return list(n, () => list(c, () => list(h, () => list(w, () => 2 * random() - 1))));
}

const sizesOf = (x: Images) => [x.length, x[0].length, x[0][0].length, x[0][0][0].length];
const dot = (a: Images, b: Images) => {
  const others = b.flat(3);
  return a.flat(3).reduce((sum, value, i) => sum + value * others[i], 0);
};

// Computed by PyTorch 1.13 (torch.nn.functional.conv2d and its gradients), whole numbers throughout.
const torch = {
  x: [
    [
      matrix("4 -4 -2 2 3 2 / 3 -3 -3 -4 4 -2 / 2 -1 -3 -2 -4 -4 / 1 -1 4 -2 4 -2 / 4 1 3 4 2 -4"),
      matrix("-3 -4 4 2 -3 2 / -3 4 4 3 -2 -1 / 3 3 -3 1 0 3 / 1 3 0 -2 1 0 / 4 1 1 0 -2 -2"),
    ],
    [
      matrix("0 0 -4 2 0 1 / 0 3 4 0 4 -2 / 2 3 -4 1 -1 0 / -3 4 1 4 1 3 / -1 -2 -3 3 3 -2"),
      matrix("0 0 -3 -3 -3 1 / 3 3 4 -3 1 -1 / -3 -1 4 2 2 1 / 4 4 -2 3 1 -2 / 0 2 3 -1 -3 2"),
    ],
  ],
  weight: [
    [matrix("1 1 / -2 3 / -3 2"), matrix("-2 2 / -3 -2 / -3 1")],
    [matrix("3 -1 / -3 -1 / 1 3"), matrix("-1 1 / -3 -2 / 2 3")],
    [matrix("0 0 / 2 1 / 3 -1"), matrix("1 0 / 3 -3 / -1 -3")],
  ],
  bias: [1, -2, 0],
  options: { stride: 2, padding: 1, dilation: 2 },
  y: [
    [matrix("-15 -35 4 / -3 -17 -9"), matrix("-1 -14 -7 / 0 -8 -2"), matrix("-23 -5 0 / -10 15 -9")],
    [matrix("16 -21 -11 / 14 -22 -1"), matrix("13 19 24 / -14 -33 -18"), matrix("-22 19 4 / -8 18 23")],
  ],
  gradient: [
    [matrix("-1 -1 -2 / 1 -2 -1"), matrix("0 -1 2 / -1 -1 2"), matrix("-1 -2 -2 / 0 -2 1")],
    [matrix("-1 1 -1 / 0 1 -2"), matrix("1 1 2 / 0 0 -2"), matrix("1 1 -1 / 1 -2 1")],
  ],
  dx: [
    [
      matrix("0 0 0 0 0 0 / 0 -6 0 -6 0 -13 / 0 0 0 0 0 0 / 0 2 0 -10 0 0 / 0 0 0 0 0 0"),
      matrix("0 0 0 0 0 0 / 0 9 0 0 0 6 / 0 0 0 0 0 0 / 0 8 0 26 0 5 / 0 0 0 0 0 0"),
    ],
    [
      matrix("0 0 0 0 0 0 / 0 -5 0 -10 0 -6 / 0 0 0 0 0 0 / 0 -4 0 19 0 2 / 0 0 0 0 0 0"),
      matrix("0 0 0 0 0 0 / 0 -10 0 -4 0 -5 / 0 0 0 0 0 0 / 0 -15 0 28 0 13 / 0 0 0 0 0 0"),
    ],
  ],
  dWeight: [
    [matrix("13 11 / 14 13 / 5 4"), matrix("-2 -2 / -10 4 / 2 0")],
    [matrix("-5 7 / -13 -8 / 9 12"), matrix("8 -7 / -14 -4 / 3 5")],
    [matrix("-4 7 / 13 21 / 6 14"), matrix("-14 1 / -21 -7 / -1 10")],
  ],
  dBias: [-8, 3, -5],
};

exercise("conv-output-size", ({ test }) => {
  test("stride larger than the window skips inputs", async () => {
    expect(await student.outputSize(10, 2, { stride: 4 })).toBe(3);
    expect(await student.outputSize(9, 2, { stride: 4 })).toBe(2);
  });

  test("a single input, a single weight", async () => {
    expect(await student.outputSize(1, 1)).toBe(1);
    expect(await student.outputSize(1, 1, { stride: 5 })).toBe(1);
    expect(await student.outputSize(1, 3, { padding: 1 })).toBe(1);
  });

  test("everything at once", async () => {
    expect(await student.outputSize(20, 4, { stride: 3, padding: 2, dilation: 3 })).toBe(5);
  });

  test("same padding with dilation: P = D (K − 1)/2", async () => {
    expect(await student.outputSize(50, 5, { padding: 8, dilation: 4 })).toBe(50);
  });

  test("dilation can make a window too large", { gated: true }, async () => {
    await expect(student.outputSize(6, 3, { dilation: 3 })).rejects.toMatchObject({ name: "RangeError" });
  });
});

exercise("pad2d", ({ test }) => {
  test("one pixel with padding 3", async () => {
    const padded = (await student.pad2d([[5]], 3)) as number[][];
    expect(padded.map((row) => row.length)).toEqual([7, 7, 7, 7, 7, 7, 7]);
    expect(padded[3][3]).toBe(5);
    expect(padded.flat().reduce((a, b) => a + b)).toBe(5);
  });

  test("a column of two", async () => {
    expect(await student.pad2d([[1], [2]], 1)).toEqual(matrix("0 0 0 / 0 1 0 / 0 2 0 / 0 0 0"));
  });

  test("twice by 1 is once by 2", async ({ random }) => {
    const [[plane]] = randomImages(random, [1, 1, 3, 4]);
    expect(await student.pad2d(await student.pad2d(plane, 1), 1)).toEqual(await student.pad2d(plane, 2));
  });

  test("negative numbers and a larger margin leave the plane alone, too", async () => {
    const { args } = await student.pad2d.observe([[-1, -2]], 2);
    expect(args).toEqual([[[-1, -2]], 2]);
  });
});

exercise("conv2d-forward", ({ test }) => {
  test("PyTorch's numbers: stride 2, padding 1, dilation 2, two images, 3×2 filters", async () => {
    expect(await student.conv2dForward(torch.x, torch.weight, torch.bias, torch.options)).toBeAllClose(
      torch.y,
    );
  });

  test("a filter as large as the image: one number", async () => {
    const [image, filter] = [matrix("1 2 3 / 4 5 6"), matrix("1 0 -1 / 2 0 1")];
    expect(await student.conv2dForward([[image]], [[filter]], [10])).toBeAllClose([[[[22]]]]);
  });

  test("stride larger than the filter: what lies between is not read", async () => {
    const row = [[[[1, 2, 99, 99, 3, 4, 99]]]];
    expect(await student.conv2dForward(row, [[[[1, 1]]]], [0], { stride: 4 })).toBeAllClose([[[[3, 7]]]]);
  });

  test("padding wider than the image", async () => {
    const y = (await student.conv2dForward([[[[7]]]], [[[[1]]]], [2], { padding: 2 })) as Images;
    expect(sizesOf(y)).toEqual([1, 1, 5, 5]);
    expect(y[0][0][2][2]).toBeAllClose(9);
    expect(y.flat(3).filter((value) => value === 2)).toHaveLength(24);
  });

  test("it is linear in the image, and constant in it with a filter of zeros", async ({ random }) => {
    const [x, weight] = [randomImages(random, [1, 3, 4, 5]), randomImages(random, [2, 3, 2, 2])];
    const double = x.map((image) => image.map((plane) => plane.map((row) => row.map((v) => 2 * v))));
    const once = (await student.conv2dForward(x, weight, [0, 0])) as Images;
    const twice = (await student.conv2dForward(double, weight, [0, 0])) as Images;
    expect(twice.flat(3)).toBeAllClose(once.flat(3).map((v) => 2 * v));
  });

  test("images of a batch do not meet: one by one gives the same", async ({ random }) => {
    const [x, weight] = [randomImages(random, [3, 2, 4, 4]), randomImages(random, [2, 2, 3, 3])];
    const options = { padding: 1 };
    const together = (await student.conv2dForward(x, weight, [1, 2], options)) as Images;
    for (const [n, image] of x.entries()) {
      expect(await student.conv2dForward([image], weight, [1, 2], options)).toBeAllClose([together[n]]);
    }
  });

  test("the arguments stay as they are, and a second call gives the same", async () => {
    const { value, args } = await student.conv2dForward.observe(
      torch.x,
      torch.weight,
      torch.bias,
      torch.options,
    );
    expect(args).toEqual([torch.x, torch.weight, torch.bias, torch.options]);
    expect(await student.conv2dForward(torch.x, torch.weight, torch.bias, torch.options)).toEqual(value);
  });
});

exercise("conv2d-backward", ({ test }) => {
  test("PyTorch's numbers: stride 2, padding 1, dilation 2, two images, 3×2 filters", async () => {
    const { x, weight, options } = torch;
    const gradients = (await student.conv2dBackward(torch.gradient, x, weight, options)) as Gradients;
    expect(gradients.dx).toBeAllClose(torch.dx);
    expect(gradients.dWeight).toBeAllClose(torch.dWeight);
    expect(gradients.dBias).toBeAllClose(torch.dBias);
  });

  test("it is the transpose: gᵀ(Mx) = (Mᵀg)ᵀx, whatever the options", async ({ random }) => {
    for (const options of [{}, { stride: 3 }, { padding: 2 }, { dilation: 2, stride: 2 }]) {
      const [x, weight] = [randomImages(random, [1, 2, 7, 6]), randomImages(random, [3, 2, 2, 3])];
      const y = (await student.conv2dForward(x, weight, [0, 0, 0], options)) as Images;
      const g = randomImages(random, sizesOf(y));
      const { dx, dWeight } = (await student.conv2dBackward(g, x, weight, options)) as Gradients;
      expect(dot(dx, x), JSON.stringify(options)).toBeAllClose(dot(g, y));
      expect(dot(dWeight, weight), JSON.stringify(options)).toBeAllClose(dot(g, y));
    }
  });

  test("inputs that no window reads get no gradient", async () => {
    const x = [[[[1, 2, 99, 99, 3, 4, 99]]]];
    const { dx } = (await student.conv2dBackward([[[[5, 7]]]], x, [[[[1, 10]]]], { stride: 4 })) as Gradients;
    expect(dx).toBeAllClose([[[[5, 50, 0, 0, 7, 70, 0]]]]);
  });

  test("a gradient of zeros comes back as zeros", async ({ random }) => {
    const [x, weight] = [randomImages(random, [1, 1, 3, 3]), randomImages(random, [1, 1, 2, 2])];
    const { dx, dWeight, dBias } = (await student.conv2dBackward(
      [[matrix("0 0 / 0 0")]],
      x,
      weight,
    )) as Gradients;
    expect([...dx.flat(3), ...dWeight.flat(3), ...dBias]).toBeAllClose(new Array(14).fill(0));
  });

  test("the arguments stay as they are, and a second call gives the same", async () => {
    const given = [torch.gradient, torch.x, torch.weight, torch.options];
    const { value, args } = await student.conv2dBackward.observe(...given);
    expect(args).toEqual(given);
    expect(await student.conv2dBackward(...given)).toEqual(value);
  });
});

/** Max pooling from its definition: the largest of each window, and where it stands first. */
function pooled(plane: number[][], size: number, stride: number) {
  const starts = (length: number) =>
    Array.from({ length }, (_, i) => i).filter((i) => i % stride === 0 && i + size <= length);
  return starts(plane.length).map((top) =>
    starts(plane[0].length).map((left) => {
      const inside = plane
        .slice(top, top + size)
        .flatMap((row, r) =>
          row.slice(left, left + size).map((value, q) => ({ value, at: [top + r, left + q] })),
        );
      return inside.reduce((best, next) => (next.value > best.value ? next : best));
    }),
  );
}

exercise("max-pool2d", ({ test }) => {
  test("random planes, windows that touch, overlap or leave gaps", async ({ random }) => {
    for (const [size, stride] of [
      [2, 2],
      [3, 1],
      [3, 2],
      [1, 2],
      [2, 3],
      [4, 4],
    ]) {
      const [[plane]] = randomImages(random, [1, 1, 7, 9]);
      const expected = pooled(plane, size, stride);
      const values = expected.map((row) => row.map(({ value }) => value));
      expect(await student.maxPool(plane, size, stride), `size ${size}, stride ${stride}`).toBeAllClose(
        values,
      );

      const gradient = expected.map((row) => row.map(() => random()));
      const routed = plane.map((row) => row.map(() => 0));
      expected.forEach((row, i) => row.forEach(({ at: [r, q] }, j) => (routed[r][q] += gradient[i][j])));
      expect(
        await student.maxPoolBackward(gradient, plane, size, stride),
        `backward, size ${size}, stride ${stride}`,
      ).toBeAllClose(routed);
    }
  });

  test("a plane of zeros, as after relu: the first of each window wins", async () => {
    const zeros = matrix("0 0 0 0 / 0 0 0 0");
    expect(await student.maxPool(zeros, 2)).toBeAllClose([[0, 0]]);
    expect(await student.maxPoolBackward([[1, 2]], zeros, 2)).toBeAllClose(matrix("1 0 2 0 / 0 0 0 0"));
  });

  test("a window as large as the plane, all negative, even −∞", async () => {
    expect(await student.maxPool([[-Infinity, -5]].concat([[-7, -Infinity]]), 2)).toEqual([[-5]]);
    expect(await student.largestIn(matrix("-9 -8 / -7 -6"), 0, 0, 2)).toEqual([1, 1]);
  });

  test("largestIn counts rows and columns in the plane, not in the window", async () => {
    expect(await student.largestIn(matrix("9 9 9 9 / 9 1 2 9 / 9 3 2 9"), 1, 1, 2)).toEqual([2, 1]);
  });

  test("the arguments stay as they are", async () => {
    const plane = matrix("1 2 / 3 4");
    expect((await student.maxPool.observe(plane, 2)).args).toEqual([plane, 2]);
    expect((await student.maxPoolBackward.observe([[5]], plane, 2)).args).toEqual([[[5]], plane, 2]);
  });
});

exercise("im2col-conv", ({ test }) => {
  test("PyTorch's numbers: stride 2, padding 1, dilation 2, two images, 3×2 filters", async () => {
    expect(await student.conv2dByMatrix(torch.x, torch.weight, torch.bias, torch.options)).toBeAllClose(
      torch.y,
    );
  });

  test("1×1 windows: the columns are the pixels, a row per channel", async () => {
    expect(await student.im2col([matrix("1 2 / 3 4"), matrix("5 6 / 7 8")], 1, 1)).toEqual(
      matrix("1 2 3 4 / 5 6 7 8"),
    );
  });

  test("a window as large as the image: one column, the image as a list", async () => {
    expect(await student.im2col([matrix("1 2 / 3 4"), matrix("5 6 / 7 8")], 2, 2)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((value) => [value]),
    );
  });

  test("dilation and a stride that skips", async () => {
    const image = [[[1, 2, 3, 4, 5, 6, 7, 8]]];
    expect(await student.im2col(image, 1, 2, { dilation: 3, stride: 2 })).toEqual(matrix("1 3 5 / 4 6 8"));
  });

  test("shapes: [C · kH · kW, H′ · W′]", async ({ random }) => {
    const [image] = randomImages(random, [1, 3, 5, 7]);
    const columns = (await student.im2col(image, 3, 2, { padding: 1 })) as number[][];
    expect([columns.length, ...new Set(columns.map((row) => row.length))]).toEqual([18, 40]);
  });

  test("the arguments stay as they are, and a second call gives the same", async () => {
    const given = [torch.x, torch.weight, torch.bias, torch.options];
    const { value, args } = await student.conv2dByMatrix.observe(...given);
    expect(args).toEqual(given);
    expect(await student.conv2dByMatrix(...given)).toEqual(value);
    expect((await student.im2col.observe(torch.x[0], 2, 2)).args).toEqual([torch.x[0], 2, 2]);
  });
});

exercise("receptive-field", ({ test }) => {
  test("random stacks agree with counting back from one output", async ({ random }) => {
    const upTo = (most: number) => 1 + Math.floor(most * random());
    for (let trial = 0; trial < 20; trial++) {
      const layers = Array.from({ length: upTo(6) }, () => ({
        kernel: upTo(5),
        stride: upTo(3),
        dilation: upTo(3),
      }));
      // n neighbouring outputs of a layer span (n − 1) S + D (K − 1) + 1 of its inputs.
      const seen = layers.reduceRight(
        (n, { kernel, stride, dilation }) => (n - 1) * stride + dilation * (kernel - 1) + 1,
        1,
      );
      expect(await student.receptiveField(layers), JSON.stringify(layers)).toBe(seen);
    }
  });

  test("1×1 layers add nothing, but their strides count", async () => {
    expect(await student.receptiveField([{ kernel: 1 }, { kernel: 1 }])).toBe(1);
    expect(await student.receptiveField([{ kernel: 1, stride: 3 }, { kernel: 2 }])).toBe(4);
  });

  test("a dilated window behind a stride", async () => {
    expect(
      await student.receptiveField([
        { kernel: 2, stride: 2 },
        { kernel: 3, dilation: 4 },
      ]),
    ).toBe(18);
  });

  test("the layers stay as they are", async () => {
    const layers = [{ kernel: 3, stride: 2 }, { kernel: 3 }];
    expect((await student.receptiveField.observe(layers)).args).toEqual([layers]);
  });
});

interface Cost {
  shape: number[];
  parameters: number;
  multiplyAdds: number;
}

exercise("lenet-cost", ({ test }) => {
  test("all of AlexNet: 61 100 840 parameters, 714 188 480 multiply–adds, 1000 outputs", async () => {
    const conv = (out: number, kernel: number, stride: number, padding: number) => ({
      kind: "conv",
      ...{ out, kernel, stride, padding },
    });
    const pool = { kind: "pool", kernel: 3, stride: 2 };
    const linear = [4096, 4096, 1000].map((out) => ({ kind: "linear", out }));
    const features = [conv(64, 11, 4, 2), pool, conv(192, 5, 1, 2), pool, conv(384, 3, 1, 1)];
    const rest = [conv(256, 3, 1, 1), conv(256, 3, 1, 1), pool, ...linear];
    const costs = (await student.layerCosts([3, 224, 224], [...features, ...rest])) as Cost[];
    expect(costs.map(({ parameters }) => parameters).reduce((a, b) => a + b)).toBe(61_100_840);
    expect(costs.map(({ multiplyAdds }) => multiplyAdds).reduce((a, b) => a + b)).toBe(714_188_480);
    expect(costs[7].shape).toEqual([256, 6, 6]);
    expect(costs.at(-1)?.shape).toEqual([1000]);
  });

  test("a linear layer on an image: one weight for each of 3 · 4 · 5 numbers", async () => {
    expect(await student.layerCosts([3, 4, 5], [{ kind: "linear", out: 7 }])).toEqual([
      { shape: [7], parameters: 7 * 61, multiplyAdds: 7 * 60 },
    ]);
    expect(await student.layerCosts([3, 4, 5], []), "no layers, no costs").toEqual([]);
  });

  test("a 1×1 convolution on many channels", async () => {
    expect(await student.layerCosts([192, 28, 28], [{ kind: "conv", out: 16, kernel: 1 }])).toEqual([
      { shape: [16, 28, 28], parameters: 3088, multiplyAdds: 2_408_448 },
    ]);
  });

  test("overlapping pooling on a plane that is not square", async () => {
    expect(await student.layerCosts([8, 9, 6], [{ kind: "pool", kernel: 3, stride: 2 }])).toEqual([
      { shape: [8, 4, 2], parameters: 0, multiplyAdds: 0 },
    ]);
  });

  test("the arguments stay as they are, and a second call gives the same", async () => {
    const given = [
      [1, 8, 8],
      [
        { kind: "conv", out: 2, kernel: 3 },
        { kind: "linear", out: 3 },
      ],
    ];
    const { value, args } = await student.layerCosts.observe(...given);
    expect(args).toEqual(given);
    expect(await student.layerCosts(...given)).toEqual(value);
  });
});

import { exercise, expect, student } from "gradlab/testing";

type Images = number[][][][];
interface Options {
  stride?: number;
  padding?: number;
  dilation?: number;
}
interface Gradients {
  dx: Images;
  dWeight: Images;
  dBias: number[];
}

/** A matrix written as in the text: rows are separated by "/". */
function matrix(text: string): number[][] {
  return text.split("/").map((row) => row.trim().split(" ").map(Number));
}

/** Random images of the given four sizes, from −1 to 1. */
function randomImages(random: () => number, [n, c, h, w]: number[]): Images {
  const list = <T>(length: number, make: () => T) => Array.from({ length }, make);
  return list(n, () => list(c, () => list(h, () => list(w, () => 2 * random() - 1))));
}

/** Convolution read off the definition: what lies outside the image is 0, and windows that reach too far are left out. */
function reference(x: Images, weight: Images, bias: number[], options: Options = {}): Images {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const pixel = (n: number, c: number, r: number, q: number) => x[n][c][r]?.[q] ?? 0;
  const starts = (size: number, kernel: number) =>
    Array.from({ length: size + 2 * padding }, (_, start) => start - padding).filter(
      (start) => (start + padding) % stride === 0 && start + dilation * (kernel - 1) <= size + padding - 1,
    );
  return x.map((image, n) =>
    weight.map((filter, o) =>
      starts(image[0].length, filter[0].length).map((top) =>
        starts(image[0][0].length, filter[0][0].length).map((left) =>
          filter
            .flatMap((plane, c) =>
              plane.flatMap((row, k) =>
                row.map((w, l) => w * pixel(n, c, top + k * dilation, left + l * dilation)),
              ),
            )
            .reduce((sum, product) => sum + product, bias[o]),
        ),
      ),
    ),
  );
}

const dot = (a: Images, b: Images) => {
  const others = b.flat(3);
  return a.flat(3).reduce((sum, value, i) => sum + value * others[i], 0);
};

/**
 * The gradient of Σ g · f(at) for a linear f: its change when one number after the other is 1 and the rest 0. Knows no
 * formula for backward.
 */
function slopesOf(f: (at: Images) => Images, g: Images, at: Images): Images {
  const zeros = at.map((a) => a.map((b) => b.map((c) => c.map(() => 0))));
  return at.map((a, n) =>
    a.map((b, c) =>
      b.map((row, i) =>
        row.map((_, j) => {
          const one = structuredClone(zeros);
          one[n][c][i][j] = 1;
          return dot(g, f(one));
        }),
      ),
    ),
  );
}

const binary = matrix("1 1 1 0 0 / 0 1 1 1 0 / 0 0 1 1 1 / 0 0 1 1 0 / 0 1 1 0 0");
const cross = matrix("1 0 1 / 0 1 0 / 1 0 1");
const nine = matrix("1 2 3 / 4 5 6 / 7 8 9");
const difference = matrix("1 0 / 0 -1");

exercise("conv-output-size", ({ test }) => {
  test("7 inputs, a window of 3: 7 − 3 + 1 = 5 places", async () => {
    expect(await student.outputSize(7, 3)).toBe(5);
  });

  test("stride 2 visits every other place: 3", async () => {
    expect(await student.outputSize(7, 3, { stride: 2 })).toBe(3);
  });

  test("8 inputs, stride 2: 5/2 is rounded down, so 3 places", async () => {
    expect(await student.outputSize(8, 3, { stride: 2 })).toBe(3);
  });

  test("padding counts on both sides: 32 inputs, a window of 5, padding 2 stay 32", async () => {
    expect(await student.outputSize(32, 5, { padding: 2 })).toBe(32);
  });

  test("dilation 2 lets 3 weights span 5 inputs: 7 inputs, 3 places", async () => {
    expect(await student.outputSize(7, 3, { dilation: 2 })).toBe(3);
  });

  test("a window as large as the axis has one place, whatever the stride", async () => {
    expect(await student.outputSize(5, 5)).toBe(1);
    expect(await student.outputSize(5, 5, { stride: 3 })).toBe(1);
  });

  test("the first layer of AlexNet: 224 → 55", async () => {
    expect(await student.outputSize(224, 11, { stride: 4, padding: 2 })).toBe(55);
  });

  test("twenty random settings agree with counting windows one by one", async ({ random }) => {
    const upTo = (most: number) => 1 + Math.floor(most * random());
    for (let trial = 0; trial < 20; trial++) {
      const [kernel, stride, dilation, padding] = [upTo(4), upTo(4), upTo(3), upTo(4) - 1];
      const size = dilation * (kernel - 1) + upTo(12);
      let count = 0;
      for (let start = 0; start + dilation * (kernel - 1) < size + 2 * padding; start += stride) count++;
      expect(
        await student.outputSize(size, kernel, { stride, padding, dilation }),
        `size ${size}, kernel ${kernel}, stride ${stride}, padding ${padding}, dilation ${dilation}`,
      ).toBe(count);
    }
  });

  test("a window that does not fit is a RangeError", { gated: true }, async () => {
    await expect(student.outputSize(2, 3)).rejects.toMatchObject({ name: "RangeError" });
  });

  test("its message names what the window spans, 37, and the padded axis, 26", { gated: true }, async () => {
    await expect(student.outputSize(20, 10, { dilation: 4, padding: 3 })).rejects.toMatchObject({
      message: expect.stringMatching(/37.*26|26.*37/) as string,
    });
  });

  test(
    "a window of 5 on 4 inputs does not fit either, with stride 2",
    { gated: true, hint: "(4 − 5)/2 is −0.5, which rounds down to −1. Math.trunc would make it 0." },
    async () => {
      await expect(student.outputSize(4, 5, { stride: 2 })).rejects.toMatchObject({ name: "RangeError" });
    },
  );
});

exercise("pad2d", ({ test }) => {
  test("a 2×2 plane with padding 1 becomes 4×4", async () => {
    expect(await student.pad2d(matrix("1 2 / 3 4"), 1)).toEqual(
      matrix("0 0 0 0 / 0 1 2 0 / 0 3 4 0 / 0 0 0 0"),
    );
  });

  test("padding 0 changes nothing", async () => {
    expect(await student.pad2d(nine, 0)).toEqual(nine);
  });

  test("a single row of three with padding 2 becomes 5×7", async () => {
    expect(await student.pad2d([[5, 6, 7]], 2)).toEqual(
      matrix("0 0 0 0 0 0 0 / 0 0 0 0 0 0 0 / 0 0 5 6 7 0 0 / 0 0 0 0 0 0 0 / 0 0 0 0 0 0 0"),
    );
  });

  test(
    "the plane that was passed stays as it is",
    { hint: "push and unshift change the array itself; [...a, ...b] makes a new one." },
    async () => {
      const { args } = await student.pad2d.observe(nine, 1);
      expect(args).toEqual([nine, 1]);
    },
  );
});

exercise("conv2d-forward", ({ test }) => {
  test("the 5×5 image of the text: 4 3 4 / 2 4 3 / 2 3 4", async () => {
    expect(await student.conv2dForward([[binary]], [[cross]], [0])).toBeAllClose([
      [matrix("4 3 4 / 2 4 3 / 2 3 4")],
    ]);
  });

  test("the same with stride 2: 4 4 / 2 4", async () => {
    expect(await student.conv2dForward([[binary]], [[cross]], [0], { stride: 2 })).toBeAllClose([
      [matrix("4 4 / 2 4")],
    ]);
  });

  test("two channels, two filters, biases 1 and 0.5: the table gives 8 and 0.5", async () => {
    const x = [[matrix("1 2 / 3 4"), matrix("0 1 / 1 0")]];
    const weight = [
      [matrix("1 0 / 0 1"), matrix("1 1 / 1 1")],
      [matrix("0 -1 / 0 0"), matrix("0 0 / 2 0")],
    ];
    expect(await student.conv2dForward(x, weight, [1, 0.5])).toBeAllClose([[[[8]], [[0.5]]]]);
  });

  test("the filter is not turned around: upper left minus lower right is −4 everywhere", async () => {
    expect(await student.conv2dForward([[nine]], [[difference]], [0])).toBeAllClose([
      [matrix("-4 -4 / -4 -4")],
    ]);
  });

  test("a filter that picks its right neighbour, with same padding: zeros come in from the right", async () => {
    const neighbour = matrix("0 0 0 / 0 0 1 / 0 0 0");
    expect(await student.conv2dForward([[nine]], [[neighbour]], [0], { padding: 1 })).toBeAllClose([
      [matrix("2 3 0 / 5 6 0 / 8 9 0")],
    ]);
  });

  test("dilation 2: weights 1 and 10 read inputs that are 2 apart", async () => {
    expect(
      await student.conv2dForward([[[[1, 2, 3, 4, 5]]]], [[[[1, 10]]]], [0], { dilation: 2 }),
    ).toBeAllClose([[[[31, 42, 53]]]]);
  });

  test("a 1×1 convolution mixes the channels at each pixel", async () => {
    const x = [[matrix("1 2 / 3 4"), matrix("10 20 / 30 40")]];
    expect(await student.conv2dForward(x, [[[[2]], [[1]]]], [0])).toBeAllClose([[matrix("12 24 / 36 48")]]);
  });

  test("three images, two channels, 3×2 filters, stride 2 and padding 1: as the definition says", async ({
    random,
  }) => {
    const [x, weight, bias] = [
      randomImages(random, [3, 2, 5, 6]),
      randomImages(random, [4, 2, 3, 2]),
      [1, 2, 3, 4],
    ];
    const options = { stride: 2, padding: 1 };
    expect(await student.conv2dForward(x, weight, bias, options)).toBeAllClose(
      reference(x, weight, bias, options),
    );
  });
});

exercise("conv2d-backward", ({ test }) => {
  const g = matrix("1 0 / 2 1");
  const example = async () => (await student.conv2dBackward([[g]], [[nine]], [[difference]])) as Gradients;

  test("the example: the bias gets 1 + 0 + 2 + 1 = 4", async () => {
    expect((await example()).dBias).toBeAllClose([4]);
  });

  test("the example: the weights get 14, 18, 26, 30", async () => {
    expect((await example()).dWeight).toBeAllClose([[matrix("14 18 / 26 30")]]);
  });

  test("the example: four stamps add up to the gradient of the input", async () => {
    expect((await example()).dx).toBeAllClose([[matrix("1 0 0 / 2 0 0 / 0 -2 -1")]]);
  });

  test("two images: the weights and the bias get the sum over both, not the mean", async () => {
    const { dWeight, dBias } = (await student.conv2dBackward(
      [[[[1]]], [[[10]]]],
      [[[[2]]], [[[3]]]],
      [[[[5]]]],
    )) as Gradients;
    expect(dWeight).toBeAllClose([[[[32]]]]);
    expect(dBias).toBeAllClose([11]);
  });

  test("two maps: each pixel hears from both, each channel through its own weight", async () => {
    const { dx, dWeight } = (await student.conv2dBackward(
      [[[[1]], [[10]]]],
      [[[[7]], [[8]]]],
      [
        [[[2]], [[3]]],
        [[[4]], [[5]]],
      ],
    )) as Gradients;
    expect(dx).toBeAllClose([[[[42]], [[53]]]]);
    expect(dWeight).toBeAllClose([
      [[[7]], [[8]]],
      [[[70]], [[80]]],
    ]);
  });

  test("stride 2 on a row: the stamps (1, 2, 3) and 10 · (1, 2, 3) lie 2 apart", async () => {
    const x = [[[[1, 1, 1, 1, 1]]]];
    const { dx } = (await student.conv2dBackward([[[[1, 10]]]], x, [[[[1, 2, 3]]]], {
      stride: 2,
    })) as Gradients;
    expect(dx).toBeAllClose([[[[1, 2, 13, 20, 30]]]]);
  });

  test("padding 1: the weights meet the zeros of the margin, and dx has the size of x", async () => {
    const three = matrix("0 0 0 / 1 2 3 / 0 0 0");
    const { dx, dWeight } = (await student.conv2dBackward([[[[1, 10]]]], [[[[5, 6]]]], [[three]], {
      padding: 1,
    })) as Gradients;
    expect(dWeight).toBeAllClose([[matrix("0 0 0 / 50 65 6 / 0 0 0")]]);
    expect(dx).toBeAllClose([[[[12, 23]]]]);
  });

  test("random images, 3×2 filters, stride 2, padding 1, dilation 2: every slope agrees with a measurement", async ({
    random,
  }) => {
    const [x, weight] = [randomImages(random, [2, 2, 5, 4]), randomImages(random, [2, 2, 3, 2])];
    const options = { stride: 2, padding: 1, dilation: 2 };
    const gradient = randomImages(random, [2, 2, 2, 2]);
    const { dx, dWeight, dBias } = (await student.conv2dBackward(gradient, x, weight, options)) as Gradients;
    expect(dWeight).toBeAllClose(slopesOf((w) => reference(x, w, [0, 0], options), gradient, weight));
    expect(dx).toBeAllClose(slopesOf((at) => reference(at, weight, [0, 0], options), gradient, x));
    expect(dBias).toBeAllClose(
      [0, 1].map((o) => gradient.flatMap((maps) => maps[o].flat()).reduce((a, b) => a + b)),
    );
  });
});

exercise("max-pool2d", ({ test }) => {
  const x = matrix("1 3 2 1 / 4 2 0 1 / 0 1 5 6 / 2 2 7 3");

  test("largestIn: 4 stands at row 1, column 0 of the upper left window", async () => {
    expect(await student.largestIn(x, 0, 0, 2)).toEqual([1, 0]);
  });

  test("largestIn: of two equal values, the first in reading order", async () => {
    expect(await student.largestIn(x, 2, 0, 2)).toEqual([3, 0]);
    expect(await student.largestIn(matrix("0 7 / 7 0"), 0, 0, 2)).toEqual([0, 1]);
  });

  test("the 4×4 plane of the text: 4 2 / 2 7", async () => {
    expect(await student.maxPool(x, 2)).toBeAllClose(matrix("4 2 / 2 7"));
  });

  test("negative values: the maximum of −3, −1, −2, −4 is −1, not 0", async () => {
    expect(await student.maxPool(matrix("-3 -1 / -2 -4"), 2)).toBeAllClose([[-1]]);
  });

  test("windows of 3 with stride 2 overlap: the 9 in the middle wins all four", async () => {
    const plane = binary.map((row, i) => row.map((v, j) => (i === 2 && j === 2 ? 9 : v)));
    expect(await student.maxPool(plane, 3, 2)).toBeAllClose(matrix("9 9 / 9 9"));
  });

  test("backward, the example: each gradient goes to the largest value of its window", async () => {
    const g = matrix("1 2 / 3 4");
    expect(await student.maxPoolBackward(g, x, 2)).toBeAllClose(
      matrix("0 0 2 0 / 1 0 0 0 / 0 0 0 0 / 3 0 4 0"),
    );
  });

  test("backward with overlap: the 9 wins all four windows, so its gradients add up to 10", async () => {
    const plane = binary.map((row, i) => row.map((v, j) => (i === 2 && j === 2 ? 9 : v)));
    const routed = (await student.maxPoolBackward(matrix("1 2 / 3 4"), plane, 3, 2)) as number[][];
    expect(routed[2][2]).toBeAllClose(10);
    expect(routed.flat().reduce((a, b) => a + b)).toBeAllClose(10);
  });

  test("a 3×5 plane, windows of 2: one row and one column are in no window, and get no gradient", async () => {
    const plane = matrix("1 2 8 4 99 / 5 3 7 6 99 / 99 99 99 99 99");
    expect(await student.maxPool(plane, 2)).toBeAllClose([[5, 8]]);
    expect(await student.maxPoolBackward([[1, 10]], plane, 2)).toBeAllClose(
      matrix("0 0 10 0 0 / 1 0 0 0 0 / 0 0 0 0 0"),
    );
  });
});

exercise("im2col-conv", ({ test }) => {
  test("the columns of the text: 2×2 windows on the image 1 to 9", async () => {
    expect(await student.im2col([nine], 2, 2)).toBeAllClose(matrix("1 2 4 5 / 2 3 5 6 / 4 5 7 8 / 5 6 8 9"));
  });

  test("two channels: first all rows of channel 0, then those of channel 1", async () => {
    const ten = nine.map((row) => row.map((v) => 10 * v));
    expect(await student.im2col([nine, ten], 1, 3)).toBeAllClose(
      matrix("1 4 7 / 2 5 8 / 3 6 9 / 10 40 70 / 20 50 80 / 30 60 90"),
    );
  });

  test("a 3×1 window on a 4×2 image: k chooses the row of the image", async () => {
    const image = matrix("1 2 / 3 4 / 5 6 / 7 8");
    expect(await student.im2col([image], 3, 1)).toBeAllClose(matrix("1 2 3 4 / 3 4 5 6 / 5 6 7 8"));
  });

  test("stride 2 and padding 1: windows that begin in the margin see zeros", async () => {
    expect(await student.im2col([nine], 2, 2, { stride: 2, padding: 1 })).toBeAllClose(
      matrix("0 0 0 5 / 0 0 4 6 / 0 2 0 8 / 1 3 7 9"),
    );
  });

  test("conv2dByMatrix: filter (1, 0, 0, −1) on the same image gives −4 everywhere", async () => {
    expect(await student.conv2dByMatrix([[nine]], [[difference]], [0])).toBeAllClose([
      [matrix("-4 -4 / -4 -4")],
    ]);
  });

  test("conv2dByMatrix adds the bias once: −4 + 100", async () => {
    expect(await student.conv2dByMatrix([[nine]], [[difference]], [100])).toBeAllClose([
      [matrix("96 96 / 96 96")],
    ]);
  });

  test("conv2dByMatrix on two images of 3×5 with stride, padding and dilation: as the definition says", async ({
    random,
  }) => {
    const [x, weight, bias] = [
      randomImages(random, [2, 3, 3, 5]),
      randomImages(random, [2, 3, 2, 3]),
      [1, -1],
    ];
    for (const options of [{}, { stride: 2 }, { padding: 1 }, { padding: 2, dilation: 2 }]) {
      const expected = reference(x, weight, bias, options);
      expect(await student.conv2dByMatrix(x, weight, bias, options), JSON.stringify(options)).toBeAllClose(
        expected,
      );
    }
  });
});

const leNetStack = [{ kernel: 5 }, { kernel: 2, stride: 2 }, { kernel: 5 }, { kernel: 2, stride: 2 }];

exercise("receptive-field", ({ test }) => {
  test("no layers: an output is an input, so 1", async () => {
    expect(await student.receptiveField([])).toBe(1);
  });

  test("one layer sees its window: 7", async () => {
    expect(await student.receptiveField([{ kernel: 7 }])).toBe(7);
  });

  test("two layers of 3 see 5", async () => {
    expect(await student.receptiveField([{ kernel: 3 }, { kernel: 3 }])).toBe(5);
  });

  test("ten layers of 3 see 1 + 10 · 2 = 21", async () => {
    expect(await student.receptiveField(Array.from({ length: 10 }, () => ({ kernel: 3 })))).toBe(21);
  });

  test("a stride widens what comes after it: 3 with stride 2, then 3: 3 + 2 · 2 = 7", async () => {
    expect(await student.receptiveField([{ kernel: 3, stride: 2 }, { kernel: 3 }])).toBe(7);
  });

  test("… but not its own window: 3, then 3 with stride 2, still 5", async () => {
    expect(await student.receptiveField([{ kernel: 3 }, { kernel: 3, stride: 2 }])).toBe(5);
  });

  test("the first four layers of LeNet-5: 16", async () => {
    expect(await student.receptiveField(leNetStack)).toBe(16);
  });

  test("dilations 1, 2, 4 with windows of 2: 1 + 1 + 2 + 4 = 8", async () => {
    expect(await student.receptiveField([1, 2, 4].map((dilation) => ({ kernel: 2, dilation })))).toBe(8);
  });

  test("three strides of 2 multiply: the last of four windows of 3 adds 2 · 8", async () => {
    const layers = [2, 2, 2, 1].map((stride) => ({ kernel: 3, stride }));
    expect(await student.receptiveField(layers)).toBe(1 + 2 + 4 + 8 + 16);
  });
});

interface Cost {
  shape: number[];
  parameters: number;
  multiplyAdds: number;
}
const leNet5 = [
  { kind: "conv", out: 6, kernel: 5, padding: 2 },
  { kind: "pool", kernel: 2, stride: 2 },
  { kind: "conv", out: 16, kernel: 5 },
  { kind: "pool", kernel: 2, stride: 2 },
  { kind: "linear", out: 120 },
  { kind: "linear", out: 84 },
  { kind: "linear", out: 10 },
];

exercise("lenet-cost", ({ test }) => {
  const costs = async (input: number[], layers: object[]) =>
    (await student.layerCosts(input, layers)) as Cost[];

  test("shapes of LeNet-5, layer by layer", async () => {
    expect((await costs([1, 28, 28], leNet5)).map(({ shape }) => shape)).toEqual([
      [6, 28, 28],
      [6, 14, 14],
      [16, 10, 10],
      [16, 5, 5],
      [120],
      [84],
      [10],
    ]);
  });

  test("parameters of LeNet-5: 156, 0, 2416, 0, 48 120, 10 164, 850", async () => {
    expect((await costs([1, 28, 28], leNet5)).map(({ parameters }) => parameters)).toEqual([
      156, 0, 2416, 0, 48_120, 10_164, 850,
    ]);
  });

  test("multiply–adds of LeNet-5: 117 600, 0, 240 000, 0, 48 000, 10 080, 840", async () => {
    expect((await costs([1, 28, 28], leNet5)).map(({ multiplyAdds }) => multiplyAdds)).toEqual([
      117_600, 0, 240_000, 0, 48_000, 10_080, 840,
    ]);
  });

  test("ten 5×5 filters on [3, 32, 32] with padding 2: 760 parameters, 768 000 multiply–adds", async () => {
    expect(await costs([3, 32, 32], [{ kind: "conv", out: 10, kernel: 5, padding: 2 }])).toEqual([
      { shape: [10, 32, 32], parameters: 760, multiplyAdds: 768_000 },
    ]);
  });

  test("the first two layers of AlexNet: [64, 55, 55] and [64, 27, 27]", async () => {
    const layers = [
      { kind: "conv", out: 64, kernel: 11, stride: 4, padding: 2 },
      { kind: "pool", kernel: 3, stride: 2 },
    ];
    expect(await costs([3, 224, 224], layers)).toEqual([
      { shape: [64, 55, 55], parameters: 23_296, multiplyAdds: 70_276_800 },
      { shape: [64, 27, 27], parameters: 0, multiplyAdds: 0 },
    ]);
  });

  test("height and width are two numbers: a 3×3 filter on [2, 5, 9] gives [4, 3, 7]", async () => {
    expect(await costs([2, 5, 9], [{ kind: "conv", out: 4, kernel: 3 }])).toEqual([
      { shape: [4, 3, 7], parameters: 4 * (2 * 9 + 1), multiplyAdds: 4 * 3 * 7 * 2 * 9 },
    ]);
  });
});

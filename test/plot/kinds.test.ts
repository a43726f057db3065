import { describe, expect, test } from "vitest";
import { displaySymbol } from "../../src/display/mime.js";
import { band } from "../../src/plot/band.js";
import { convolutionAnimation } from "../../src/plot/convolution-animation.js";
import { decisionBoundary } from "../../src/plot/decision-boundary.js";
import type { Figure } from "../../src/plot/figure.js";
import { heatMap } from "../../src/plot/heat-map.js";
import { histogramOverTime } from "../../src/plot/histogram-over-time.js";
import { imageGrid } from "../../src/plot/image-grid.js";
import { layerStatistics, summarizeLayers } from "../../src/plot/layer-statistics.js";
import { line } from "../../src/plot/line.js";
import { filterNormalizedDirection, lossGrid, lossSurface } from "../../src/plot/loss-surface.js";
import { panels } from "../../src/plot/panels.js";
import { planeWarp } from "../../src/plot/plane-warp.js";
import { plot } from "../../src/plot/plot.js";
import { scatter } from "../../src/plot/scatter.js";
import type { Trace } from "../../src/plot/trace.js";
import { trajectories } from "../../src/plot/trajectories.js";
import { ones, tensor, zeros } from "../../src/tensor/create.js";
import { Generator, rand, randn } from "../../src/tensor/random.js";
import "../../src/testing/matchers.js";

const generator = new Generator(1);
const even = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
const list = (trace: Trace, key: string) => trace[key] as (number | null)[];

describe("band", () => {
  test("is mean ± the sample's standard deviation, of one colour with its curve", () => {
    const spread = Math.SQRT2;
    const runs = [
      [1, 5],
      [3, 7],
    ];
    const { data } = plot([band({ x: [0, 1], runs, name: "a" }), band({ x: [0, 1], runs, name: "b" })]);
    expect(list(data[1], "y")).toEqual([2, 6]);
    expect(list(data[0], "y")).toBeAllClose([2 + spread, 6 + spread, 6 - spread, 2 - spread]);
    expect(list(data[0], "x")).toEqual([0, 1, 1, 0]);
    const colors = data.map((trace) => (trace["line"] as { color: string }).color);
    expect(colors[0]).toBe(colors[1]);
    expect(colors[2]).not.toBe(colors[0]);
    expect(data[0]["fillcolor"]).toBe(colors[0]);
    expect(data.map((trace) => trace["showlegend"])).toEqual([false, true, false, true]);
  });

  test("a single run has no spread; points that are not finite are left out", () => {
    const [fill, curve] = band({ x: [0, 1, 2], runs: [[1, NaN, 3]] });
    expect(list(fill, "y")).toEqual([1, 3, 3, 1]);
    expect(list(curve, "y")).toEqual([1, null, 3]);
  });
});

describe("heatMap", () => {
  test("without coordinates has row 0 on top, and numbers in its cells while they are few", () => {
    const { data, layout } = plot(
      heatMap({
        z: tensor([
          [1, 2],
          [3, 4],
        ]),
      }),
    );
    expect(data[0]).toMatchObject({
      z: [
        [1, 2],
        [3, 4],
      ],
      texttemplate: "%{z}",
    });
    expect(layout["yaxis"]).toMatchObject({ autorange: "reversed", dtick: 1 });
    expect(heatMap({ z: zeros([20, 20]) })["texttemplate"]).toBeUndefined();
  });

  test("with many cells draws the means of blocks at their centres", () => {
    const z = Array.from({ length: 200 }, (_, i) => Array.from({ length: 300 }, (_, j) => i + 1000 * j));
    const trace = heatMap({ z, x: even(0, 299, 300) });
    const rows = trace["z"] as number[][];
    expect([rows.length, rows[0].length]).toEqual([100, 150]);
    expect(rows[0][0]).toBe(500.5);
    expect(rows[99][1]).toBe(2699); // 2500 + 198.5, to four digits
    expect(list(trace, "x").slice(0, 2)).toEqual([0.5, 2.5]);
  });
});

describe("decisionBoundary", () => {
  test("the highest score wins; a single score is compared with the threshold", () => {
    const scores = tensor([
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      [
        [0, 0, 1],
        [0, 2, 1],
      ],
    ]);
    const [region] = decisionBoundary({ x: [0, 1], y: [0, 1], scores });
    expect(region["z"]).toEqual([
      [0, 1],
      [2, 1],
    ]);
    const options = { x: [0, 1], y: [0, 1], scores: (x: number) => x, resolution: 3 } as const;
    expect(decisionBoundary({ ...options, threshold: 0.75 })[0]["z"]).toEqual([
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });

  test("the line lies where the scores tie, also between grid points", () => {
    const options = {
      x: [0, 1],
      y: [0, 1],
      scores: (x: number) => x - 0.3,
      threshold: 0,
      resolution: 2,
    } as const;
    // zero of the margin, linearly between -0.3 at x = 0 and 0.7 at x = 1
    expect(decisionBoundary(options)[1]).toMatchObject({
      z: [
        [-0.3, 0.7],
        [-0.3, 0.7],
      ],
      showlegend: false,
    });
  });

  test("points differ by marker, regions without points carry their names", () => {
    const options = { x: [-1, 1], y: [-1, 1], scores: (x: number) => x, threshold: 0 } as const;
    const points = { x: [-0.5, 0.5, 0.6], y: [0, 0, 0], class: [0, 1, 1] };
    const drawn = decisionBoundary({ ...options, points, classes: ["left", "right"] }).slice(2);
    expect(drawn.map(({ name, x }) => [name, x])).toEqual([
      ["left", [-0.5]],
      ["right", [0.5, 0.6]],
    ]);
    expect(new Set(drawn.map(({ marker }) => (marker as { symbol: string }).symbol)).size).toBe(2);
    expect(decisionBoundary(options).at(-1)!["text"]).toEqual(["class 0", "class 1"]);
  });
});

test("planeWarp draws the grid before and after, and sends the points through the map", () => {
  const { data } = planeWarp((x, y) => [x + y, 2 * y], { lines: 3, points: { x: [1], y: [0.5] } });
  const [across, up, point, acrossAfter, upAfter, pointAfter] = data;
  expect(list(across, "x")).toHaveLength(3 * 62);
  expect([list(across, "x")[0], list(across, "y")[0]]).toEqual([-1, -1]);
  expect([list(acrossAfter, "x")[0], list(acrossAfter, "y")[0]]).toEqual([-2, -2]);
  expect(up["line"]).toMatchObject({ dash: "dash" });
  expect(upAfter["xaxis"]).toBe("x2");
  expect([point["x"], point["y"], pointAfter["x"], pointAfter["y"]]).toEqual([[1], [0.5], [1.5], [1]]);
});

describe("trajectories", () => {
  const landscape = { x: [-1, 1], y: [-1, 1], z: (x: number, y: number) => x * x + y * y };

  test("every frame ends at its step; shorter and diverged paths wait at their ends", () => {
    const { data, frames } = trajectories({
      landscape,
      paths: [
        { x: [0, 0.1, 0.2], y: [0, 0, 0], name: "long" },
        { x: [0.5, NaN, 1], y: [0, 0, 0], name: "diverged" },
      ],
    });
    expect(frames.map((frame) => frame.data.map(({ x }) => x))).toEqual([
      [[0], [0.5]],
      [[0, 0.1], [0.5]],
      [[0, 0.1, 0.2], [0.5]],
    ]);
    expect(frames[0].traces.map((index) => data[index]["name"])).toEqual(["long", "diverged"]);
    expect(data[2]).toMatchObject({ x: [0, 0.1, 0.2], marker: { size: [0, 0, 10] } });
  });

  test("the slider stops at 50 of many steps, the first and the last among them", () => {
    const x = even(0, 1, 1001);
    const { frames, layout } = trajectories({ landscape, paths: [{ x, y: x, name: "SGD" }] });
    const [slider] = layout["sliders"] as { active: number; steps: { label: string }[] }[];
    expect(frames).toHaveLength(50);
    expect(slider.active).toBe(49);
    expect([slider.steps[0].label, slider.steps[49].label]).toEqual(["step 0", "step 1000"]);
    expect((frames[49].data[0]["x"] as number[]).at(-1)).toBe(1);
  });
});

test("histogramOverTime counts shares of the finite numbers, those outside the range in none", () => {
  const values = [[0, 0.4, 1, NaN], tensor([2, 0.9])];
  const trace = histogramOverTime({ steps: [10, 20], values, bins: 2, range: [0, 1] });
  expect(trace).toMatchObject({
    x: [10, 20],
    y: [0.25, 0.75],
    z: [
      [66.67, 0],
      [33.33, 50],
    ],
  });
  expect(histogramOverTime({ steps: [0], values: [[5, 5]], bins: 1 })).toMatchObject({ y: [5], z: [[100]] });
});

describe("layerStatistics", () => {
  test("are over all finite values of a layer", () => {
    const layers = [
      {
        name: "a",
        values: tensor([
          [1, -1],
          [0, 0],
        ]),
      },
      { name: "b", values: [3, NaN, 3] },
      { name: "dead", values: [NaN] },
    ];
    const [a, b, dead] = summarizeLayers(layers);
    expect(a).toEqual({ name: "a", mean: 0, std: Math.SQRT1_2, saturation: 0.5 });
    expect(b).toEqual({ name: "b", mean: 3, std: 0, saturation: 1 });
    expect(dead).toEqual({ name: "dead", mean: NaN, std: NaN, saturation: NaN });
    const { data } = layerStatistics(layers, { isSaturated: (value) => value === 0 });
    expect(data.map(({ y }) => y)).toEqual([[0, 3, null], [0.7071068], [50, 0]]);
    expect(data.map(({ text }) => text)).toEqual([["a", "b", "dead"], ["a"], ["a", "b"]]);
  });
});

describe("convolutionAnimation", () => {
  const binary = [
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
  ];
  const cross = [
    [1, 0, 1],
    [0, 1, 0],
    [1, 0, 1],
  ];

  test.for([
    {
      stride: 1,
      expected: [
        [4, 3, 4],
        [2, 4, 3],
        [2, 3, 4],
      ],
    },
    {
      stride: 2,
      expected: [
        [4, 4],
        [2, 4],
      ],
    },
  ])("of the 5 × 5 binary image, stride $stride", ({ stride, expected }) => {
    const { data, frames, layout } = convolutionAnimation({ input: binary, kernel: cross, stride });
    expect(data[3]["z"]).toEqual(expected);
    expect(frames).toHaveLength(expected.length ** 2);
    expect(frames[0].data[2]["z"]).toEqual(
      expected.map((row, i) => row.map((v, j) => (i + j === 0 ? v : null))),
    );
    expect(frames.at(-1)!.data[2]["z"]).toEqual(expected);
    const [slider] = layout["sliders"] as { steps: { label: string }[] }[];
    expect(slider.steps[0].label).toBe("output[0, 0] = 1·1 + 1·1 + 1·1 + 1·1 = 4");
  });

  test("with padding, stride and bias; the window moves with the output", () => {
    const { data, frames } = convolutionAnimation({
      input: [[1, 2]],
      kernel: [[1, -1]],
      padding: 1,
      bias: 0.5,
      stride: 2,
    });
    expect(data[0]["z"]).toEqual([
      [0, 0, 0, 0],
      [0, 1, 2, 0],
      [0, 0, 0, 0],
    ]);
    expect(data[3]["z"]).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    expect(frames[1].data[0]).toEqual({ x: [1.5, 3.5, 3.5, 1.5, 1.5], y: [-0.5, -0.5, 0.5, 0.5, -0.5] });
  });
});

describe("loss surface", () => {
  test("directions have the filters' lengths, and zeros for parameters of one axis", () => {
    const weight = randn([3, 2, 2], { generator, dtype: "float64" });
    const [direction, bias] = filterNormalizedDirection([weight, ones([3])], generator);
    for (const start of [0, 4, 8]) {
      const filter = weight.data.slice(start, start + 4);
      expect(Math.hypot(...direction.slice(start, start + 4))).toBeAllClose(Math.hypot(...filter));
    }
    expect(direction).not.toEqual(weight.data);
    expect([...bias]).toEqual([0, 0, 0]);
  });

  test("the grid is θ + α d₁ + β d₂, rows along β", () => {
    const weight = tensor([[1, 2]], { dtype: "float64" });
    const directions = [[Float64Array.of(1, 0)], [Float64Array.of(0, 10)]] as const;
    const grid = lossGrid([weight], () => weight.data[0] + weight.data[1], {
      directions,
      radius: 1,
      resolution: 3,
    });
    expect(grid).toEqual({
      alpha: [-1, 0, 1],
      beta: [-1, 0, 1],
      loss: [
        [-8, -7, -6],
        [2, 3, 4],
        [12, 13, 14],
      ],
    });
    expect([...weight.data]).toEqual([1, 2]);
  });

  test("the parameters are put back after an error as well", () => {
    const weight = tensor([[1, 2]]);
    const fail = () => {
      throw new Error("no data");
    };
    expect(() => lossGrid([weight], fail)).toThrow("no data");
    expect([...weight.data]).toEqual([1, 2]);
  });

  test("heights are logarithms unless told", () => {
    const grid = {
      alpha: [0, 1],
      beta: [0, 1],
      loss: [
        [1, 10],
        [100, 0],
      ],
    };
    expect(lossSurface(grid).data[0]["z"]).toEqual([
      [0, 1],
      [2, null],
    ]);
    expect(lossSurface(grid, { log: false }).data[0]["z"]).toEqual(grid.loss);
  });
});

test("imageGrid draws black to white, and says how many of too many images it shows", () => {
  const { data, layout } = imageGrid(rand([200, 28, 28], { generator }), { title: "Digits" });
  expect(layout["title"]).toMatchObject({ text: "Digits · first 76 of 200 images" });
  expect(data[0]["source"]).toMatch(/^data:image\/png;base64,/);
  const labelled = imageGrid(zeros([3, 3, 4, 4]), { labels: ["a", "b", "c"], columns: 2 });
  expect(labelled.data[1]).toMatchObject({ text: ["a", "b", "c"], x: [1.5, 7.5, 1.5], y: [1, 1, 7] });
});

test("panels leave more room where a colour bar has a title", () => {
  const secondPanel = (name?: string) => {
    const map = plot(heatMap({ z: [[1, 2]], ...(name !== undefined && { name }) }));
    return (panels([map, map]).layout["xaxis2"] as { domain: [number, number] }).domain[0];
  };
  expect(secondPanel()).toBeCloseTo(0.58);
  expect(secondPanel("loss")).toBeCloseTo(0.6);
});

test("panels keep their axes, legends, titles, notes and equal scales apart", () => {
  const left = plot(line({ x: [1, 2], y: [1, 2], name: "a" }), { title: "left", equalAxes: true });
  const right = plot(scatter({ x: [1, 2], y: [1, 2] }), {
    title: "right",
    notes: [{ x: 1, y: 1, text: "here" }],
  });
  const { data, layout } = panels([left, right, left], { title: "all" });
  expect(data.map(({ xaxis, yaxis, legend }) => [xaxis, yaxis, legend])).toEqual([
    ["x", "y", "legend"],
    ["x2", "y2", "legend2"],
    ["x3", "y3", "legend3"],
  ]);
  expect(layout["yaxis3"]).toMatchObject({ scaleanchor: "x3", anchor: "x3" });
  expect(layout["annotations"]).toMatchObject([
    { text: "<b>left</b>" },
    { text: "<b>right</b>" },
    { text: "here", xref: "x2", yref: "y2" },
    { text: "<b>left</b>" },
  ]);
});

test("long lines keep their extremes, many markers every n-th", () => {
  const x = even(0, 99_999, 100_000);
  const spike = (value: number) => (value === 77_777 ? 9 : value === 33_333 ? -9 : 0);
  const { data } = plot([line({ x, y: spike }), scatter({ x, y: spike })]);
  expect(list(data[0], "y").length).toBeLessThanOrEqual(5002);
  expect(list(data[0], "y")).toEqual(expect.arrayContaining([9, -9]));
  expect(list(data[0], "x")).toEqual(expect.arrayContaining([0, 33_333, 77_777, 99_999]));
  expect(list(data[1], "x").slice(0, 3)).toEqual([0, 20, 40]);
});

const noise = (count: number) => Array.from({ length: count }, () => generator.normal());
const field = {
  x: even(-3.141593, 3.141593, 60),
  y: even(-2.718282, 2.718282, 60),
  z: () => generator.normal(),
};

test.for<[string, () => Figure]>([
  ["lines", () => plot(Array.from({ length: 8 }, () => line({ x: noise(20_000), y: noise(20_000) })))],
  [
    "bands",
    () => plot(Array.from({ length: 6 }, () => band({ x: noise(800), runs: [noise(800), noise(800)] }))),
  ],
  ["heat map", () => plot(heatMap({ z: randn([400, 400], { generator }) }))],
  ["image grid", () => imageGrid(rand([100, 3, 32, 32], { generator }), { labels: noise(100).map(String) })],
  [
    "decision boundary",
    () => {
      const scores = randn([60, 60, 3], { generator });
      const points = { x: noise(2000), y: noise(2000), class: noise(2000).map((v) => (v > 0 ? 1 : 2)) };
      return plot(decisionBoundary({ x: [-1, 1], y: [-1, 1], scores, points }));
    },
  ],
  ["plane warp", () => planeWarp(() => noise(2), { lines: 25, points: { x: noise(500), y: noise(500) } })],
  [
    "trajectories",
    () => {
      const paths = Array.from({ length: 6 }, (_, i) => ({ x: noise(1000), y: noise(1000), name: `${i}` }));
      return trajectories({ landscape: field, paths });
    },
  ],
  [
    "histogram",
    () => plot(histogramOverTime({ steps: even(0, 1, 1000), values: even(0, 1, 1000).map(() => noise(50)) })),
  ],
  [
    "convolution",
    () =>
      convolutionAnimation({ input: randn([14, 14], { generator }), kernel: randn([5, 5], { generator }) }),
  ],
  [
    "loss surface",
    () => {
      const along = even(-1.234567, 1.234567, 101);
      return lossSurface({ alpha: along, beta: along, loss: along.map(() => noise(101).map(Math.exp)) });
    },
  ],
])("the output of %s stays below 300 kB", ([, draw]) => {
  const figure = draw();
  const html = figure[displaySymbol]()["text/html"] as string;
  expect(html.length - html.indexOf("<div id=")).toBeLessThan(300_000);
  expect(JSON.stringify(figure.toJSON()).length).toBeLessThan(300_000);
});

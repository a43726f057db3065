import { expect, test } from "vitest";
import { band } from "../../src/plot/band.js";
import { contour } from "../../src/plot/contour.js";
import { convolutionAnimation } from "../../src/plot/convolution-animation.js";
import { Dashboard } from "../../src/plot/dashboard.js";
import { decisionBoundary } from "../../src/plot/decision-boundary.js";
import { heatMap } from "../../src/plot/heat-map.js";
import { histogramOverTime } from "../../src/plot/histogram-over-time.js";
import { imageGrid } from "../../src/plot/image-grid.js";
import { layerStatistics } from "../../src/plot/layer-statistics.js";
import { line } from "../../src/plot/line.js";
import { filterNormalizedDirection, lossGrid, lossSurface } from "../../src/plot/loss-surface.js";
import { panels } from "../../src/plot/panels.js";
import { planeWarp } from "../../src/plot/plane-warp.js";
import { plot } from "../../src/plot/plot.js";
import { ProgressBar } from "../../src/plot/progress-bar.js";
import { scatter } from "../../src/plot/scatter.js";
import { trajectories } from "../../src/plot/trajectories.js";
import { tensor, zeros } from "../../src/tensor/create.js";
import { Generator } from "../../src/tensor/random.js";

const square = { x: [0, 1], y: [0, 1] } as const;
const still = plot(line(square));
const landscape = { ...square, z: (x: number, y: number) => x + y };
const moving = trajectories({ landscape, paths: [{ ...square, name: "SGD" }] });
const sum = (x: number, y: number) => x + y;

test.for<[() => unknown, string]>([
  // line, scatter, contour
  [
    () => line({ x: [1, 2], y: [NaN, Infinity] }),
    "line: y has no finite number among its 2: all are NaN or infinite. Look where they are computed.",
  ],
  [
    () => scatter({ x: [1], y: [NaN] }),
    "scatter: y has no finite number among its 1: all are NaN or infinite. Look where they are computed.",
  ],
  [
    () => contour({ ...square, z: () => NaN }),
    "contour: z has no finite number among its 4: all are NaN or infinite. Look where they are computed.",
  ],
  // band
  [() => band({ x: [1] }), "band: pass either runs, or both mean and spread."],
  [() => band({ x: [1], runs: [] }), "band: runs is empty. Expected at least one run."],
  [
    () => band({ x: [1, 2], runs: [[1, 2], [3]] }),
    "band: run 1 has 1 values, x has 2. Every run needs one per x.",
  ],
  [
    () => band({ x: [1, 2], mean: [1, 2], spread: [1] }),
    "band: x has 2 values but spread has 1. Each point needs both.",
  ],
  [
    () => band({ x: [1, 2], mean: [1, 2], spread: [1, -3] }),
    "band: spread is -3 at index 1. Expected 0 or more.",
  ],
  // heatMap
  [
    () => heatMap({ z: [[1, 2], [3, 4], [5]] }),
    "heatMap: row 2 of z has 1 numbers, row 0 has 2. All rows must be equally long.",
  ],
  [() => heatMap({ z: [] }), "heatMap: z is [0, 0]. Expected at least one row and one column."],
  [
    () => heatMap({ z: zeros([2, 3, 4]) }),
    "heatMap: z has shape [2, 3, 4]. Expected two axes, [rows, columns].",
  ],
  [
    () => heatMap({ z: [[NaN, NaN]] }),
    "heatMap: z has no finite number among its 2: all are NaN or infinite. Look where they are computed.",
  ],
  [
    () => heatMap({ z: [[1, 2]], x: [1] }),
    "heatMap: x has 1 numbers, z has 2 columns. Expected one per column.",
  ],
  [
    () => heatMap({ z: [[1, 2]], y: [1, 2] }),
    "heatMap: y has 2 numbers, z has 1 rows. Expected one per row.",
  ],
  // imageGrid
  [
    () => imageGrid(zeros([2, 4, 5, 5])),
    "imageGrid: images has shape [2, 4, 5, 5]. Expected [n, H, W], [n, 1, H, W] or [n, 3, H, W], none of them 0.",
  ],
  [
    () => imageGrid(zeros([0, 5, 5])),
    "imageGrid: images has shape [0, 5, 5]. Expected [n, H, W], [n, 1, H, W] or [n, 3, H, W], none of them 0.",
  ],
  [
    () => imageGrid(zeros([2, 5, 5]), { labels: ["a"] }),
    "imageGrid: there are 1 labels for 2 images. Expected one per image.",
  ],
  [() => imageGrid(zeros([1, 300, 300])), "imageGrid: an image of [300, 300] has more than 60000 pixels."],
  [
    () => imageGrid(zeros([2, 5, 5]), { columns: 0 }),
    "imageGrid: columns is 0. Expected a whole number from 1.",
  ],
  [
    () => imageGrid(zeros([2, 5, 5]), { range: [1, 1] }),
    "imageGrid: range is [1, 1]. Expected a lower and a higher number.",
  ],
  [
    () => imageGrid(tensor([[[NaN]]])),
    "imageGrid: images has no finite number. Look where they are computed.",
  ],
  // decisionBoundary
  [
    () => decisionBoundary({ x: [1, 1], y: [0, 1], scores: sum }),
    "decisionBoundary: x is [1, 1]. Expected a lower and a higher end.",
  ],
  [
    () => decisionBoundary({ ...square, scores: sum, resolution: 101 }),
    "decisionBoundary: resolution is 101. Expected a whole number from 2 to 100.",
  ],
  [
    () => decisionBoundary({ ...square, scores: zeros([4, 4]) }),
    "decisionBoundary: scores has shape [4, 4]. Expected [rows, columns, classes], each at least 2.",
  ],
  [
    () => decisionBoundary({ ...square, scores: (x) => (x > 0.5 ? [1, 2, 3] : [1, 2]), resolution: 2 }),
    "decisionBoundary: scores at (1, 0) has 3 classes. Expected 2.",
  ],
  [
    () => decisionBoundary({ ...square, scores: () => NaN }),
    "decisionBoundary: scores at (0, 0) is 0.5, NaN. Expected finite numbers.",
  ],
  [
    () => decisionBoundary({ ...square, scores: sum, points: { x: [1], y: [1], class: [] } }),
    "decisionBoundary: points has 1 x, 1 y and 0 classes. Each point needs all three.",
  ],
  [
    () => decisionBoundary({ ...square, scores: sum, points: { x: [1], y: [1], class: [2] } }),
    "decisionBoundary: a point has class 2. There are scores for 0 to 1.",
  ],
  // planeWarp
  [
    () => planeWarp((x, y) => [x, y], { lines: 1 }),
    "planeWarp: lines is 1. Expected a whole number from 2 to 25.",
  ],
  [
    () => planeWarp((x, y) => [x, y], { y: [2, 1] }),
    "planeWarp: y is [2, 1]. Expected a lower and a higher end.",
  ],
  [() => planeWarp((x) => [x]), "planeWarp: the map sends (-1, -1) to [-1]. Expected two finite numbers."],
  [
    () => planeWarp((x, y) => [x, y], { points: { x: [1], y: [1, 2] } }),
    "planeWarp: points has 1 x, 2 y. Each point needs all of them.",
  ],
  // trajectories
  [() => trajectories({ landscape, paths: [] }), "trajectories: there are no paths. Pass at least one."],
  [
    () => trajectories({ landscape, paths: [{ x: [1], y: [], name: "SGD" }] }),
    'trajectories: path "SGD" has 1 x but 0 y. Each position needs both.',
  ],
  [
    () => trajectories({ landscape, paths: [{ x: [NaN], y: [1], name: "SGD" }] }),
    'trajectories: path "SGD" has no start that is finite. Expected at least one position.',
  ],
  // histogramOverTime
  [
    () => histogramOverTime({ steps: [1, 2], values: [[1]] }),
    "histogramOverTime: there are 2 steps but 1 sets of values. Each step needs one.",
  ],
  [
    () => histogramOverTime({ steps: [1], values: [[1]], bins: 0 }),
    "histogramOverTime: bins is 0. Expected a whole number from 1 to 200.",
  ],
  [
    () => histogramOverTime({ steps: [1], values: [[NaN]] }),
    "histogramOverTime: values has no finite number. Look where they are computed.",
  ],
  [
    () => histogramOverTime({ steps: [1], values: [[1]], range: [1, 1] }),
    "histogramOverTime: range is [1, 1]. Expected a lower and a higher end.",
  ],
  // layerStatistics
  [() => layerStatistics([]), "layerStatistics: there are no layers. Pass at least one."],
  [
    () => layerStatistics([{ name: "h", values: [NaN] }]),
    "layerStatistics: no layer has a finite value. Look where they are computed.",
  ],
  // convolutionAnimation
  [
    () => convolutionAnimation({ input: [[1]], kernel: [[1]], stride: 0 }),
    "convolutionAnimation: stride is 0. Expected a whole number from 1.",
  ],
  [
    () => convolutionAnimation({ input: [[1]], kernel: [[1]], padding: 0.5 }),
    "convolutionAnimation: padding is 0.5. Expected a whole number from 0.",
  ],
  [
    () => convolutionAnimation({ input: [[1, 2]], kernel: [[1], [1]] }),
    "convolutionAnimation: the kernel [2, 1] is larger than the padded input [1, 2].",
  ],
  [
    () => convolutionAnimation({ input: zeros([11, 11]), kernel: [[1]] }),
    "convolutionAnimation: the output [11, 11] has 121 cells, at most 100 can be shown. Take a smaller input or a larger stride.",
  ],
  // lossSurface
  [
    () => filterNormalizedDirection([zeros([3])], new Generator(0)),
    "filterNormalizedDirection: none of the 1 parameters has two or more axes, so there is nothing to move: biases stay. Pass the weights.",
  ],
  [
    () => lossGrid([zeros([2, 2])], () => 1, { resolution: 4 }),
    "lossGrid: resolution is 4. Expected an odd number from 3 to 101.",
  ],
  [
    () => lossGrid([zeros([2, 2])], () => 1, { radius: 0 }),
    "lossGrid: radius is 0. Expected a positive number.",
  ],
  [
    () => lossGrid([zeros([2, 2])], () => 1, { directions: [[new Float64Array(3)], [new Float64Array(4)]] }),
    "lossGrid: a direction has sizes [3], the parameters have [4].",
  ],
  [
    () =>
      lossSurface({
        alpha: [0, 1],
        beta: [0, 1],
        loss: [
          [0, -1],
          [NaN, 0],
        ],
      }),
    "contour: z has no finite number among its 4: all are NaN or infinite. Look where they are computed.",
  ],
  // panels, Dashboard, ProgressBar
  [() => panels([]), "panels: there are no figures. Pass at least one plot(…)."],
  [() => panels([still], { columns: 1.5 }), "panels: columns is 1.5. Expected a whole number from 1."],
  [() => panels([still, moving]), "panels: figure 1 is animated. Only still figures fit together."],
  [() => new Dashboard({ interval: -1 }), "Dashboard: interval is -1. Expected milliseconds, 0 or more."],
  [() => new Dashboard().add(NaN, { loss: 1 }), "Dashboard: step is NaN. Expected a finite number."],
  [() => new ProgressBar("training", 0), "ProgressBar: total is 0. Expected a whole number from 1."],
  [() => new ProgressBar("training", 3).update(4), "ProgressBar: done is 4. Expected a number from 0 to 3."],
])("%$ %s", ([draw, message]) => {
  expect(draw).toThrow(new RangeError(message));
});

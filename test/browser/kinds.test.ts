import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { displaySymbol } from "../../src/display/mime.js";
import { band } from "../../src/plot/band.js";
import { convolutionAnimation } from "../../src/plot/convolution-animation.js";
import { decisionBoundary } from "../../src/plot/decision-boundary.js";
import type { Figure } from "../../src/plot/figure.js";
import { heatMap } from "../../src/plot/heat-map.js";
import { histogramOverTime } from "../../src/plot/histogram-over-time.js";
import { imageGrid } from "../../src/plot/image-grid.js";
import { layerStatistics } from "../../src/plot/layer-statistics.js";
import { lossSurface } from "../../src/plot/loss-surface.js";
import { planeWarp } from "../../src/plot/plane-warp.js";
import { plot } from "../../src/plot/plot.js";
import { trajectories } from "../../src/plot/trajectories.js";
import { tensor } from "../../src/tensor/create.js";
import { useBrowser, type ColorScheme } from "./open-page.js";

const open = useBrowser();
const html = (figure: Figure) => figure[displaySymbol]()["text/html"] as string;
const square = { x: [-1, 1], y: [-1, 1] } as const;
const landscape = { x: [-1, 0, 1], y: [-1, 0, 1], z: (x: number, y: number) => x * x + y * y };

const convolution = convolutionAnimation({
  input: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  kernel: [[1, 1]],
});

const paths = trajectories({
  landscape,
  paths: [{ x: [-1, 0, 0.5], y: [1, 0.5, 0], name: "SGD" }],
  x: "x",
  y: "y",
});

const kinds: [string, Figure, drawn: string][] = [
  ["band", plot([band({ x: [0, 1], mean: [1, 2], spread: [0.5, 0.2], name: "loss" })]), ".trace .js-fill"],
  ["heat map", plot(heatMap({ z: [[1, 2]] })), ".heatmap-label"],
  ["image grid", imageGrid(tensor([[[0, 1]], [[1, 0]]]), { labels: ["a", "b"] }), ".imagelayer image"],
  [
    "decision boundary",
    plot(decisionBoundary({ ...square, scores: (x) => x, threshold: 0 })),
    ".contourlines path",
  ],
  ["plane warp", planeWarp((x, y) => [x + y, y]), ".x2y2 path.js-line"],
  ["trajectories", paths, ".contourlines path"],
  [
    "histogram over time",
    plot(
      histogramOverTime({
        steps: [0, 1],
        values: [
          [0, 1],
          [1, 1],
        ],
      }),
    ),
    ".heatmaplayer image",
  ],
  ["layer statistics", layerStatistics([{ name: "a", values: [1, 2] }]), ".errorbar"],
  [
    "loss surface",
    lossSurface({
      alpha: [-1, 1],
      beta: [-1, 1],
      loss: [
        [1, 10],
        [3, 5],
      ],
    }),
    ".contourlines path",
  ],
  ["convolution", convolution, ".heatmap-label"],
];

/** The colours in which texts are drawn, as far as they are to be seen. */
async function inkOf(page: Page, selector: string): Promise<string[]> {
  const colors = await page.evaluate<string[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})]
      .map((text) => getComputedStyle(text))
      .filter((style) => style.fillOpacity !== "0")
      .map((style) => style.fill)`,
  );
  return [...new Set(colors)];
}

test.for(
  kinds.flatMap((kind) => (["light", "dark"] as ColorScheme[]).map((scheme) => [scheme, ...kind] as const)),
)("in %s, a %s is drawn in the text's colour", async ([scheme, , figure, drawn]) => {
  const page = await open(html(figure), scheme);
  await page.waitForSelector(drawn, { state: "attached" });
  const color = scheme === "light" ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";
  const texts =
    ".xtick text, .ytick text, .x2tick text, .annotation-text, .legendtext, .slider-label, .contourlabels text";
  if (figure.layout["xaxis"] && drawn !== ".imagelayer image") {
    await expect.poll(() => inkOf(page, texts)).toEqual([color]);
  } else {
    await expect.poll(() => inkOf(page, ".textpoint text")).toEqual([color]);
  }
  await page.context().close();
});

/** The slider's text and the numbers written in the cells of the output, the last of the three maps. */
async function shown(page: Page): Promise<{ label: string; output: string[] }> {
  return page.evaluate(`({
    label: document.querySelector(".slider-label").textContent,
    output: [...document.querySelectorAll(".x3y3 .heatmap-label")].map((text) => text.textContent),
  })`);
}

test("the slider of a convolution moves the window and the output, and Play runs to the end", async () => {
  const page = await open(html(convolution));
  await page.waitForSelector(".slider-rail-touch-rect");
  await expect
    .poll(() => shown(page))
    .toEqual({
      label: "output[1, 1] = 1·5 + 1·6 = 11",
      output: ["3", "5", "9", "11"],
    });
  const rail = (await page.locator(".slider-rail-touch-rect").boundingBox())!;
  const middle = rail.y + rail.height / 2;
  await page.mouse.click(rail.x + 2, middle);
  await expect.poll(() => shown(page)).toEqual({ label: "output[0, 0] = 1·1 + 1·2 = 3", output: ["3"] });
  await page.locator(".updatemenu-button", { hasText: "Play" }).click();
  await expect
    .poll(async () => (await shown(page)).output, { timeout: 10_000 })
    .toEqual(["3", "5", "9", "11"]);
});

test("the slider of trajectories moves the markers", async () => {
  const page = await open(html(paths));
  await page.waitForSelector(".slider-rail-touch-rect");
  const heads = () =>
    page.evaluate<number[][]>(`document.querySelector(".js-plotly-plot").data.map(({ x }) => x).slice(2)`);
  expect(await heads()).toEqual([[-1, 0, 0.5]]);
  const rail = (await page.locator(".slider-rail-touch-rect").boundingBox())!;
  await page.mouse.click(rail.x + rail.width / 2, rail.y + rail.height / 2);
  await expect.poll(heads).toEqual([[-1, 0]]);
  expect(await page.locator(".slider-label").first().textContent()).toBe("step 1");
});

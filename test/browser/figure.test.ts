import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { displaySymbol } from "../../src/display/mime.js";
import { line } from "../../src/plot/line.js";
import { plot } from "../../src/plot/plot.js";
import { graph } from "../../src/plot/graph.js";
import { useBrowser } from "./open-page.js";

const open = useBrowser();

const figure = plot([line({ x: [1, 2, 3], y: [1, 4, 9], name: "x²" })], {
  title: "A </script> title",
  x: { title: "x", log: true },
  y: "y",
  notes: [{ x: 2, y: 4, text: "here" }],
});
const figureHtml = figure[displaySymbol]()["text/html"] as string;

/** The colour in which the title of the horizontal axis is drawn. */
async function titleColor(page: Page): Promise<string> {
  return page.evaluate<string>(`getComputedStyle(document.querySelector("svg .xtitle")).fill`);
}

test("a figure draws itself, its title intact", async () => {
  const page = await open(figureHtml);
  await page.waitForSelector("svg .trace.scatter path.js-line");
  expect(await page.locator(".gtitle").textContent()).toBe("A </script> title");
  expect(await page.locator(".xtitle").textContent()).toBe("x");
  expect(await page.locator("pre").count()).toBe(0);
});

test("a figure draws itself in a page with RequireJS, whose define it leaves alone", async () => {
  const amd =
    "<script>window.defined = 0; window.define = () => { window.defined++ }; window.define.amd = {};</script>";
  const page = await open(amd + figureHtml);
  await page.waitForSelector("svg .trace.scatter");
  expect(await page.evaluate("window.defined")).toBe(0);
});

test("axis titles have the colour of the text around them, light or dark", async () => {
  for (const [scheme, color] of [
    ["light", "rgb(0, 0, 0)"],
    ["dark", "rgb(255, 255, 255)"],
  ] as const) {
    const page = await open(figureHtml, scheme);
    await page.waitForSelector("svg .trace.scatter");
    await expect.poll(() => titleColor(page)).toBe(color);
  }
});

test("a figure whose front end lacks Plotly shows its text and draws as soon as Plotly comes", async () => {
  const start = figureHtml.indexOf("<div id=");
  const page = await open(figureHtml.slice(start));
  await page.waitForTimeout(300);
  expect(await page.locator("pre").textContent()).toContain('line "x²": x 1 to 3 (3), y 1 to 9 (3)');
  const script = figureHtml.slice("<script>".length, figureHtml.indexOf("</script>"));
  await page.evaluate(script);
  await page.waitForSelector("svg .trace.scatter");
});

test("a graph is visible in light and dark", async () => {
  const x = { data: 2, grad: 1, op: "", inputs: [], label: "x" };
  const html = (await graph({ data: 4, grad: 1, op: "×", inputs: [x, x], label: "y" })[displaySymbol]())[
    "text/html"
  ];
  for (const scheme of ["light", "dark"] as const) {
    const page = await open(html as string, scheme);
    const fill = await page.evaluate(`getComputedStyle(document.querySelector("svg text")).fill`);
    expect(fill).toBe(scheme === "light" ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)");
  }
});

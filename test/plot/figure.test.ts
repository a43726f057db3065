import { afterEach, describe, expect, test } from "vitest";
import { displaySymbol } from "../../src/display/mime.js";
import { sessionSymbol } from "../../src/display/session.js";
import { contour } from "../../src/plot/contour.js";
import { scriptJson } from "../../src/plot/html.js";
import { line } from "../../src/plot/line.js";
import { plot } from "../../src/plot/plot.js";
import { scatter } from "../../src/plot/scatter.js";

type PlotlyJson = { data: Record<string, unknown>[]; layout: Record<string, { [key: string]: unknown }> };

const parabola = line({ x: [0, 1, 2], y: (x) => x * x, name: "x²" });

afterEach(() => {
  Reflect.deleteProperty(globalThis, sessionSymbol);
});

/** Puts a notebook session in place whose cells run one after another. */
function startSession(): { run: (cell: string, show: () => string) => string } {
  const executed: string[] = [];
  Object.assign(globalThis, { [sessionSymbol]: { display: () => {}, executedCells: () => executed } });
  return {
    run(cell, show) {
      executed.push(cell);
      return show();
    },
  };
}

function html(): string {
  return plot(parabola)[displaySymbol]()["text/html"] as string;
}

const bringsPlotly = (text: string) => text.length > 1_000_000;

describe("what a figure shows itself as", () => {
  test("Plotly JSON, HTML and text", () => {
    const bundle = plot([parabola], { title: "A parabola", x: "x", y: "x²" })[displaySymbol]();
    expect(Object.keys(bundle)).toEqual(["application/vnd.plotly.v1+json", "text/html", "text/plain"]);
    const json = JSON.parse(JSON.stringify(bundle["application/vnd.plotly.v1+json"])) as PlotlyJson;
    expect(json.data[0]).toMatchObject({
      type: "scatter",
      mode: "lines",
      x: [0, 1, 2],
      y: [0, 1, 4],
      name: "x²",
    });
    expect(json.layout["title"]?.["text"]).toBe("A parabola");
    expect(bundle["text/plain"]).toBe(
      'Figure: A parabola (x² against x)\n  line "x²": x 0 to 2 (3), y 0 to 4 (3)',
    );
  });

  test("the HTML contains neither a way out of its script nor a network address to load", () => {
    const title = 'A </script><img src=x onerror="alert(1)"> title';
    startSession().run("first", html); // so that only this figure's own output is left to look at
    const text = plot(parabola, { title })[displaySymbol]()["text/html"] as string;
    expect(text.match(/<\/script>/g)).toHaveLength(1);
    expect(text).not.toContain("<img");
    expect(text).not.toMatch(/https?:/);
  });

  test("script JSON survives a round trip and has no <, U+2028 or U+2029", () => {
    const value = { text: "</script> <!-- \u2028 \u2029 & '" };
    expect(scriptJson(value)).not.toMatch(/[<\u2028\u2029]/);
    expect(JSON.parse(scriptJson(value))).toEqual(value);
  });

  test("every figure has an id of its own", () => {
    startSession().run("first", html);
    const ids = [html(), html()].map((text) => /id="([^"]+)"/.exec(text)?.[1]);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe("plotly.js comes along once per notebook", () => {
  test("with the first figure only", () => {
    const { run } = startSession();
    expect(bringsPlotly(run("plot(a)", html))).toBe(true);
    const second = run("plot(b)", html);
    expect(bringsPlotly(second)).toBe(false);
    expect(second.length).toBeLessThan(10_000);
  });

  test("once in a cell that shows several figures", () => {
    const { run } = startSession();
    const both = run("display(a); display(b)", () => html() + html());
    expect(both.length).toBeLessThan(2_000_000);
  });

  test("again when the cell that carried it is run again, since that replaces its output", () => {
    const { run } = startSession();
    run("plot(a)", html);
    run("plot(b)", html);
    expect(bringsPlotly(run("plot(a)", html))).toBe(true);
    expect(bringsPlotly(run("plot(b)", html))).toBe(false);
  });

  test("again in a new session", () => {
    startSession().run("plot(a)", html);
    expect(bringsPlotly(startSession().run("plot(a)", html))).toBe(true);
  });

  test("with every figure outside a notebook", () => {
    expect([html(), html()].map(bringsPlotly)).toEqual([true, true]);
  });
});

describe("traces", () => {
  test("differ by dash and marker as well as by colour", () => {
    const { data } = plot([parabola, parabola, scatter({ x: [1], y: [1] }), scatter({ x: [1], y: [1] })]);
    const looks = data.map((trace) => JSON.stringify([trace["line"], trace["marker"]]).replace(/#\w+/g, ""));
    expect(new Set(looks).size).toBe(data.length);
  });

  test("a contour does not use up the first colour", () => {
    const field = contour({ x: [0, 1], y: [0, 1, 2], z: (x, y) => x + 10 * y });
    const { data } = plot([field, scatter({ x: [1], y: [1] })]);
    expect(data[0]?.["z"]).toEqual([
      [0, 1],
      [10, 11],
      [20, 21],
    ]);
    expect(data[1]?.["marker"]).toMatchObject({ color: "#0072b2", symbol: "circle" });
  });

  test("NaN and infinities become gaps", () => {
    const { data } = plot(line({ x: [1, 2, 3, 4], y: [NaN, Infinity, -Infinity, 4] }));
    expect(data[0]?.["y"]).toEqual([null, null, null, 4]);
  });

  test("errors say what does not fit", () => {
    expect(() => line({ x: [1, 2, 3], y: [1, 2] })).toThrow("line: x has 3 values but y has 2.");
    expect(() => contour({ x: [1, 2], y: [1, 2], z: [[1, 2]] })).toThrow("[2, 2], but is [1, 2]");
    expect(() => plot([])).toThrow("no traces");
    expect(() => plot(parabola, { x: { log: true, range: [0, 1] } })).toThrow("positive numbers only, not 0");
  });
});

test.each([
  { x: [1e-15, 1e-7, 1], dtick: 2, what: "every second decade where there are many" },
  { x: [0, 1e-3, 1], dtick: 1, what: "every decade; zeros have none" },
  { x: [2, 5], dtick: undefined, what: "Plotly's own ticks within a decade" },
])("a logarithmic axis has ticks at $what", ({ x, dtick }) => {
  const { layout } = plot(line({ x, y: (value) => value }), { x: { log: true } });
  expect((layout["xaxis"] as { dtick?: number }).dtick).toBe(dtick);
});

test("a logarithmic axis of one or two decades has ticks at 1, 2 and 5 times the powers of ten, as decimals", () => {
  const { layout } = plot(line({ x: [0.03, 0.1, 1], y: (value) => value }), { x: { log: true } });
  const { tickvals, ticktext } = layout["xaxis"] as { tickvals: number[]; ticktext: string[] };
  expect(tickvals).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]);
  expect(ticktext.slice(2, 7)).toEqual(["0.05", "0.1", "0.2", "0.5", "1"]);
});

test("ranges and notes on logarithmic axes are given in the data's own numbers", () => {
  const { layout } = plot(parabola, {
    x: { title: "h", log: true, range: [1e-8, 1] },
    notes: [{ x: 1e-5, y: 3, text: "here" }],
  });
  expect(layout["xaxis"]).toMatchObject({ type: "log", range: [-8, 0], dtick: 1 });
  expect(layout["annotations"]).toMatchObject([{ x: -5, y: 3, text: "here" }]);
});

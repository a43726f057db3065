import { describe, expect, test } from "vitest";
import { displaySymbol } from "../../src/display/mime.js";
import type { GraphNode, ScalarNode, TensorNode } from "../../src/plot/computation-graph.js";
import { graph } from "../../src/plot/graph.js";

function node(data: number, grad: number, label = "", op = "", inputs: ScalarNode[] = []): ScalarNode {
  return { data, grad, label, op, inputs };
}

/** f = (x + y) z at −2, 5, −4. */
function example() {
  const x = node(-2, -4, "x");
  const y = node(5, -4, "y");
  const z = node(-4, 3, "z");
  const q = node(3, -4, "q", "+", [x, y]);
  const f = node(-12, 1, "f", "×", [q, z]);
  return { x, y, z, q, f };
}

async function svgOf(root: GraphNode): Promise<string> {
  return (await graph(root)[displaySymbol]())["text/html"] as string;
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map((match) => match[1]);

describe("f = (x + y) z", () => {
  test("as text: every value with its formula and gradient, inputs first", () => {
    expect(String(graph(example().f))).toBe(
      [
        "x = -2, grad -4",
        "y = 5, grad -4",
        "q = x + y = 3, grad -4",
        "z = -4, grad 3",
        "f = q × z = -12, grad 1",
      ].join("\n"),
    );
  });

  test("as a drawing: names, values, gradients and operations are on it", async () => {
    const svg = await svgOf(example().f);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        "x = −2",
        "grad −4",
        "y = 5",
        "q = 3",
        "z = −4",
        "grad 3",
        "f = −12",
        "+",
        "×",
      ]),
    );
    expect(svg.match(/class="node"/g)).toHaveLength(5 + 2);
    expect(svg.match(/class="edge"/g)).toHaveLength(4 + 2);
    expect(svg).not.toMatch(/fill="(white|black)"|stroke="black"/); // the page's own colours only
  });

  test("in all three formats, small", async () => {
    const bundle = await graph(example().f)[displaySymbol]();
    expect(Object.keys(bundle)).toEqual(["image/svg+xml", "text/html", "text/plain"]);
    expect(bundle["image/svg+xml"]).toMatch(/^<svg[^>]*>\s*<style>.*prefers-color-scheme/);
    expect(JSON.stringify(bundle).length).toBeLessThan(30_000);
  });

  test("is the graph of the moment it was taken", () => {
    const { f } = example();
    const taken = graph(f);
    Object.assign(f, { grad: 99 });
    expect(String(taken)).toContain("f = q × z = -12, grad 1");
  });
});

test("labels can be given from outside", () => {
  const a = node(1, 0);
  const b = node(2, 0, "", "exp", [a]);
  expect(String(graph(b, { labels: { a, b } }))).toBe("a = 1, grad 0\nb = exp(a) = 2, grad 0");
  expect(String(graph(b))).toBe("v0 = 1, grad 0\nv1 = exp(v0) = 2, grad 0");
});

test("a shared node is drawn once, an input used twice has two arrows", async () => {
  const a = node(3, 6, "a");
  const square = node(9, 1, "a²", "×", [a, a]);
  const svg = await svgOf(square);
  expect(texts(svg).filter((text) => text === "a = 3")).toHaveLength(1);
  expect(svg.match(/class="edge"/g)).toHaveLength(3);
});

test("labels cannot inject markup or break the drawing", async () => {
  const svg = await svgOf(node(1, 0, '</text><script>alert("1")</script> \\N & "q"'));
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script&gt;");
  expect(svg).toContain("\\N &amp; &quot;q&quot;");
});

test("a chain of 10⁴ nodes is counted without recursion, not drawn, and says so", async () => {
  let last = node(0, 0);
  for (let i = 0; i < 10_000; i++) last = node(i, 0, "", "+", [last, last]);
  const bundle = await graph(last)[displaySymbol]();
  expect(Object.keys(bundle)).toEqual(["text/plain"]);
  expect(bundle["text/plain"]).toMatch(/10001 values: too many to read/);
  await expect(graph(last).toSvg()).rejects.toThrow("not drawn");
});

test("a node computed from itself is an error, not an endless loop", () => {
  const inputs: ScalarNode[] = [];
  const loop = node(1, 0, "loop", "+", inputs);
  inputs.push(node(2, 0, "", "+", [loop]));
  expect(() => graph(loop)).toThrow("no cycles");
});

test("tensors show small values, and only the shape of large ones", () => {
  const tensor = (shape: number[], values: unknown, extra: Partial<TensorNode> = {}): TensorNode => ({
    shape,
    grad: null,
    history: null,
    toArray: () => values,
    ...extra,
  });
  const w = tensor([2], [1, -0.5], { label: "w", grad: tensor([2], [4, 5]) });
  const x = tensor([100, 2], [], { label: "x" });
  const y = tensor([100], [], { label: "y", history: { op: "matmul", inputs: [x, w] } });
  expect(String(graph(y))).toBe(
    "x = shape [100, 2]\nw = [1, -0.5], grad [4, 5]\ny = matmul(x, w) = shape [100]",
  );
});

import { expect } from "vitest";
import type { ExecuteResult } from "../../src/kernel/client.js";
import { startKernel, test, textOf } from "./start-kernel.js";

/** The representations of a cell's result. */
function dataOf({ outputs }: ExecuteResult): Record<string, unknown> {
  const results = outputs.filter(({ type }) => type === "execute_result");
  expect(results).toHaveLength(1);
  return results[0].content.data as Record<string, unknown>;
}

const symbol = "[Symbol.for('Jupyter.display')]";

test("an array of plain objects is a table, too, its texts escaped", async ({ kernel }) => {
  const data = dataOf(
    await kernel.execute(
      "[{ a: 1, '<k>': '<i>x</i>' }, { a: [1, { b: 2 }], c: undefined, get d() { throw 1 } }]",
    ),
  );
  expect(data["text/plain"]).toMatch(/^\[\n? *\{ a: 1, '<k>': '<i>x<\/i>' \}/);
  expect(data["text/html"]).toBe(`<table border="1" class="dataframe">
<thead><tr><th></th><th>a</th><th>&lt;k&gt;</th><th>c</th><th>d</th></tr></thead>
<tbody>
<tr><th>0</th><td>1</td><td>&lt;i&gt;x&lt;/i&gt;</td><td></td><td></td></tr>
<tr><th>1</th><td>[ 1, { b: 2 } ]</td><td></td><td>undefined</td><td>[Getter]</td></tr>
</tbody>
</table>`);
});

test("of a large table the first rows and columns", async ({ kernel }) => {
  const code =
    "Array.from({ length: 1234 }, (_, i) => Object.fromEntries(Array.from({ length: 30 }, (_, k) => [`k${k}`, i])))";
  const html = dataOf(await kernel.execute(code))["text/html"] as string;
  expect(html.match(/<tr>/g)).toHaveLength(51);
  expect(html).toContain("<p>1234 rows × 30 columns, the first 50 × 20 shown</p>");
});

test.for([
  "[]",
  "[{}]",
  "[1, { a: 1 }]",
  "[new Date(0)]",
  "[{ a: 1 }, null]",
  "[[1]]",
  "Object.assign(Array(2), { 1: { a: 1 } })",
] as const)("%s is no table", async (code, { kernel }) => {
  expect(Object.keys(dataOf(await kernel.execute(code)))).toEqual(["text/plain"]);
});

test("Maps, Sets and Errors have Node's colours, nothing else has", async ({ kernel }) => {
  for (const [code, text] of [
    ["new Map([['k', { x: 1 }]])", "Map(1) { \u001b[32m'k'\u001b[39m => { x: \u001b[33m1\u001b[39m } }"],
    ["new Set([2n])", "Set(1) { \u001b[33m2n\u001b[39m }"],
    ["({ x: [1, 'two'] })", "{ x: [ 1, 'two' ] }"],
    ["[new Map([[1, 2]])]", "[ Map(1) { 1 => 2 } ]"],
    ["Buffer.from('hi')", "<Buffer 68 69>"],
    ["new Date(0)", "1970-01-01T00:00:00.000Z"],
    ["10n", "10n"],
    ["Symbol('s')", "Symbol(s)"],
    ["(() => { const o: any = {}; o.self = o; return o; })()", "<ref *1> { self: [Circular *1] }"],
    ["(function named() {})", "[Function: named]"],
    ["class Named {}; Named", "[class Named]"],
    ["Promise.resolve(3)", "Promise { 3 }"],
    ["[new Promise(() => {})]", "[ Promise { <pending> } ]"],
    ["null", "null"],
  ] as const) {
    const result = await kernel.execute(code);
    expect([code, textOf(result)]).toEqual([code, text]);
  }
  const error = textOf(await kernel.execute("Object.assign(new TypeError('shown'), { code: 3 })"));
  expect(error).toMatch(
    /^TypeError: shown\n {4}at Cell \[\d+\], line 1 \{\n {2}code: \u001b\[33m3\u001b\[39m\n\}$/,
  );
});

test("no colours where NO_COLOR is set", async () => {
  const kernel = await startKernel({ env: { ...process.env, NO_COLOR: "1" } });
  expect(textOf(await kernel.execute("new Set([1])"))).toBe("Set(1) { 1 }");
});

test("typed arrays are cut short", async ({ kernel }) => {
  expect(textOf(await kernel.execute("new Float32Array(1e6)"))).toMatch(
    /\n {2}\.\.\. 999976 more items\n\]$/,
  );
  expect(textOf(await kernel.execute("new Uint8Array(3)"))).toBe("Uint8Array(3) [ 0, 0, 0 ]");
});

/** How Node shows a getter that throws; older ones fail to. */
const getter =
  Number.parseInt(process.versions.node) >= 24
    ? "{ Symbol(Symbol.toStringTag): [Getter] }"
    : "(cannot be printed)";

test.for([
  ["new Proxy({}, new Proxy({}, { get() { return () => { throw new Error('trap') } } }))", "{}"],
  ["const r = Proxy.revocable([], {}); r.revoke(); r.proxy", "<Revoked Proxy>"],
  ["({ get [Symbol.toStringTag](): string { throw new Error('tag') } })", getter],
] as const)("%s has a text", async ([code, text], { kernel }) => {
  expect(textOf(await kernel.execute(code))).toBe(text);
});

test("a value whose own inspection throws is printed without it", async ({ kernel }) => {
  const code = "({ x: 1, [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('no') } })";
  expect(textOf(await kernel.execute(code))).toContain("x: 1");
});

test("values show themselves: at once or later, functions and classes, too, HTML as it is", async ({
  kernel,
}) => {
  const html = "<script>alert(1)</script><b onclick='x'>&</b>";
  const method = `${symbol}() { return { 'text/html': ${JSON.stringify(html)} } }`;
  for (const code of [
    `({ ${method} })`,
    `({ async ${method} })`,
    `Object.assign(() => 1, { ${method} })`,
    `class Shown { static ${method} }; Shown`,
    `class Base { ${method} }; class Derived extends Base {}; new Derived()`,
  ]) {
    const data = dataOf(await kernel.execute(code));
    expect([code, data["text/html"]]).toEqual([code, html]);
    expect(typeof data["text/plain"]).toBe("string");
  }
  const picture = await kernel.execute(
    `({ ${symbol}() { return { 'image/png': Uint8Array.of(1, 2, 3), 'application/json': { a: [1] }, 'text/html': undefined } } })`,
  );
  const { "text/plain": _, ...data } = dataOf(picture);
  expect(data).toEqual({ "image/png": "AQID", "application/json": { a: [1] } });
});

test.for([
  ["null", /returned null; expected an object of representations by MIME type/],
  ["'text'", /returned 'text'; expected/],
  ["['text']", /expected an object/],
  ["{ 'application/json': 1n }", /"application\/json" cannot be sent as JSON: .*BigInt/],
] as const)(
  "a value that shows itself as %s is told what is expected",
  async ([shown, message], { kernel }) => {
    const { reply, outputs } = await kernel.execute(`({ ${symbol}() { return ${shown}; } })`);
    expect(reply).toMatchObject({ status: "error", ename: "TypeError" });
    expect((reply as { evalue: string }).evalue).toMatch(message);
    expect((reply as unknown as { traceback: string[] }).traceback).toHaveLength(1);
    expect(outputs.map(({ type }) => type)).toEqual(["error"]);
  },
);

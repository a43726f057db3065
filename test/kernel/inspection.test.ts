import { expect } from "vitest";
import type { KernelClient } from "../../src/kernel/client.js";
import { test } from "./start-kernel.js";

/** What is told about the place of the `▮` in a cell. */
async function inspect(kernel: KernelClient, marked: string, detail = 0) {
  const cursor = Array.from(marked.slice(0, marked.indexOf("▮"))).length;
  const request = { code: marked.replace("▮", ""), cursor_pos: cursor, detail_level: detail };
  const { content } = await kernel.request("inspect_request", request);
  return content as { found: boolean; data: Record<string, string> };
}

const documented = `/**
 * Adds **two** numbers, as {@link plus} does.
 *
 * @param a the first
 * @param b - the second, see {@link https://example.org the page}
 * @returns the sum
 * @throws RangeError never
 * @example add(1, 2) // 3
 * @deprecated
 */
function add(a: number, b: number): number { return a + b; }
class Point {
  /** To the right. */
  x = 1;
}
const point = new Point();`;

test("signature and docstring, as Markdown and as text", async ({ kernel }) => {
  await kernel.execute(documented);
  const { found, data } = await inspect(kernel, "ad▮d(1, 2)");
  expect(found).toBe(true);
  expect(data["text/markdown"]).toBe(`\`\`\`typescript
function add(a: number, b: number): number
\`\`\`

Adds **two** numbers, as \`plus\` does.

**Parameters**

- \`a\`: the first
- \`b\`: the second, see [the page](https://example.org)

**Returns**

the sum

**Throws**

- RangeError never

**Example**

\`\`\`typescript
add(1, 2) // 3
\`\`\`

**Deprecated**`);
  expect(data["text/plain"]).toMatch(/^function add\(a: number, b: number\): number\n\nAdds/);
  expect(data["text/plain"]).toContain("@param a the first\n@param b");
});

test("more detail adds the declaration", async ({ kernel }) => {
  const brief = await inspect(kernel, "poi▮nt");
  expect(brief.data["text/plain"]).toBe("const point: Point");
  const more = await inspect(kernel, "Po▮int", 1);
  expect(more.data["text/markdown"]).toMatch(/\*\*Declaration\*\*\n\n```typescript\n[^]*To the right/);
  expect((await inspect(kernel, "point.x▮")).data["text/plain"]).toBe(
    "(property) Point.x: number\n\nTo the right.",
  );
});

test("among its arguments, the function that is called", async ({ kernel }) => {
  for (const code of ["add(▮", "add(▮)", "add(1, ▮", "add(1, ▮2)", "[1].map(() => add(▮))"])
    expect([code, (await inspect(kernel, code)).data["text/plain"]?.split("\n")[0]]).toEqual([
      code,
      "function add(a: number, b: number): number",
    ]);
  const method = await inspect(kernel, "Math.max(1, ▮");
  expect(method.data["text/plain"]).toMatch(/^\(method\) Math\.max/);
});

test("a tensor's method tells what its operation does", async ({ kernel }) => {
  await kernel.execute("import { tensor } from 'gradlab';");
  const { data } = await inspect(kernel, "tensor([1, 2]).soft▮max()");
  expect(data["text/markdown"]).toContain("softmax: (axis?: number) => Tensor");
  expect(data["text/markdown"]).toContain("Adding a constant to all x changes\nnothing.");
});

test("of the library, too; nothing where there is nothing", async ({ kernel }) => {
  await kernel.execute("import { tensor } from 'gradlab';");
  expect((await inspect(kernel, "tens▮or([1])")).data["text/markdown"]).toContain(
    "**Throws**\n\n- ShapeError",
  );
  for (const code of ["▮", "1 + ▮ 2", "// ad▮d", "'ad▮d'", "nothing▮"])
    expect([code, await inspect(kernel, code)]).toMatchObject([code, { found: false, data: {} }]);
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { KernelClient } from "../../src/kernel/client.js";
import { startKernel, temporaryFolder, test } from "./start-kernel.js";

interface Match {
  text: string;
  type: string;
  signature: string;
  start: number;
  end: number;
}

/** What is offered at the `▮` of a cell. */
async function complete(kernel: KernelClient, marked: string) {
  const code = marked.replace("▮", "");
  const cursor = Array.from(marked.slice(0, marked.indexOf("▮"))).length;
  const { content } = await kernel.request("complete_request", { code, cursor_pos: cursor });
  expect(content.status).toBe("ok");
  const { matches, cursor_start: start, cursor_end: end, metadata } = content;
  const types = (metadata as { _jupyter_types_experimental: Match[] })._jupyter_types_experimental;
  expect(types.map(({ text }) => text)).toEqual(matches);
  for (const match of types) expect(match).toMatchObject({ start, end });
  return { matches: matches as string[], start, end, types };
}

test("members only, with their types and signatures", async ({ kernel }) => {
  const { matches, types, start, end } = await complete(kernel, "[1, 2].ma▮");
  expect({ matches, start, end }).toEqual({ matches: ["map"], start: 7, end: 9 });
  expect(types[0].type).toBe("function");
  expect(types[0].signature).toMatch(/^<U>\(callbackfn: /);
  const all = await complete(kernel, "const 𝒗 = { beta: 1, alpha: () => 2 }; 𝒗.▮");
  expect(all.types).toMatchObject([
    { text: "alpha", type: "function", signature: "(): number" },
    { text: "beta", type: "property", signature: "" },
  ]);
  expect(all.start).toBe(41);
});

test("the notebook's own names first, then others of that case, keywords last", async ({ kernel }) => {
  await kernel.execute("const constant = 1; function matrix(rows: number) { return rows } class Machine {}");
  expect((await complete(kernel, "ma▮")).matches).toEqual(["matrix", "Machine", "Map", "Math"]);
  expect((await complete(kernel, "Ma▮")).matches.slice(0, 3)).toEqual(["Machine", "Map", "Math"]);
  expect((await complete(kernel, "con▮")).matches).toEqual(["constant", "console", "const", "continue"]);
  const here = await complete(kernel, "const localOne = 1;\nlocal▮One");
  expect(here).toMatchObject({ matches: ["localOne"], start: 20, end: 28 });
  const everything = await complete(kernel, "▮");
  expect(everything.matches.indexOf("matrix")).toBeLessThan(everything.matches.indexOf("Array"));
  const firstKeyword = everything.types.findIndex(({ type }) => type === "keyword");
  expect(everything.types.slice(firstKeyword).every(({ type }) => type === "keyword")).toBe(true);
});

test("a name in the middle is found if none begins so; nothing in comments and texts", async ({ kernel }) => {
  expect((await complete(kernel, "[1].dexO▮")).matches).toEqual(["indexOf", "lastIndexOf"]);
  for (const code of ["// Mat▮", "'Mat▮'", "`Mat▮`"])
    expect([code, (await complete(kernel, code)).matches]).toEqual([code, []]);
});

test("texts that a type allows, and names of an import", async ({ kernel }) => {
  await kernel.execute("type Side = 'left' | 'right';");
  expect(await complete(kernel, "const side: Side = 'l▮'")).toMatchObject({
    matches: ["left"],
    start: 20,
    end: 21,
  });
  expect((await complete(kernel, "import { readFile▮ } from 'node:fs'")).matches).toEqual([
    "readFile",
    "readFileSync",
  ]);
  expect((await complete(kernel, "import { tens▮ } from 'gradlab'")).matches).toContain("tensor");
});

test("modules to import: Node's, installed packages, files beside the notebook", async () => {
  const cwd = temporaryFolder();
  const installed = join(cwd, "node_modules", "@scope", "installed");
  mkdirSync(installed, { recursive: true });
  mkdirSync(join(cwd, "folder"));
  writeFileSync(join(installed, "package.json"), '{ "name": "@scope/installed" }');
  writeFileSync(join(cwd, "helpers.ts"), "export const help = 1;");
  writeFileSync(join(cwd, "folder", "deep.ts"), "export const deep = 1;");
  const kernel = await startKernel({ cwd });
  for (const [code, ...expected] of [
    ["import fs from 'node:f▮'", "node:fs", "node:fs/promises"],
    ["import {} from 'gradl▮'", "gradlab"],
    ["import {} from 'gradlab/▮'", "course", "testing"],
    ["import {} from '@sc▮'", "@scope"],
    ["import {} from '@scope/▮'", "installed"],
    ["import {} from './▮'", "folder", "helpers", "node_modules"],
    ["const { help } = await import('./h▮')", "helpers"],
    ["import {} from './folder/▮", "deep"],
    ["import { ▮ } from './helpers'", "help"],
  ]) {
    const { matches } = await complete(kernel, code);
    expect([code, ...matches.filter((match) => match !== "type")]).toEqual([code, ...expected]);
  }
});

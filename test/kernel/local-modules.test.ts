import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { ExecuteResult } from "../../src/kernel/client.js";
import { startKernel, temporaryFolder, test, textOf } from "./start-kernel.js";

/** A kernel in a folder whose files the test writes. */
async function kernelWith(files: Record<string, string>) {
  const cwd = temporaryFolder();
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const kernel = await startKernel({ cwd });
  return {
    write,
    remove: (name: string) => rmSync(join(cwd, name)),
    run: (code: string) => kernel.execute(code),
  };
}

function tracebackOf({ reply }: ExecuteResult): string {
  expect(reply.status).toBe("error");
  return (reply as unknown as { traceback: string[] }).traceback.join("\n");
}

test("an edit counts at the next import, at once, through modules that import the edited one", async () => {
  const { write, run } = await kernelWith({
    "top.ts": "import { deep } from './folder/deep'; export const top = () => deep() + 1;",
    "folder/deep.ts": "export const deep = () => 1;",
  });
  const use = "import { top } from './top'; top()";
  expect(textOf(await run(use))).toBe("2");
  for (const value of [10, 20, 30]) {
    write("folder/deep.ts", `export const deep = () => ${value};`);
    expect(textOf(await run(use))).toBe(String(value + 1));
  }
  write("top.ts", "export const top = () => 'text';");
  expect(textOf(await run(use))).toBe("'text'");
  expect(textOf(await run("const dynamic = await import('./top'); dynamic.top()"))).toBe("'text'");
});

test("a module without changes keeps its state", async () => {
  const { write, run } = await kernelWith({
    "counter.ts": "let n = 0; export const next = () => ++n;",
    "other.ts": "export const other = 1;",
  });
  const use = "import { next } from './counter'; import { other } from './other'; [next(), other]";
  expect(textOf(await run(use))).toBe("[ 1, 1 ]");
  write("other.ts", "export const other = 2;");
  expect(textOf(await run(use))).toBe("[ 2, 2 ]");
});

test("what is wrong with a file is told with its name and line, until it is right again", async () => {
  const { write, run } = await kernelWith({ "mine.ts": "export const mine = 1;" });
  const use = "import { mine } from './mine'; mine";
  expect(textOf(await run(use))).toBe("1");
  write("mine.ts", "export const renamed = 1;");
  expect(tracebackOf(await run(use))).toMatch(
    /^Cell \[2\], line 1: Module '"\.\/mine"' has no exported member 'mine'/,
  );
  write("mine.ts", "// one\nexport const mine = = 1;");
  expect(tracebackOf(await run(use))).toMatch(
    /^mine\.ts, line 2: Expression expected\. ts\(1109\)\n  1 \| \/\/ one\n> 2 \| export const mine = = 1;\n    \| {21}\^$/,
  );
  write("mine.ts", "export let mine: (a: { x: number }) => void;\nmine = (a: { x: string }) => {};");
  const reasons = tracebackOf(await run(use));
  expect(reasons).toMatch(/^mine\.ts, line 2: /);
  expect(reasons).not.toMatch(/^Cell/m);
  write("mine.ts", "export const mine = 2;");
  expect(textOf(await run(use))).toBe("2");
});

test("files and packages that come and go", async () => {
  const { write, remove, run } = await kernelWith({
    "user.ts": "import { made } from './made'; export const user = made;",
  });
  const use = "import { user } from './user'; user";
  expect(tracebackOf(await run(use))).toMatch(/^user\.ts, line 1: Cannot find module '\.\/made'/);
  write("made.ts", "export const made = 7;");
  expect(textOf(await run(use))).toBe("7");
  remove("made.ts");
  expect(tracebackOf(await run(use))).toMatch(/^user\.ts, line 1: Cannot find module '\.\/made'/);
  const usePackage = "import { answer } from 'late'; answer";
  expect(tracebackOf(await run(usePackage))).toMatch(/Cannot find module 'late'/);
  write(
    "node_modules/late/package.json",
    JSON.stringify({
      name: "late",
      exports: { ".": { types: "./types.d.ts", default: "./code.js" } },
    }),
  );
  write("node_modules/late/types.d.ts", "export declare const answer: number;");
  write("node_modules/late/code.js", "exports.answer = 42;");
  expect(textOf(await run(usePackage))).toBe("42");
});

test("modules that import each other, and extensions as other tools want them", async () => {
  const { run } = await kernelWith({
    "one.ts":
      "import { two } from './two.ts'; export const one = () => 1; export const sum = () => one() + two();",
    "two.ts": "import { one } from './one.js'; export const two = () => one() + 1;",
  });
  expect(textOf(await run("import { sum } from './one.ts'; sum()"))).toBe("3");
  expect(textOf(await run("import { two } from './two'; two()"))).toBe("2");
});

test("a file above the notebook's folder is refused in words that help", async () => {
  const { run, write, remove } = await kernelWith({});
  write("../above-gradlab-test.ts", "export const above = 1;");
  try {
    const text = tracebackOf(await run("import { above } from '../above-gradlab-test'; above"));
    expect(text).toMatch(/^Cell \[1\], line 1: A cell can import files from the folder of its notebook/);
  } finally {
    remove("../above-gradlab-test.ts");
  }
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as gradlab from "../src/index.js";

// Every @example in the library's docstrings runs: each line `code // result` must evaluate to that result, other lines
// are executed as they are.
const folders = ["tensor", "ops", "autodiff", "scalar", "testing", "optim", "data", "fit", "nn", "plot"];
const source = fileURLToPath(new URL("../src/", import.meta.url));

const files = folders.flatMap((folder) =>
  readdirSync(join(source, folder))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);
const texts = new Map(files.map((file) => [file, readFileSync(join(source, file), "utf8")]));
// what lesson tests import runs inside vitest only
const library = files.filter((file) => !texts.get(file)!.includes('from "vitest"'));

function examplesIn(file: string): { line: number; code: string }[] {
  const text = texts.get(file)!;
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: { line: number; code: string }[] = [];
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node)) {
      if (tag.parent.parent !== node || tag.tagName.text !== "example") continue;
      const code = text
        .slice(tag.tagName.end, tag.end)
        .replace(/\*\/$/, "")
        .replace(/^\s*\*( |$)/gm, "");
      found.push({ line: tree.getLineAndCharacterOfPosition(tag.pos).line + 1, code: code.trim() });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The example as a program: results are compared where a comment announces them. */
function program(code: string): string {
  return code
    .split("\n")
    .map((line) => {
      const [, expression, result] = /^(.*\S)\s+\/\/ (.+)$/.exec(line) ?? [];
      return expression === undefined ? line : `compare((${expression.replace(/;$/, "")}), (${result}));`;
    })
    .join("\n");
}

/** The TypeScript of the README, where imports are for the reader. */
function readmeExamples(): (readonly [string, string])[] {
  const text = readFileSync(join(source, "../README.md"), "utf8");
  const fences = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  return fences.map((code, i) => [`README.md, example ${i + 1}`, code.replace(/^import .*$/gm, "").trim()]);
}

const docstrings = library.flatMap((file) =>
  examplesIn(file).map(({ line, code }) => [`${file}:${line} ${code.split("\n").at(-1)}`, code] as const),
);

const examples = [...docstrings, ...readmeExamples()];

test.for(examples)("%s", async ([, code]) => {
  let results = 0;
  const compare = (actual: unknown, expected: unknown): void => {
    results++;
    if (!isDeepStrictEqual(actual, expected)) {
      expect(gradlab.compareClose(actual, expected, { rtol: 1e-12, atol: 0 })).toMatchObject({ pass: true });
    }
  };
  const names = [...Object.keys(gradlab), "compare"];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the examples are our own
  const run = new Function(...names, ts.transpile(`return (async () => {\n${program(code)}\n})();`)) as (
    ...args: unknown[]
  ) => Promise<void>;
  gradlab.manualSeed(0); // as in a program of its own
  await run(...Object.values(gradlab), compare);
  expect(results).toBeGreaterThan(0);
});

describe("documentation", () => {
  test("every example in the text was found", () => {
    const tags = library.flatMap((file) => texts.get(file)!.match(/@example/g) ?? []);
    expect(docstrings).toHaveLength(tags.length);
  });

  test("every example type-checks as a notebook cell would", () => {
    const file = fileURLToPath(new URL("examples.virtual.ts", import.meta.url));
    const cells = examples.map(([, code]) => `{\n${program(code)}\n}`).join("\n");
    const text =
      `import { ${Object.keys(gradlab).join(", ")}, type Op } from "../src/index.js";\n` +
      `declare function compare(actual: unknown, expected: unknown): void;\n${cells}`;
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(join(source, "../tsconfig.json"), (path) => ts.sys.readFile(path)).config,
      ts.sys,
      join(source, ".."),
    );
    const host = ts.createCompilerHost(options);
    const onDisk = host.getSourceFile.bind(host);
    host.getSourceFile = (name, target) =>
      name.endsWith("examples.virtual.ts") ? ts.createSourceFile(name, text, target) : onDisk(name, target);
    const checked = ts.createProgram([file], { ...options, noUnusedLocals: false }, host);
    const problems = checked.getSemanticDiagnostics(checked.getSourceFile(file));
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  });

  test.for(Object.keys(gradlab).filter((name) => isOperation(name)))(
    "the operation %s has an example",
    (name) => {
      expect(examples.some(([, code]) => new RegExp(`\\b${name}\\(`).test(code))).toBe(true);
    },
  );
});

function isOperation(name: string): boolean {
  return "differentiable" in Object(gradlab[name as keyof typeof gradlab]);
}

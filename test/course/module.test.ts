import { expect, test } from "vitest";
import { splitModule, tangleModule } from "../../src/course/module.js";
import { tangle } from "../../src/course/tangle.js";
import { lesson } from "./mini-course.js";

const cell = (name: string, source: string) => ({ tag: { kind: "exercise" as const, name }, source });

test("exports every top-level declaration once, and nothing inside functions", () => {
  const { text } = tangleModule(
    "T",
    [cell("a", "const x = 1, y = 2;\nexport let z;\nclass C { m() { const inner = 1; } }\ntype T = number;")],
    [],
  );
  expect(text).toBe(
    "// T\n\n/** @exercise a */\nexport const x = 1, y = 2;\nexport let z;\nexport class C { m() { const inner = 1; } }\nexport type T = number;\n",
  );
});

test("hoists and merges the imports that are used, and no others", () => {
  const { text } = tangleModule(
    "T",
    [cell("a", 'import { add } from "gradlab";\nconst f = () => add(tensor([1]), g.ones([1]) as Shape);')],
    [
      'import { tensor, plot, type Shape } from "gradlab";',
      'import * as g from "gradlab";',
      'import { check } from "gradlab/course";',
    ],
  );
  expect(text.split("\n").slice(1, 3)).toEqual([
    'import * as g from "gradlab";',
    'import { add, tensor, type Shape } from "gradlab";',
  ]);
  expect(text).not.toContain("check");
  expect(text.match(/import/g)).toHaveLength(2);
});

test("a declaration hides an import of the same name, as in the notebook", () => {
  const { text } = tangleModule("T", [cell("a", "function grad() {}")], ['import { grad } from "gradlab";']);
  expect(text).not.toContain("import");
});

test("keeps the lines of a cell where they were, and says where they are", () => {
  const source = 'import { a } from "gradlab";\n\n// comment\nfunction f() {\n  return a;\n}';
  const { text, spans } = tangleModule("T", [cell("one", "let x;"), cell("two", source)], []);
  const [, two] = spans;
  expect(text.split("\n")[two.firstLine - 1]).toBe("/** @exercise two */");
  expect(text.split("\n")[two.firstLine - 1 + 5]).toBe("  return a;");
});

test("splitModule takes a tangled module apart into the cells it was made from", () => {
  const { text } = tangle(lesson, "solution");
  const cells = splitModule(text, "solution.ts");
  expect(cells.map(({ source }) => source.split("\n")[0])).toEqual([
    expect.stringMatching(/^\/\/ Slopes/),
    "/** @shared point */",
    "/** @exercise slope */",
    "/** @exercise slopes-from-origin */",
  ]);
  expect(cells.map(({ source }) => source).join("\n\n") + "\n").toBe(text);
});

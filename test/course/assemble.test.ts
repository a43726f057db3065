import { describe, expect, test } from "vitest";
import { assemble } from "../../src/course/assemble.js";
import type { Cell } from "../../src/course/cells.js";
import { codeCells, manifest, solved, studentNotebook } from "./mini-course.js";

const [, , slope, slopes] = solved;
const cell = (source: string, origin = "cell 9"): Cell => ({ source, origin });
const states = (cells: Cell[]) =>
  Object.fromEntries([...assemble(manifest, cells).exercises].map(([name, { state }]) => [name, state]));

describe("assemble", () => {
  test("the order of the cells does not matter", () => {
    expect(assemble(manifest, [slopes, slope]).source).toBe(assemble(manifest, [slope, slopes]).source);
    expect(states([slopes, slope])).toEqual({ slope: "answered", "slopes-from-origin": "answered" });
  });

  test("given code comes from the lesson, whatever became of the student's copy", () => {
    const tampered = cell("/** @shared point */\nconst origin = { x: 1, y: 1 };");
    expect(assemble(manifest, [tampered, slope]).source).toContain("origin: Point = { x: 0, y: 0 }");
  });

  test("a stub is not started", () => {
    expect(states(codeCells(studentNotebook()))).toEqual({
      slope: "untouched",
      "slopes-from-origin": "untouched",
    });
  });

  test("a deleted cell is named as missing, and calling its function says so", () => {
    const { source, exercises } = assemble(manifest, [slope]);
    expect(exercises.get("slopes-from-origin")).toEqual({
      state: "missing",
      message: "no cell has the tag /** @exercise slopes-from-origin */ or declares slopesFromOrigin",
    });
    expect(source).toContain('throw new Error("exercise slopes-from-origin: no cell has the tag');
  });

  test("a cell that was retyped without its tag is found by what it declares", () => {
    const { exercises, notes, source } = assemble(manifest, [cell("const slope = (a, b) => 7;"), slopes]);
    expect(exercises.get("slope")?.state).toBe("answered");
    expect(notes).toEqual(["slope: taken from cell 9 by the names it declares, as it has no tag"]);
    expect(source).toContain("export const slope = (a, b) => 7;");
  });

  test("of two versions the last counts, but never a stub", () => {
    const stub = codeCells(studentNotebook()).find(({ source }) => source.includes("@exercise slope */"))!;
    const second = cell("/** @exercise slope */\nfunction slope() { return 2; }");
    expect(assemble(manifest, [slope, second]).source).toContain("return 2");
    expect(assemble(manifest, [slope, second]).notes).toEqual([
      "slope: answered in solution.ts, cell 9; the last one counts",
    ]);
    expect(assemble(manifest, [second, stub]).source).toContain("return 2");
    expect(assemble(manifest, [slope, { ...slope, origin: "a copy" }]).notes).toEqual([]);
  });

  test("a split cell is put together", () => {
    const parts = [
      cell("/** @exercise slope */\nconst rise = (a, b) => b.y - a.y;"),
      cell("function slope(a, b) { return rise(a, b) / (b.x - a.x); }", "cell 10"),
    ];
    const { exercises, source } = assemble(manifest, parts);
    expect(exercises.get("slope")?.state).toBe("answered");
    expect(source).toContain("export const rise");
    expect(source).toContain("export function slope(a, b)");
  });

  test("a syntax error costs its own exercise only", () => {
    const { exercises, source } = assemble(manifest, [
      cell("/** @exercise slope */\nfunction slope(a {\n  return;"),
      slopes,
    ]);
    expect(exercises.get("slope")).toMatchObject({
      state: "broken",
      message: expect.stringMatching(/^syntax error in line 2 of the cell: /),
    });
    expect(exercises.get("slopes-from-origin")?.state).toBe("answered");
    expect(source).toContain("export function slope(): never");
  });

  test("a renamed function is broken, not silently absent", () => {
    expect(
      assemble(manifest, [cell("/** @exercise slope */\nfunction gradient() {}")]).exercises.get("slope")
        ?.message,
    ).toBe("slope is not declared at the top level of the cell: keep the names as given");
  });

  test("a name that two cells declare is said to the student, and the first cell still counts", () => {
    const { exercises } = assemble(manifest, [
      cell("/** @exercise slope */\nconst eps = 1;\nfunction slope() { return eps; }"),
      cell(
        "/** @exercise slopes-from-origin */\nconst eps = 2;\nfunction slopesFromOrigin() { return [eps]; }",
      ),
    ]);
    expect(exercises.get("slope")?.state).toBe("answered");
    expect(exercises.get("slopes-from-origin")?.message).toBe(
      "eps is declared in the cell slope too: give one of them another name",
    );
  });

  test("an answer that stands in another exercise's cell does not keep the module from loading", () => {
    const both = cell(
      "/** @exercise slopes-from-origin */\nconst slope = () => 1;\nfunction slopesFromOrigin() { return [slope()]; }",
    );
    const { source, exercises } = assemble(manifest, [both]);
    expect(source.match(/(?:const|function) slope\b/g)).toHaveLength(1);
    expect(exercises.get("slopes-from-origin")?.state).toBe("answered");
    expect(exercises.get("slope")?.state).toBe("missing");
  });

  test("students' own shared helpers come along; one that does not parse is left out with a note", () => {
    const helper = cell("/** @shared helper */\nconst double = (x: number) => 2 * x;");
    const using = cell("/** @exercise slope */\nfunction slope() { return double(1); }");
    expect(assemble(manifest, [helper, using]).source).toMatch(/double = [\s\S]*function slope/);
    expect(assemble(manifest, [cell("/** @shared helper */\nconst double = ("), using]).notes).toEqual([
      expect.stringContaining("the cell @shared helper was left out"),
    ]);
  });

  test.for([
    ['import { numericalGradient } from "gradlab";', "numericalGradient(f, x)"],
    ['import { numericalGradient as n } from "gradlab";', "n(f, x)"],
    ['import * as g from "gradlab";', "g.numericalGradient(f, x)"],
    ['import * as g from "gradlab";', 'g["numericalGradient"](f, x)'],
    ['import * as g from "gradlab";', '(g as any)["numerical" + "Gradient"](f, x)'],
    ['import * as g from "gradlab";', "(() => { const { numericalGradient: n } = g; return n(f, x); })()"],
    ["", 'import("gradlab").then((g) => g.numericalGradient(f, x))'],
    ["", 'require("grad" + "lab").numericalGradient(f, x)'],
    [
      '/** @shared helper */\nimport { numericalGradient } from "gradlab";\nconst helper = numericalGradient;',
      "helper(f, x)",
    ],
  ])("what the exercise asks for may not be imported: %s", ([imported, use]) => {
    const { exercises } = assemble(manifest, [
      cell(imported),
      cell(`/** @exercise slope */\nfunction slope() { return ${use}; }`),
    ]);
    expect(exercises.get("slope")).toMatchObject({
      state: "forbidden",
      message: expect.stringContaining("numericalGradient from gradlab"),
    });
  });

  test.for([
    ['import * as g from "gradlab";', "(() => { const { tensor } = g; return g.tensor(1) as g.Tensor; })()"],
    ['import * as g from "gradlab";', "[1].map((g) => g + 1)"],
    [
      '/** @shared helper */\nimport { numericalGradient } from "gradlab";\nconst other = numericalGradient;',
      "2",
    ],
  ])("the rest of gradlab may be used, in any way that shows what it is: %s %s", ([imported, use]) => {
    const { exercises } = assemble(manifest, [
      cell(imported),
      cell(`/** @exercise slope */\nfunction slope() { return ${use}; }`),
    ]);
    expect(exercises.get("slope")?.state).toBe("answered");
  });

  test("an exercise of another lesson is reported", () => {
    expect(assemble(manifest, [cell("/** @exercise softmax */\nlet x;")]).notes).toEqual([
      "cell 9: 01-slope has no exercise softmax",
    ]);
  });
});

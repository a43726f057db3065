import { describe, expect, test } from "vitest";
import { isCurrent, tangledFiles, wovenFiles } from "../../src/course/derive.js";
import { parseLesson } from "../../src/course/lesson.js";
import { formatNotebook, parseNotebook } from "../../src/course/notebook.js";
import { weave } from "../../src/course/weave.js";
import { files, lesson } from "./mini-course.js";

const byId = (id: string, edition: "student" | "solution" = "student") =>
  weave(lesson, edition).cells.find((cell) => cell.id === id)!;

describe("weave", () => {
  test("a stub names its task and throws; the given code stays", () => {
    expect(byId("exercise-slope").source).toBe(
      [
        "/** @exercise slope */",
        "/** Slope of the line through two points. */",
        "function slope(a: Point, b: Point): number {",
        "  // TODO: return rise over run",
        '  throw new Error("TODO slope: return rise over run");',
        "}",
      ].join("\n"),
    );
  });

  test("the solved edition has the answer without its markers, and the mark scheme", () => {
    expect(byId("exercise-slope", "solution").source).toContain("const rise = b.y - a.y;\n  return rise");
    expect(byId("exercise-slope", "solution").source).not.toContain("SOLUTION");
    expect(byId("answer-why-run", "solution").source).toContain("the line is vertical");
    expect(byId("answer-why-run").source).not.toContain("vertical");
  });

  test("prose, given code and checks are locked; answers are not, but stay", () => {
    expect(byId("slopes").metadata).toMatchObject({ editable: false, deletable: false });
    expect(byId("shared-point").metadata).toMatchObject({ editable: false, deletable: false });
    expect(byId("check-slope").metadata).toMatchObject({ editable: false, deletable: false });
    expect(byId("exercise-slope").metadata).toMatchObject({ deletable: false });
    expect(byId("exercise-slope").metadata).not.toHaveProperty("editable");
  });

  test("a check follows each exercise", () => {
    const ids = weave(lesson).cells.map(({ id }) => id);
    for (const name of ["slope", "slopes-from-origin"]) {
      expect(ids[ids.indexOf(`exercise-${name}`) + 1]).toBe(`check-${name}`);
      expect(byId(`check-${name}`).source).toBe(`await check("${name}")`);
    }
  });

  test("ids are valid, unique, and do not move when a cell is added elsewhere", () => {
    const body = (extra: string) =>
      `---\ntitle: T\nminutes: 1\n---\n# A\n${extra}\n\n\nmore\n\n# A\n\n\nx\n\n# B 2\n\n\ny\n`;
    const ids = (text: string) => weave(parseLesson("01-x", text)).cells.map(({ id }) => id!);
    const before = ids(body(""));
    const after = ids(body("\n\n\nadded\n"));
    for (const id of after) expect(id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
    expect(new Set(after).size).toBe(after.length);
    expect(after.filter((id) => id.startsWith("b-2"))).toEqual(before.filter((id) => id.startsWith("b-2")));
  });

  test("is deterministic, and its output is read back as it was", () => {
    const text = formatNotebook(weave(lesson));
    expect(formatNotebook(weave(lesson))).toBe(text);
    expect(formatNotebook(parseNotebook(text, "x"))).toBe(text);
  });

  test.for([
    ["// BEGIN SOLUTION\nx", "BEGIN SOLUTION without END SOLUTION"],
    ["x\n// END SOLUTION", "END SOLUTION without BEGIN SOLUTION"],
    ["// BEGIN SOLUTION\n// BEGIN SOLUTION\n// END SOLUTION", "BEGIN SOLUTION inside a solution"],
    ["function f() {}", "no solution region"],
  ])("a solution region that is not closed or missing is an error: %s", ([source, message]) => {
    const text = `---\ntitle: T\nminutes: 1\n---\n\`\`\`typescript exercise=e points=1\n${source}\n\`\`\`\n`;
    expect(() => weave(parseLesson("01-x", text))).toThrow(`solutions/01-x/lesson.md:5: ${message}`);
  });
});

test("the committed files of the test course are those that its master gives", () => {
  for (const file of [...wovenFiles(files), ...tangledFiles(files)])
    expect(isCurrent(file), file.file).toBe(true);
});

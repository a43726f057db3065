import { describe, expect, test } from "vitest";
import { parseLesson } from "../../src/course/lesson.js";

const header = "---\ntitle: T\nminutes: 5\n---\n";
const parse = (body: string) => parseLesson("01-x", header + body).cells;

describe("parseLesson", () => {
  test("cuts prose at fences, regions and two blank lines, and nowhere else", () => {
    const cells = parse(
      "# A\n\none\n\n\ntwo\n\n```python\nnot code here\n```\n\n```typescript\nlet x = 1;\n```\nthree\n",
    );
    expect(cells.map(({ kind, source }) => [kind, source])).toEqual([
      ["markdown", "# A\n\none"],
      ["markdown", "two\n\n```python\nnot code here\n```"],
      ["code", "let x = 1;"],
      ["markdown", "three"],
    ]);
  });

  test("reads the attributes of exercises, shared cells and written questions", () => {
    const [exercise, shared, written] = parse(
      '```typescript exercise=a-b points=2 forbid=["grad", "vjp"]\nf\n```\n\n```typescript shared="data"\ng\n```\n\n' +
        '<!-- #region written="why" points=1 -->\nWhy?\n\n\nStill the same question.\n<!-- #endregion -->\n',
    );
    expect(exercise).toMatchObject({ kind: "exercise", name: "a-b", points: 2, forbid: ["grad", "vjp"] });
    expect(shared).toMatchObject({ kind: "shared", name: "data" });
    expect(written).toMatchObject({ kind: "written", name: "why", points: 1 });
    expect(written.source).toBe("Why?\n\n\nStill the same question.");
  });

  test("a fence inside a list or another fence is prose", () => {
    expect(parse("- item\n\n  ```typescript\n  let y;\n  ```\n").map(({ kind }) => kind)).toEqual([
      "markdown",
    ]);
    expect(parse("````markdown\n```typescript\nlet y;\n```\n````\n").map(({ kind }) => kind)).toEqual([
      "markdown",
    ]);
  });

  test("Windows line ends and a byte order mark change nothing", () => {
    const text = header + "a\n\n```typescript exercise=e points=1\nx\n```\n";
    const windows = "\uFEFF" + text.replaceAll("\n", "\r\n");
    expect(parseLesson("01-x", windows)).toEqual(parseLesson("01-x", text));
  });

  test.for([
    ["no header", "# A", "solutions/01-x/lesson.md: expected a YAML header with a title and minutes"],
    ["a damaged header", "---\ntitle: a: b\n---\n", "solutions/01-x/lesson.md:2: YAML: Nested mappings"],
    [
      "no points",
      header + "\n```typescript exercise=e\n```",
      "solutions/01-x/lesson.md:6: expected points=N with N > 0, got undefined",
    ],
    [
      "a bad name",
      header + "```typescript exercise=E1 points=1\n```",
      'lesson.md:5: a name is made of lower-case words joined by "-", not "E1"',
    ],
    [
      "an unknown attribute",
      header + "```typescript exersise=e points=1\n```",
      "lesson.md:5: unknown attribute exersise",
    ],
    [
      "no key=value",
      header + "```typescript exercise\n```",
      "lesson.md:5: cannot read exercise: attributes are written key=value",
    ],
    [
      "a name twice",
      header + "```typescript shared=a\n```\n\n```typescript shared=a\n```",
      "two cells are named a",
    ],
  ])("%s is an error that says where", ([, text, message]) => {
    expect(() => parseLesson("01-x", text)).toThrow(message);
  });
});

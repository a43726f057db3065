import { describe, expect, test } from "vitest";
import { parseLesson } from "../../src/course/lesson.js";
import { proseProblems } from "../../src/course/prose.js";

function problems(body: string, header = ""): string[] {
  const lesson = parseLesson("01-x", `---\ntitle: T\nminutes: 5\n${header}---\n${body}\n`);
  return proseProblems(lesson, "solutions/01-x/lesson.md");
}

describe("prose of a lesson", () => {
  test.for([
    "A formula $\\frac{1}{2}$, and\n\n$$\n\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}\n$$\n\nmore",
    "$$\\boxed{\\;y = x\\;}$$",
    "| $x_1$ | b |\n|---|---|\n| $\\sigma(x)$ | 5 \\$ |",
    "a `$` in code",
    "# A heading here\n\n[up](#A-heading-here), [out](https://example.org/a), a note[^1]\n\n[^1]: the note",
  ])("nothing is wrong with %j", (body) => {
    expect(problems(body)).toEqual([]);
  });

  test.for([
    ["$\\nosuch$", /KaTeX cannot set "\\\\nosuch": .*Undefined control sequence/],
    ["- in a list: $\\frac{1}$", /KaTeX cannot set/],
    ["| $\\bar$ |\n|---|\n| x |", /KaTeX cannot set/],
    ["costs $5", /a \$ without partner in "costs \$5"/],
    ["$$\\begin{aligned}\na &= b\n\n\\end{aligned}$$", /without partner/],
    ["[up](#Nowhere)", /the link #Nowhere leads to no heading/],
    ["[file](no-such-file.md)", /the link no-such-file.md leads to no file/],
    ["a note[^1]", /footnote \[\^1\] has no text/],
    ["[^1]: a text", /footnote \[\^1\] is never referred to/],
  ] as const)("%j is found", ([body, message]) => {
    expect(problems(body).join()).toMatch(message);
  });

  test("announced figures and those drawn are the same", () => {
    const cell = (name: string) => `\`\`\`typescript figure=${name}\n1;\n\`\`\`\n`;
    expect(problems(cell("a"), "figures:\n  a: shows it\n")).toEqual([]);
    expect(problems(cell("b") + "\n" + cell("b"), "figures:\n  a: shows it\n")).toEqual([
      "figure a is announced, but no cell draws it",
      "figure b is missing in the header's figures",
      "figure b is missing in the header's figures",
      "figure b is drawn by two cells",
    ]);
  });
});

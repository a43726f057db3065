import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Course } from "../../src/course/course.js";
import { formatNotebook } from "../../src/course/notebook.js";
import { weave } from "../../src/course/weave.js";
import { grade } from "../../src/grader/grade.js";
import type { GradeReport, SubmissionResult } from "../../src/grader/results.js";
import { lesson, miniCourse, studentNotebook } from "../course/mini-course.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-class-"));
afterAll(() => rmSync(folder, { recursive: true }));

function put(file: string, text: string, modified = "2026-01-01T00:00:00Z"): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  utimesSync(path, new Date(modified), new Date(modified));
  return path;
}

const solved = formatNotebook(weave(lesson, "solution"));
const stub = formatNotebook(studentNotebook());

describe("a class", () => {
  const read: [done: number, total: number][] = [];
  let report: GradeReport;
  const of = (student: string) => report.submissions.filter((submission) => submission.student === student);
  beforeAll(async () => {
    put("class/anna/01-slope.ipynb", solved, "2026-01-02T00:00:00Z");
    put("class/anna/01-slope (1).ipynb", stub, "2026-01-01T00:00:00Z");
    put("class/anna/draft.ipynb", stub, "2026-01-01T12:00:00Z");
    put("class/ben/hw.ipynb", "{");
    put("class/ben/hw2.ipynb", solved);
    put("class/carla/photo.jpg", "no notebook");
    put(
      "class/dan/deep.ts",
      `/** @exercise slope */\nconst slope = ${"(".repeat(50_000)}1${")".repeat(50_000)};`,
    );
    put("class/eva/comments.ts", `/** @exercise slope */\nconst slope = 1;\n${"/** ".repeat(200_000)}`);
    report = await grade(miniCourse, [join(folder, "class")], { onRead: (...counts) => read.push(counts) });
  }, 60_000);

  test("how many files have been read is told after each", () => {
    expect(read).toEqual(Array.from({ length: 8 }, (_, i) => [i + 1, 8]));
  });

  test("of several files of a student for a lesson the latest counts, and the others are named", () => {
    expect(of("anna")).toHaveLength(1);
    expect(of("anna")[0]).toMatchObject({ score: 3, modified: "2026-01-02T00:00:00.000Z" });
    expect(
      of("anna")[0]
        .superseded!.map((file) => file.slice(folder.length + 1))
        .sort(),
    ).toEqual(["class/anna/01-slope (1).ipynb", "class/anna/draft.ipynb"]);
  });

  test("what cannot be read is listed beside what can", () => {
    expect(of("ben").map(({ outcome, score }) => [outcome, score])).toEqual([
      ["error", 0],
      ["graded", 3],
    ]);
    expect(of("carla")[0].flags[0]).toContain("neither a notebook (.ipynb) nor a module (.ts)");
  });

  test("code that is made to choke a parser is that student's problem alone", () => {
    expect(of("dan")[0].exercises[0]).toMatchObject({
      score: 0,
      message: expect.stringContaining("nested too deeply"),
    });
    expect(of("eva")[0]).toMatchObject({ lesson: "01-slope", score: 0 });
    expect(report.submissions).toHaveLength(6);
  });
});

describe("written answers", () => {
  const answered = () => {
    const notebook = studentNotebook();
    notebook.cells.find(({ id }) => id === "answer-why-run")!.source =
      "*Your answer:*\n\nThe line is <b>vertical</b>.";
    return notebook;
  };
  const expected = {
    name: "why-run",
    points: 1,
    question: "Why must the run not be zero?",
    answer: "The line is <b>vertical</b>.",
  };

  test.for([
    ["by the cell's id", () => answered()],
    [
      "after the question, where ids are lost",
      () => {
        const notebook = answered();
        for (const cell of notebook.cells) delete cell.id;
        return notebook;
      },
    ],
  ] as const)("are found %s, for people to grade", async ([name, make]) => {
    const report = await grade(miniCourse, [put(`${name}.ipynb`, formatNotebook(make()))]);
    expect(report.submissions[0]).toMatchObject({ maxScore: 3, written: [expected] });
  });
});

describe("random inputs of hidden tests", () => {
  const copy = join(folder, "course");
  let course: Course;
  beforeAll(() => {
    cpSync(miniCourse.root, copy, { recursive: true });
    writeFileSync(
      join(copy, "solutions/01-slope/hidden.test.ts"),
      `import { exercise, expect, student } from "gradlab/testing";
exercise("slope", ({ test }) => {
  test("a random line", async ({ random }) => {
    const y = random();
    expect(await student.slope({ x: 0, y: 0 }, { x: 1, y })).toBeAllClose(y);
  });
});
exercise("slopes-from-origin", ({ test }) => {
  test("one", async () => { expect(await student.slopesFromOrigin([{ x: 1, y: 1 }])).toBeAllClose([1]); });
});
`,
    );
    course = new Course(copy);
    // Wrong everywhere, so that every comparison is in the report.
    for (const student of ["anna", "ben"])
      put(`seeds/${student}/hw.ts`, "const slope = () => -1;\nconst slopesFromOrigin = () => [-1];\n");
  });

  const drawn = async (seedBy: "none" | "student") => {
    const { submissions } = await grade(course, [join(folder, "seeds")], { lesson: "01-slope", seedBy });
    const numbers = (hidden: boolean) => (submission: SubmissionResult) =>
      submission.exercises[0].tests
        .filter((test) => test.hidden === hidden)
        .map(({ comparison }) => comparison!.expected);
    return { hidden: submissions.map(numbers(true)), public: submissions.map(numbers(false)) };
  };

  test(
    "are the same for all, or each student's own, the same in every run; public ones never differ",
    { timeout: 60_000 },
    async () => {
      const [none, student, again] = [await drawn("none"), await drawn("student"), await drawn("student")];
      expect(none.hidden[0]).toEqual(none.hidden[1]);
      expect(student.hidden[0]).not.toEqual(student.hidden[1]);
      expect(student.hidden[0]).not.toEqual(none.hidden[0]);
      expect(again).toEqual(student);
      expect(student.public[0]).toEqual(student.public[1]);
      expect(student.public).toEqual(none.public);
    },
  );
});

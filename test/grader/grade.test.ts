import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatNotebook } from "../../src/course/notebook.js";
import { weave } from "../../src/course/weave.js";
import { grade } from "../../src/grader/grade.js";
import { processTier } from "../../src/grader/isolation.js";
import type { SubmissionResult } from "../../src/grader/results.js";
import { lesson, miniCourse, studentNotebook } from "../course/mini-course.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-grade-"));
afterAll(() => rmSync(folder, { recursive: true }));

const slope = (body: string) =>
  `/** @exercise slope */\nfunction slope(a: Point, b: Point): any {\n${body}\n}`;
const slopes = (body: string) =>
  `/** @exercise slopes-from-origin */\nfunction slopesFromOrigin(points: Point[]): any {\n${body}\n}`;
const rightSlope = slope("return (b.y - a.y) / (b.x - a.x);");
const rightSlopes = slopes(
  "if (!points.length) throw new Error('empty'); return points.map((p) => slope(origin, p));",
);

/** The student's notebook with these sources in its two exercise cells; `null` deletes the cell. */
function notebook(answers: (string | null)[]): string {
  const woven = studentNotebook();
  ["exercise-slope", "exercise-slopes-from-origin"].forEach((id, i) => {
    const at = woven.cells.findIndex((cell) => cell.id === id);
    const answer = answers[i];
    if (answer === null) woven.cells.splice(at, 1);
    else if (answer !== undefined) woven.cells[at].source = answer;
  });
  return formatNotebook(woven);
}

const submissions: Record<string, string> = {
  "perfect.ipynb": notebook([rightSlope, rightSlopes]),
  "reference.ipynb": formatNotebook(weave(lesson, "solution")),
  "stub.ipynb": notebook([]),
  "half.ipynb": notebook([rightSlope]),
  "retyped.ipynb": notebook(["const slope = (a, b) => (b.y - a.y) / (b.x - a.x);", rightSlopes]),
  "deleted.ipynb": notebook([null, rightSlopes]),
  "known-mistake.ipynb": notebook([slope("return (b.x - a.x) / (b.y - a.y);"), rightSlopes]),
  "syntax.ipynb": notebook([
    "/** @exercise slope */\nfunction slope(a",
    slopes("if (!points.length) throw 1; return points.map((p) => p.y / p.x);"),
  ]),
  "nan.ipynb": notebook([slope("return NaN;"), slopes("return points.map(() => NaN);")]),
  "loop.ipynb": notebook([
    slope("for (;;);"),
    slopes("if (!points.length) throw 1; return points.map((p) => p.y / p.x);"),
  ]),
  "loops-on-empty.ipynb": notebook([
    rightSlope,
    slopes("while (!points.length); return points.map((p) => p.y / p.x);"),
  ]),
  "exits-on-empty.ipynb": notebook([
    rightSlope,
    slopes("if (!points.length) process.exit(0); return points.map((p) => p.y / p.x);"),
  ]),
  "exit.ipynb": notebook([
    slope("process.exit(0);"),
    slopes("if (!points.length) throw 1; return points.map((p) => p.y / p.x);"),
  ]),
  "throws-at-once.ipynb": notebook([
    rightSlope,
    '/** @exercise slopes-from-origin */\nthrow new Error("at once");\nconst slopesFromOrigin = () => [];',
  ]),
  "types-only.ipynb": notebook([
    slope("const n: string = 3; return (b.y - a.y) / (b.x - a.x);"),
    rightSlopes,
  ]),
  "mutates.ipynb": notebook([
    slope("const s = (b.y - a.y) / (b.x - a.x); a.y = 9; b.y = 9; return s;"),
    rightSlopes,
  ]),
  "forbidden.ipynb": notebook([
    `import { numericalGradient } from "gradlab";\n${slope("numericalGradient; return (b.y - a.y) / (b.x - a.x);")}`,
    rightSlopes,
  ]),
  "async.ts": `export const slope = async (a, b) => (b.y - a.y) / (b.x - a.x);\r\nexport function slopesFromOrigin(p) { if (!p.length) throw new Error("e"); return p.map(({ x, y }) => y / x); }\r\n`,
  "damaged.ipynb": notebook([]).slice(0, 300),
  "python.ipynb": '{"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}, "cells": []}',
};

const results = new Map<string, SubmissionResult>();
let reportTier: string;
beforeAll(async () => {
  for (const [name, text] of Object.entries(submissions)) writeFileSync(join(folder, name), text);
  const files = [...Object.keys(submissions), "missing.ipynb"].map((name) => join(folder, name));
  const report = await grade(miniCourse, files, { lesson: "01-slope", workers: 2 });
  for (const result of report.submissions) results.set(result.student, result);
  reportTier = report.tier;
}, 120_000);

const scores = (student: string) =>
  results.get(student)!.exercises.map(({ score }) => Math.round(score * 100) / 100);

describe("scores", () => {
  test.for([
    ["perfect", [2, 1]],
    ["reference", [2, 1]],
    ["stub", [0, 0]],
    ["half", [2, 0]],
    ["retyped", [2, 1]],
    ["syntax", [0, 1]],
    ["nan", [0, 0]],
    ["loop", [0, 1]],
    ["exit", [0, 1]],
    ["loops-on-empty", [2, 0.67]],
    ["exits-on-empty", [2, 0.67]],
    ["types-only", [2, 1]],
    ["async", [2, 1]],
    ["mutates", [1.33, 0]],
    ["forbidden", [0, 0]],
  ] as const)("%s: %j", ([student, expected]) => {
    expect(scores(student)).toEqual(expected);
  });

  test("are out of the lesson's points, whatever is missing", () => {
    for (const student of ["deleted", "stub", "loop"])
      expect(results.get(student)).toMatchObject({ maxScore: 3 });
  });

  test("a test that an empty answer passes does not count alone", () => {
    const [, exercise] = results.get("stub")!.exercises;
    expect(exercise.tests.map(({ status }) => status)).not.toContain("passed");
  });
});

describe("what is wrong is said", () => {
  test("missing exercises by name", () => {
    expect(results.get("deleted")!.exercises[0].message).toContain(
      "no cell has the tag /** @exercise slope */",
    );
  });

  test("known mistakes by their hint, even when the numbers differ between students", () => {
    expect(results.get("known-mistake")!.exercises[0].message).toBe(
      "Rise over run: the change of y goes on top.",
    );
  });

  test("wrong numbers by expected, received and relative error", () => {
    expect(results.get("known-mistake")!.exercises[0].tests[0].comparison).toEqual({
      expected: "2",
      received: "0.5",
      relativeError: "7.5e-1",
      worstIndex: "",
    });
  });

  test("loops as timeouts, exits as errors, never as passes", () => {
    expect(results.get("loop")).toMatchObject({ outcome: "timeout" });
    expect(results.get("exit")).toMatchObject({ outcome: "error" });
    expect(results.get("loop")!.exercises[0].tests.map(({ status }) => status)).toEqual([
      "timeout",
      "timeout",
      "timeout",
    ]);
  });

  test("code that throws while loading costs what comes after it, with its reason", () => {
    const [slope, slopes] = results.get("throws-at-once")!.exercises;
    expect(slope).toMatchObject({ score: slope.points, outcome: "graded" });
    expect(slopes).toMatchObject({ score: 0, outcome: "error" });
    for (const { message } of slopes.tests)
      expect(message).toBe("Error: at once (cell slopes-from-origin, line 2)");
  });

  test("unreadable files are in the report, with the reason", () => {
    expect(results.get("damaged")).toMatchObject({
      outcome: "error",
      score: 0,
      flags: [expect.stringContaining("cut off")],
    });
    expect(results.get("python")).toMatchObject({
      outcome: "error",
      flags: [expect.stringContaining("a notebook in python")],
    });
    expect(results.get("missing")).toMatchObject({
      outcome: "error",
      flags: [expect.stringContaining("no such file")],
    });
  });
});

test("the report names the tier", () => {
  expect(reportTier).toBe(processTier);
});

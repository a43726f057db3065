import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { grade } from "../../../src/grader/grade.js";
import { Judge } from "../../../src/grader/judge.js";
import { miniCourse, solved } from "../../course/mini-course.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-runner-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.for([
  [1000, 2],
  [1, 1],
] as const)("%i threads asked for, two submissions: %i", async ([workers, threads]) => {
  const start = vi.spyOn(Judge, "start");
  const files = ["ada", "bob"].map((student) => {
    const file = join(folder, `${student}.ts`);
    writeFileSync(file, `${solved.map(({ source }) => source).join("\n")}\n// ${student}`);
    return file;
  });
  const { submissions } = await grade(miniCourse, files, { workers });
  expect(submissions.map(({ score, maxScore }) => score / maxScore)).toEqual([1, 1]);
  expect(start.mock.calls.map(([, options]) => options?.workers)).toEqual([threads]);
  start.mockRestore();
});

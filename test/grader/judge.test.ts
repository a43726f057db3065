import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { assemble } from "../../src/course/assemble.js";
import { Course } from "../../src/course/course.js";
import { Judge, type Job } from "../../src/grader/judge.js";
import { manifest, miniCourse, solved } from "../course/mini-course.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-judge-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A course with one more test, which ends the judge's thread: as long as there is no file `mark`, or always. */
function deadlyCourse(name: string, mark?: string): Course {
  const root = join(folder, name);
  cpSync(miniCourse.root, root, { recursive: true });
  const course = new Course(root);
  const { publicTests } = course.find("01-slope");
  const condition = mark === undefined ? "true" : `!existsSync(${JSON.stringify(mark)})`;
  const deadly = `test("deadly", () => {
    if (!(${condition})) return;
    writeFileSync(${JSON.stringify(mark ?? join(folder, "mark"))}, "");
    (process as unknown as { reallyExit: (code: number) => void }).reallyExit(1);
  });
  test("any line"`;
  const text = readFileSync(publicTests, "utf8").replace('test("any line"', deadly);
  writeFileSync(publicTests, `import { existsSync, writeFileSync } from "node:fs";\n${text}`);
  return course;
}

const jobOf = (course: Course): Job => ({
  files: course.find("01-slope"),
  manifest,
  submission: assemble(manifest, solved),
  hidden: true,
  seed: "",
});

describe("a judge that loses a thread", () => {
  test.each([1, 2])("tests what it had again, with %i at a time", async (workers) => {
    const mark = join(folder, `once-${workers}`);
    const course = deadlyCourse(`deadly-once-${workers}`, mark);
    const judge = await Judge.start(course.root, { workers });
    const verdicts = await judge.run(Array.from({ length: 5 }, () => jobOf(course)));
    await judge.close();
    expect(existsSync(mark)).toBe(true);
    expect(verdicts.flatMap(({ exercises }) => exercises.map(({ outcome }) => outcome))).toEqual(
      Array(10).fill("graded"),
    );
    expect(verdicts.map(({ exercises }) => exercises.map(({ score }) => score))).toEqual(
      Array(5).fill([2, 1]),
    );
  });

  test("again and again gives the submission up: no score, and no zero", async () => {
    const course = deadlyCourse("deadly");
    const judge = await Judge.start(course.root);
    const { exercises } = await judge.test(jobOf(course));
    await judge.close();
    expect(exercises.map(({ outcome, message }) => [outcome, message])).toEqual([
      ["infrastructure", "vitest lost a thread"],
      ["infrastructure", "vitest lost a thread"],
    ]);
  });

  test("leaves the process's exit code alone", async () => {
    const course = deadlyCourse("deadly-exit");
    const before = process.exitCode;
    const judge = await Judge.start(course.root, { workers: 2 });
    await judge.test(jobOf(course));
    await judge.close();
    expect(process.exitCode).toBe(before);
  });
});

test("a judge whose threads cannot start says why", async () => {
  // Vitest hands on how this process is profiled, but threads do not know this flag.
  process.execArgv.push("--cpu-prof-interval=500");
  try {
    await expect(Judge.start(miniCourse.root)).rejects.toThrow(/vitest has ended: .*--cpu-prof-interval/);
  } finally {
    process.execArgv.pop();
  }
});

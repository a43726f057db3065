import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Course, readLesson } from "../../src/course/course.js";
import { leaks } from "../../src/course/leaks.js";
import { packGradlab, unpack } from "../../src/course/release/packed-package.js";
import { gradlab } from "../cli/gradlab.js";
import { packageRoot } from "../../src/package.js";
import { miniCourse } from "../course/mini-course.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-release-"));
afterAll(() => rmSync(folder, { recursive: true }));

const out = join(folder, "edition");
let files: string[];
beforeAll(() => {
  const { status, stderr } = gradlab(folder, "release", "--course", packageRoot, "--out", out);
  expect([status, stderr]).toEqual([0, ""]);
  files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(out, file)).isFile(),
  );
}, 60_000);

const course = new Course(packageRoot);
const squeeze = (text: string) => text.replace(/\s+/g, " ").trim();

const publicText = squeeze(
  course
    .select([])
    .flatMap(({ publicTests, notebook, submission }) => [publicTests, notebook, submission])
    .map((file) => readFileSync(file, "utf8"))
    .join("\n"),
);

/** What a lesson's hidden tests are called and expect, as far as it stands in no public file. */
function secretLines(lesson: string): string[] {
  return readFileSync(course.files(lesson).hiddenTests, "utf8")
    .split("\n")
    .map(squeeze)
    .filter((line) => /\b(test|expect)\(/.test(line) && line.length >= 30 && !publicText.includes(line));
}

describe("the student edition", () => {
  test("has the files that students need, and none that they must not have", () => {
    for (const lesson of course.lessonNames)
      expect(files).toEqual(
        expect.arrayContaining([
          join("notebooks", `${lesson}.ipynb`),
          ...["submission.ts", "lesson.json", "hints.json", `${lesson.slice(3)}.test.ts`].map((file) =>
            join("exercises", lesson, file),
          ),
        ]),
      );
    expect(
      files.filter((file) => /solution|hidden|mutant|alternative|lesson\.md|samples/.test(file)),
    ).toEqual([]);
  });

  test("gives no solution, no mark scheme and no hidden test away, packed package included", async () => {
    const packed = packGradlab();
    const inside = await unpack(packed);
    expect(readFileSync(join(out, packed.name)).equals(packed.bytes)).toBe(true);
    const secretPlaces = /^(solutions|test)\/|hidden\.test|mutants\/|alternatives\/|lesson\.md/;
    expect([...inside.keys()].filter((path) => secretPlaces.test(path))).toEqual([]);
    const texts = files
      .filter((file) => !file.endsWith(".tgz"))
      .map((file) => readFileSync(join(out, file), "utf8"));
    const all = squeeze([...texts, ...[...inside.values()].map(String)].join("\n"));
    for (const lesson of course.lessonNames) {
      const own = files
        // Tests may well loop and index as a solution does.
        .filter((file) => file.includes(lesson) && !file.endsWith(".test.ts"))
        .map((file) => ({ file, text: readFileSync(join(out, file), "utf8") }));
      expect(leaks(readLesson(course.files(lesson)), own)).toEqual([]);
      const secrets = secretLines(lesson);
      expect(secrets.length).toBeGreaterThan(10);
      expect(secrets.filter((line) => all.includes(line))).toEqual([]);
    }
  });

  test("can be graded, with the public tests", () => {
    const { status, stdout } = gradlab(out, "grade", "notebooks/03-chain-rule.ipynb", "--json");
    expect(status).toBe(0);
    const [submission] = (
      JSON.parse(stdout) as { submissions: { exercises: { tests: { hidden: boolean }[] }[] }[] }
    ).submissions;
    const tests = submission.exercises.flatMap((exercise) => exercise.tests);
    expect(tests.length).toBeGreaterThan(20);
    expect(tests.some(({ hidden }) => hidden)).toBe(false);
  });

  test("is derived from the masters: an answer tried out in a stub does not go along", () => {
    const copy = join(folder, "course");
    cpSync(miniCourse.root, copy, { recursive: true });
    cpSync(join(copy, "solutions/01-slope/solution.ts"), join(copy, "exercises/01-slope/submission.ts"));
    expect(gradlab(folder, "release", "--course", copy, "--out", "derived").status).toBe(0);
    expect(readFileSync(join(folder, "derived/exercises/01-slope/submission.ts"), "utf8")).toBe(
      readFileSync(join(miniCourse.root, "exercises/01-slope/submission.ts"), "utf8"),
    );
  });

  test("is not written over anything", () => {
    const { status, stderr } = gradlab(folder, "release", "--course", miniCourse.root, "--out", out);
    expect(status).toBe(1);
    expect(stderr).toContain("is not empty");
  });
});

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { assemble } from "../../../src/course/assemble.js";
import { Course, readManifest } from "../../../src/course/course.js";
import { splitModule } from "../../../src/course/module.js";
import { contentKey, CourseTerms, type Terms } from "../../../src/grader/batch/key.js";
import type { Job } from "../../../src/grader/judge.js";
import { copyCourse } from "./gradlab.js";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

let root: string;
beforeEach(() => {
  folders.push(mkdtempSync(join(tmpdir(), "gradlab-key-")));
  root = copyCourse(folders.at(-1)!);
});

const answer = "export const slope = (a, b) => (b.y - a.y) / (b.x - a.x);\n";

function jobOf(text = answer, file = "anna.ts"): Job {
  const files = new Course(root).files("01-slope");
  const manifest = readManifest(files);
  return { files, manifest, submission: assemble(manifest, splitModule(text, file)), hidden: true, seed: "" };
}

const termsOf = ({ files }: Job) => new CourseTerms(root).of(files);
const keyOf = (job: Job, terms: Terms = termsOf(job)) => contentKey(job, terms, "process");

describe("the key of a result", () => {
  test("is the same for the same code in a file of another name", () => {
    expect(keyOf(jobOf(answer, "bob.ts"))).toBe(keyOf(jobOf()));
  });

  test.for<[string, (job: Job) => string]>([
    ["another answer", () => keyOf(jobOf(answer.replace("b.y - a.y", "a.y - b.y")))],
    ["another seed", (job) => keyOf({ ...job, seed: "anna" })],
    ["only the public tests", (job) => keyOf({ ...job, hidden: false })],
    ["another isolation", (job) => contentKey(job, termsOf(job), "sandbox")],
    ["another version", (job) => keyOf(job, { ...termsOf(job), graderVersion: "9.9.9" })],
  ])("differs for %s", ([, change]) => {
    expect(change(jobOf())).not.toBe(keyOf(jobOf()));
  });

  test.for(["publicTests", "hiddenTests", "hints"] as const)("differs when %s has changed", (name) => {
    const before = keyOf(jobOf());
    appendFileSync(jobOf().files[name], "\n");
    expect(keyOf(jobOf())).not.toBe(before);
  });

  test("differs when a limit of the course has changed, not when its configuration says what holds anyway", () => {
    const before = keyOf(jobOf());
    writeFileSync(join(root, "course.yaml"), "limits: { wallSeconds: 10 }\n");
    expect(keyOf(jobOf())).toBe(before);
    writeFileSync(join(root, "course.yaml"), "exercises: { slope: { limits: { wallSeconds: 3 } } }\n");
    expect(keyOf(jobOf())).not.toBe(before);
  });

  test("differs when a file has changed that a test imports by way of another", () => {
    const { publicTests } = jobOf().files;
    const folder = join(publicTests, "..");
    writeFileSync(publicTests, `import "./far.js";\n${readFileSync(publicTests, "utf8")}`);
    writeFileSync(join(folder, "far.ts"), 'import "./farther";\n');
    writeFileSync(join(folder, "farther.ts"), "1;\n");
    const before = keyOf(jobOf());
    writeFileSync(join(folder, "farther.ts"), "2;\n");
    expect(keyOf(jobOf())).not.toBe(before);
  });

  test("is the same for tests with the line ends of Windows", () => {
    const before = keyOf(jobOf());
    for (const file of [jobOf().files.publicTests, jobOf().files.hiddenTests])
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
    expect(keyOf(jobOf())).toBe(before);
  });
});

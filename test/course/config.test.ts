import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkExercises, readConfig } from "../../src/course/config.js";
import { Course } from "../../src/course/course.js";
import { configuration } from "../../src/course/release/student-edition.js";
import { UserError } from "../../src/errors.js";
import { defaultLimits } from "../../src/grader/limits.js";
import { packageRoot } from "../../src/package.js";
import { miniCourse } from "./mini-course.js";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gradlab-config-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const limitsOf = (text: string, exercise = "any") => {
  writeFileSync(join(folder, "course.yaml"), text);
  return readConfig(folder).limitsOf(exercise);
};

test("a course without a configuration, or with an empty one, has the usual limits", () => {
  expect(readConfig(folder).limitsOf("any")).toEqual(defaultLimits);
  expect(limitsOf("# nothing yet\n")).toEqual(defaultLimits);
});

test("limits of the course, and of one exercise over them", () => {
  const text =
    "limits: { wallSeconds: 20, memoryMegabytes: 1024 }\nexercises:\n  train: { limits: { wallSeconds: 60 } }\n";
  expect(limitsOf(text)).toEqual({ ...defaultLimits, wallSeconds: 20, memoryMegabytes: 1024 });
  expect(limitsOf(text, "train")).toEqual({ ...defaultLimits, wallSeconds: 60, memoryMegabytes: 1024 });
});

test("the documents say what the usual limits are", () => {
  const page = readFileSync(join(packageRoot, "docs/authoring.md"), "utf8");
  const [, text] = /```yaml\n(limits:[\s\S]*?)```/.exec(page)!;
  expect(limitsOf(text)).toEqual(defaultLimits);
  expect(limitsOf(text, "train-neuron")).toEqual({ ...defaultLimits, wallSeconds: 30 });
});

test.for([
  ["limits: { wallSecond: 20 }", /course\.yaml: limits: Unrecognized key: "wallSecond"/],
  ["limits: { wallSeconds: -1 }", /course\.yaml: limits\.wallSeconds: /],
  ["limits: { resultItems: 1.5 }", /course\.yaml: limits\.resultItems: /],
  [
    "exercises: { train: { limits: { cpuSeconds: soon } } }",
    /exercises\.train\.limits\.cpuSeconds: .*expected number/,
  ],
  ["limits:\n  - [", /course\.yaml:2: YAML: /],
  ["- a list", /course\.yaml: .*expected object/],
] as const)("%s is refused, with the place", ([text, message]) => {
  expect(() => limitsOf(text)).toThrow(UserError);
  expect(() => limitsOf(text)).toThrow(message);
});

test("limits of an exercise that no lesson has are refused, with those that there are", () => {
  cpSync(miniCourse.root, folder, { recursive: true });
  const course = new Course(folder);
  limitsOf("exercises: { slope: { limits: { wallSeconds: 60 } } }");
  expect(() => checkExercises(course)).not.toThrow();
  limitsOf("exercises: { slopes: { limits: { wallSeconds: 60 } } }");
  expect(() => checkExercises(course)).toThrow(
    "course.yaml: exercises: no lesson has slopes; there are: slope, slopes-from-origin",
  );
});

test("a release has the limits of its lessons, and no comments", () => {
  cpSync(miniCourse.root, folder, { recursive: true });
  const course = new Course(folder);
  const lessons = course.select([]);
  expect(configuration(course, lessons)).toEqual([]);
  const limits = "{ limits: { wallSeconds: 60 } }";
  limitsOf(
    `# not for students\nlimits: { cpuSeconds: 9 }\nexercises: { slope: ${limits}, other: ${limits} }`,
  );
  const [file] = configuration(course, lessons);
  expect(file.path).toBe("course.yaml");
  expect(file.content).not.toContain("not for students");
  expect(file.content).not.toContain("other");
  expect(limitsOf(String(file.content), "slope")).toEqual({
    ...defaultLimits,
    wallSeconds: 60,
    cpuSeconds: 9,
  });
});

import { expect, test } from "vitest";
import { namesLesson } from "../../src/grader/submissions.js";
import { miniCourse } from "../course/mini-course.js";

test.for([
  ["01-slope", true],
  ["01-Slope", true],
  ["01-slope (2)", true],
  ["01-slope(2)", true],
  ["01-slope-1", true],
  ["01-slope copy", true],
  ["01-slope - Copy (2)", true],
  ["01-slope-copy2", true],
  ["01-slope copy 2 copy 3 (4)_5", true],
  ["notebook_final", false],
  ["anna-1", false],
  ["copy", false],
] as const)("%j is named after a lesson: %j", ([stem, expected]) => {
  expect(namesLesson(miniCourse)(stem)).toBe(expected);
});

// This ends only because a name can be taken apart in no more than one way.
test.for([
  ["copies of copies", `01-slope${" copy 1".repeat(30)}`, true],
  ["copies of copies of something else", `01-slope${" copy 1".repeat(30)}x`, false],
  ["hyphens without end", `01-slope${"-".repeat(200_000)}x`, false],
] as const)("%s", ([, stem, expected]) => {
  expect(namesLesson(miniCourse)(stem)).toBe(expected);
});

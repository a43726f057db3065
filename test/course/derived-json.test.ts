import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Course, readManifest } from "../../src/course/course.js";
import { UserError } from "../../src/errors.js";
import { readHints } from "../../src/grader/hints.js";
import { miniCourse } from "./mini-course.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-derived-"));
afterAll(() => rmSync(folder, { recursive: true }));
cpSync(miniCourse.root, folder, { recursive: true });
const files = new Course(folder).find("01-slope");

test.for([
  ["manifest", "{", "it is not JSON"],
  ["manifest", "{}", "expected the texts lesson and title and the lists cells, imports and written"],
  ["manifest", "null", "expected the texts lesson and title"],
  ["hints", "<<<<<<< ours", "it is not JSON"],
  ["hints", "null", "expected the hints of each exercise, by fingerprint"],
  ["hints", '{ "slope": { "0123": 1 } }', "expected the hints of each exercise, by fingerprint"],
] as const)("%s that is %s: the course's file, what is wrong and how to mend it", ([kind, text, message]) => {
  writeFileSync(files[kind], text);
  const [read, file, cure] = {
    manifest: [readManifest, "lesson.json", "gradlab tangle 01-slope"] as const,
    hints: [readHints, "hints.json", "gradlab validate --update 01-slope"] as const,
  }[kind];
  expect(() => read(files)).toThrow(UserError);
  expect(() => read(files)).toThrow(`exercises/01-slope/${file}: damaged: ${message}`);
  expect(() => read(files)).toThrow(`make it anew with: ${cure}`);
});

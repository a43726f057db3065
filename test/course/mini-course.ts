import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Course, readLesson, readManifest } from "../../src/course/course.js";
import type { Cell } from "../../src/course/cells.js";
import { splitModule } from "../../src/course/module.js";
import { parseNotebook, sourceOf } from "../../src/course/notebook.js";
import { packageRoot } from "../../src/package.js";

/** A course of one lesson with two exercises, `slope` and `slopes-from-origin`, for the tests. */
export const miniCourse = new Course(join(packageRoot, "test/fixtures/mini-course"));
export const files = miniCourse.find("01-slope");
export const lesson = readLesson(files);
export const manifest = readManifest(files);

/** The reference answers as cells: what stands before the first, `point`, `slope`, `slopes-from-origin`. */
export const solved: Cell[] = splitModule(readFileSync(files.solution, "utf8"), "solution.ts");

/** The student's notebook, freshly parsed, so that a test may change it. */
export function studentNotebook() {
  return parseNotebook(readFileSync(files.notebook, "utf8"), files.notebook);
}

export function codeCells(notebook: ReturnType<typeof studentNotebook>): Cell[] {
  return notebook.cells.flatMap((cell, i) =>
    cell.cell_type === "code" ? [{ source: sourceOf(cell), origin: `cell ${i + 1}` }] : [],
  );
}

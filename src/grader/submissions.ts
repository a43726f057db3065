import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { cellTag, type Cell } from "../course/cells.js";
import { exerciseNames, readManifest, type Course, type LessonFiles } from "../course/course.js";
import { UserError } from "../errors.js";
import { splitModule } from "../course/module.js";
import { readNotebook, readText, sourceOf } from "../course/notebook.js";

/** What a student handed in, as cells. */
export interface RawSubmission {
  cells: Cell[];
  /** The lesson that the notebook itself names. */
  lesson?: string;
}

/** Files that may be submissions: the arguments themselves, and in directories all notebooks and modules. */
export function submissionFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
    const files = readdirSync(path, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ipynb|ts)$/.test(file) && !/(^|[\\/])(\.|node_modules)/.test(file))
      .sort()
      .map((file) => join(path, file));
    if (files.length === 0) throw new UserError(`${path}: holds no notebooks (.ipynb) and no modules (.ts)`);
    return files;
  });
}

/** The student's name as far as a file name tells it. */
export function studentOf(file: string): string {
  return basename(file, extname(file));
}

/** Reads a notebook or a module. What cannot be read is a {@link UserError}. */
export function readSubmission(file: string): RawSubmission {
  switch (extname(file)) {
    case ".ipynb": {
      const { cells, metadata } = readNotebook(file);
      const code = cells.flatMap((cell, i) =>
        cell.cell_type === "code" ? [{ source: sourceOf(cell), origin: `cell ${i + 1}` }] : [],
      );
      const lesson = metadata.gradlab?.lesson;
      return { cells: code, ...(typeof lesson === "string" && { lesson }) };
    }
    case ".ts":
      return { cells: splitModule(readText(file).replace(/\r\n?/g, "\n"), basename(file)) };
    default:
      readText(file);
      throw new UserError(`${file}: neither a notebook (.ipynb) nor a module (.ts)`);
  }
}

/** The lesson a submission is for: the one asked for, the one it names, or the one whose exercises it has. */
export function lessonOf(
  course: Course,
  file: string,
  { cells, lesson }: RawSubmission,
  asked?: string,
): LessonFiles {
  if (asked !== undefined) return course.find(asked);
  if (lesson !== undefined && course.lessonNames.includes(lesson)) return course.files(lesson);
  const tags = new Set(cells.map(({ source }) => cellTag(source)?.name));
  const counts = course.lessonNames.map((name) => {
    const files = course.files(name);
    return {
      files,
      count: exerciseNames(readManifest(files)).filter((exercise) => tags.has(exercise)).length,
    };
  });
  const best = counts.sort((a, b) => b.count - a.count)[0];
  if (best && best.count > 0) return best.files;
  throw new UserError(
    `${file}: no telling which lesson it is for; say it with --lesson (${course.lessonNames.join(", ")})`,
  );
}

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { cellTag, type Cell } from "../course/cells.js";
import { exerciseNames, readManifest, type Course, type LessonFiles } from "../course/course.js";
import { messageOf, UserError } from "../errors.js";
import { asDeclarations } from "../course/module-styles.js";
import { splitModule } from "../course/module.js";
import { decodeText, parseNotebook, sourceOf } from "../course/notebook.js";
import { limits } from "./input/limits.js";

/** What a student handed in, as cells. */
export interface RawSubmission {
  cells: Cell[];
  /** Markdown cells, in which written questions are answered. */
  prose: ProseCell[];
  /** The lesson that the notebook itself names. */
  lesson?: string;
}

export interface ProseCell {
  id?: string;
  source: string;
}

const notebookName = /\.ipynb(\.(json|txt))?$/i;
const moduleName = /(?<!\.d)\.ts$/i;

/** Whether a file can be a submission, by its name. Browsers append endings of their own to notebooks. */
export function isSubmissionName(name: string): boolean {
  return notebookName.test(name) || moduleName.test(name);
}

/** Reads a notebook or a module from a file. What cannot be read is a {@link UserError}. */
export function readSubmission(file: string): RawSubmission {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UserError(`${file}: ${isMissing ? "no such file" : `cannot be read: ${messageOf(error)}`}`);
  }
  return parseSubmission(file, bytes);
}

/** Reads a notebook or a module from its bytes. What cannot be read is a {@link UserError} that names the file. */
export function parseSubmission(file: string, bytes: Buffer): RawSubmission {
  return notebookName.test(file) ? fromNotebook(file, bytes) : fromModule(file, bytes);
}

/** To be called before code is parsed, which takes a hundred times its memory. @throws UserError that names the file */
function checkSize(file: string, what: "code" | "Markdown", texts: readonly { source: string }[]): void {
  const size = texts.reduce((sum, { source }) => sum + source.length, 0);
  const most = what === "code" ? limits.codeCharacters : limits.proseCharacters;
  if (size > most) throw new UserError(`${file}: ${size} characters of ${what}; at most ${most} are graded`);
}

/** A picture in the text of a Markdown cell, as some editors paste it: larger than all that anyone writes. */
const pastedPicture = /(data:image\/[a-z+.-]{1,20};base64,)[a-z0-9+/=]+/gi;

function fromNotebook(file: string, bytes: Buffer): RawSubmission {
  const { cells, metadata } = parseNotebook(decodeText(bytes), file);
  const code = cells.flatMap((cell, i) =>
    cell.cell_type === "code" ? [{ source: sourceOf(cell), origin: `cell ${i + 1}` }] : [],
  );
  const prose = cells.flatMap((cell): ProseCell[] =>
    cell.cell_type === "markdown"
      ? [
          {
            source: sourceOf(cell).replace(pastedPicture, "$1…"),
            ...(typeof cell.id === "string" && { id: cell.id }),
          },
        ]
      : [],
  );
  checkSize(file, "code", code);
  checkSize(file, "Markdown", prose);
  const lesson = metadata.gradlab?.lesson;
  return { cells: code, prose, ...(typeof lesson === "string" && { lesson }) };
}

function fromModule(file: string, bytes: Buffer): RawSubmission {
  if (!moduleName.test(file)) throw new UserError(`${file}: neither a notebook (.ipynb) nor a module (.ts)`);
  const text = decodeText(bytes).replace(/\r\n?/g, "\n");
  checkSize(file, "code", [{ source: text }]);
  return { cells: splitModule(asDeclarations(text), basename(file)), prose: [] };
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

/** No file system has longer ones; an archive may. */
const longestName = 255;

/**
 * What a copy has behind its name: `-1`, `_2`, ` copy`, ` copy2`, ` (3)`. One at a time, and there is one way to read each: an
 * expression for several of them would try all ways of taking ` copy 1 copy 1 …` apart.
 */
const copySuffix = /(?<![-_ ])[-_ ]+(copy\d*|\d+)$| ?\(\d+\)$/;

/** Whether a file is named after a lesson of the course (or a copy of one), so that its name says nothing of its student. */
export function namesLesson(course: Course): (stem: string) => boolean {
  const names = new Set(
    ["submission", "lesson", "notebook", ...course.lessonNames].map((name) => name.toLowerCase()),
  );
  return (stem) => {
    let rest = stem.slice(0, longestName).toLowerCase();
    while (!names.has(rest)) {
      const shorter = rest.replace(copySuffix, "");
      if (shorter === rest) return false;
      rest = shorter;
    }
    return true;
  };
}

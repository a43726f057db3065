import { printable } from "../printable.js";

/** Whose a file is. */
export interface Owner {
  /** What tells students apart: a login, a number, a name, as the layout gives it. */
  student: string;
  name?: string;
  email?: string;
}

/** An owner, and the folder or file that told. */
export interface Guess {
  owner: Owner;
  from: string;
}

/** Something in a collection: its parts, and whether it could be a submission. */
export interface Located {
  parts: readonly string[];
  candidate: boolean;
}

const archiveEnding = /\.(zip|tar|tgz|tar\.gz)$/i;

/**
 * Whose the files of a folder or an archive are. Known layouts, of which the outermost folder (or the file, where there is none) counts,
 * because what lies deeper was named by a student:
 *
 * - Moodle: `Surname Name_12345_assignsubmission_file_/x.ipynb`, with or without the folder
 * - Canvas: `surnamename_12345_67890_x.ipynb`, `surnamename_LATE_12345_67890_x.ipynb`
 * - `student/lesson.ipynb`, at any depth below the student's folder, also where all lies in one more folder
 * - `student.ipynb`
 *
 * @param collection the name of the folder or archive: the student, if it holds nothing but one student's lessons
 * @param namesLesson whether a file is named after a lesson and so not after its student
 */
export function ownersOf(
  located: readonly Located[],
  collection: string,
  namesLesson: (stem: string) => boolean,
): Guess[] {
  const candidates = located.filter(({ candidate }) => candidate);
  const typical = (candidates.length > 0 ? candidates : located).map(({ parts }) => parts);
  const wrappers = countWrappers(typical);
  const inner = typical.map((parts) => parts.slice(wrappers));
  const folders = new Set(inner.map((parts) => parts.slice(0, -1).join("/")));
  // All in one folder, and named by students: the folder is the class.
  const [folder] = folders;
  const isClass =
    folders.size === 1 &&
    folder !== "" &&
    new Set(inner.map((parts) => parts.at(-1))).size > 1 &&
    knownOwner(folder) === undefined &&
    inner.every((parts) => !namesLesson(stemOf(parts.at(-1)!)));
  return located.map(({ parts: all }) => {
    const isWrapped = typical[0]
      .slice(0, wrappers)
      .every((part, i) => all[i] === part && all.length > wrappers);
    const parts = all.slice(isWrapped ? wrappers : 0);
    const file = stemOf(parts.at(-1)!);
    const isFlat = parts.length === 1 || (isClass && parts.slice(0, -1).join("/") === folder);
    if (!isFlat)
      return { owner: knownOwner(parts[0]) ?? owner(stemOf(parts[0], archiveEnding)), from: parts[0] };
    const from = parts.at(-1)!;
    return { owner: knownOwner(from) ?? owner(namesLesson(file) ? collection : file), from };
  });
}

/**
 * How many folders stand around all files and say nothing: those in which all lie, as long as a folder remains for each, or several
 * folders for some. When in doubt there are more students rather than fewer: of one student only one file counts.
 */
function countWrappers(all: readonly (readonly string[])[]): number {
  let count = 0;
  const isWrapper = (at: number) => {
    const part = all[0]?.[at];
    if (part === undefined || knownOwner(part) !== undefined || archiveEnding.test(part)) return false;
    const deeper = all.filter((parts) => parts.length > at + 2);
    return (
      all.every((parts) => parts[at] === part && parts.length > at + 1) &&
      (deeper.length === all.length || new Set(deeper.map((parts) => parts[at + 1])).size > 1)
    );
  };
  while (isWrapper(count)) count++;
  return count;
}

function knownOwner(part: string): Owner | undefined {
  const moodle = /^(.+?)_(\d+)_assignsubmission_(?:file|onlinetext)(?:_|$)/.exec(part);
  if (moodle) return { ...owner(moodle[2]), name: printable(moodle[1]) };
  const canvas = /^([^_]+)(?:_LATE)?_(\d+)_(\d+)_./.exec(part);
  if (canvas) return { ...owner(canvas[2]), name: printable(canvas[1]) };
  return undefined;
}

/** The student's name as far as a file name tells it: without its ending. */
export function stemOf(file: string, ending = /(\.ipynb)?\.[^.]+$/i): string {
  const stem = file.replace(ending, "");
  return stem === "" ? file : stem;
}

/** Systems write letters with accents in two ways; a student is the same in both. */
export function owner(student: string): Owner {
  return { student: printable(student.normalize("NFC")).trim() || "unnamed" };
}

/** The owner of a file that was named itself, whatever else was. */
export function ownerOfFile(file: string): Owner {
  return knownOwner(file) ?? owner(stemOf(file));
}

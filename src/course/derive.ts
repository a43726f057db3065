import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomic } from "../write-file.js";
import { readLesson, type LessonFiles } from "./course.js";
import { formatNotebook } from "./notebook.js";
import { sampleFiles } from "./samples.js";
import { manifestOf, tangle } from "./tangle.js";
import { weave } from "./weave.js";

/** A file that is made from a master, and what it must hold. */
export interface DerivedFile {
  file: string;
  text: string;
}

/** The student's notebook of a lesson, and the sample submissions. */
export function wovenFiles(files: LessonFiles): DerivedFile[] {
  const lesson = readLesson(files);
  return [{ file: files.notebook, text: formatNotebook(weave(lesson)) }, ...sampleFiles(files, lesson)];
}

/** The modules of a lesson: stubs, reference answers, and the manifest of its exercises. */
export function tangledFiles(files: LessonFiles): DerivedFile[] {
  const lesson = readLesson(files);
  return [
    { file: files.submission, text: tangle(lesson, "student").text },
    { file: files.solution, text: tangle(lesson, "solution").text },
    { file: files.manifest, text: JSON.stringify(manifestOf(lesson), null, 2) + "\n" },
  ];
}

export function isCurrent({ file, text }: DerivedFile): boolean {
  return existsSync(file) && readFileSync(file, "utf8") === text;
}

/** Writes what has changed and says which files those were. */
export function writeDerived(derived: readonly DerivedFile[]): string[] {
  const stale = derived.filter((file) => !isCurrent(file));
  for (const { file, text } of stale) writeFileAtomic(file, text);
  return stale.map(({ file }) => file);
}

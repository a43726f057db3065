import { existsSync } from "node:fs";
import type { LessonFiles } from "../course/course.js";
import { readNotebook, sourceOf } from "../course/notebook.js";
import type { LessonManifest } from "../course/tangle.js";
import { shortened } from "./printable.js";
import type { WrittenAnswer } from "./results.js";
import type { ProseCell } from "./submissions.js";

/** What stands in an answer's cell before the student writes there. */
const placeholder = "*Your answer:*";
/** Characters, some ten pages. */
const longestAnswer = 20_000;

/** The questions of a lesson that are answered in prose, by name: the texts stand in the student's notebook. */
export function writtenQuestions(files: LessonFiles, manifest: LessonManifest): Map<string, string> {
  const cells = existsSync(files.notebook) ? readNotebook(files.notebook).cells : [];
  const texts = new Map(cells.map((cell) => [cell.id, sourceOf(cell)]));
  return new Map(manifest.written.map(({ name }) => [name, texts.get(name) ?? ""]));
}

/**
 * A student's written answers, for people to grade. An answer is in the cell that was made for it or, where cells have lost their ids,
 * in what follows the question.
 */
export function writtenAnswers(
  { written }: LessonManifest,
  questions: ReadonlyMap<string, string>,
  prose: readonly ProseCell[],
): WrittenAnswer[] {
  return written.map(({ name, points }) => {
    const question = questions.get(name) ?? "";
    const own = prose.find(({ id }) => id === `answer-${name}`);
    const asked = prose.findIndex(({ source }) => question !== "" && source.trim() === question.trim());
    const answer = own ?? (asked < 0 ? undefined : prose[asked + 1]);
    const text = (answer?.source ?? "").replace(placeholder, "").trim();
    return { name, points, question, answer: shortened(text, longestAnswer) };
  });
}

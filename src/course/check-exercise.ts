import { findHint, readHints } from "../grader/hints.js";
import type { Judge } from "../grader/judge.js";
import type { ExerciseResult } from "../grader/results.js";
import { assemble } from "./assemble.js";
import type { Cell } from "./cells.js";
import { readManifest, type LessonFiles } from "./course.js";

export interface CheckOutcome {
  exercises: ExerciseResult[];
  notes: string[];
}

/** Runs a lesson's public tests, of one exercise or of all, on cells: what every check does, in a notebook or a terminal. */
export async function checkCells(
  judge: Judge,
  files: LessonFiles,
  cells: readonly Cell[],
  exercise?: string,
): Promise<CheckOutcome> {
  const manifest = readManifest(files);
  const submission = assemble(manifest, cells);
  const verdict = await judge.test({
    files,
    manifest,
    submission,
    hidden: false,
    seed: "",
    ...(exercise !== undefined && { exercise }),
  });
  const hints = readHints(files);
  return {
    exercises: verdict.exercises.map((result) => ({
      ...result,
      message: findHint(hints, result) ?? result.message,
    })),
    notes:
      exercise === undefined
        ? submission.notes
        : submission.notes.filter((note) => note.startsWith(`${exercise}:`)),
  };
}

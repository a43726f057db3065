import { assemble } from "../course/assemble.js";
import { readManifest, type Course } from "../course/course.js";
import { UserError } from "../errors.js";
import { version } from "../package.js";
import { gradeAll } from "./batch/grade-all.js";
import type { Journal } from "./batch/journal.js";
import { JudgePool } from "./batch/judge-pool.js";
import { CourseTerms } from "./batch/key.js";
import type { Runner } from "./batch/runner.js";
import { findHint, readHints } from "./hints.js";
import { processTier } from "./isolation.js";
import type { Job, Verdict } from "./judge.js";
import { worst, type ExerciseResult, type GradeReport, type SubmissionResult, type Tier } from "./results.js";
import { lessonOf, readSubmission, studentOf } from "./submissions.js";

export interface GradeOptions {
  /** Grade for this lesson, whatever the submissions say. */
  lesson?: string;
  /** Submissions tested at a time. Default 1. */
  workers?: number;
  /** How submissions are isolated; see {@link chooseIsolation}. Default: as any machine can. */
  tier?: Tier;
  /** Where results are kept from one run to the next. */
  journal?: Journal;
  /** Who grades. Default: judges in this process. */
  runner?: Runner;
  /** Told how many of the submissions have a result in the journal, if any has. */
  onKnown?: (known: number, total: number) => void;
  /** Told at the beginning and after each submission how many of the others are done. */
  onProgress?: (done: number, total: number) => void;
}

/** Grades files against a course's public and hidden tests. A file that cannot be read is in the report with the reason. */
export async function grade(
  course: Course,
  files: readonly string[],
  options: GradeOptions = {},
): Promise<GradeReport> {
  const { lesson, workers = 1, tier = processTier, journal, onKnown, onProgress } = options;
  const prepared = files.map((file) => prepare(course, file, lesson));
  const jobs = prepared.flatMap((item) => ("job" in item ? [item.job] : []));
  const { runner = new JudgePool(course.root, { workers, tier }) } = options;
  try {
    const terms = new CourseTerms(course.root);
    const verdicts = await gradeAll(jobs, { terms, tier, runner, journal, onKnown, onProgress });
    const submissions = prepared.map((item) =>
      "job" in item ? resultOf(item.file, item.job, verdicts.shift()!) : item.unreadable,
    );
    return { graderVersion: version, tier, submissions };
  } finally {
    if (runner !== options.runner) await runner.close();
  }
}

type Prepared = { file: string; job: Job } | { unreadable: SubmissionResult };

function prepare(course: Course, file: string, lesson: string | undefined): Prepared {
  try {
    const raw = readSubmission(file);
    const files = lessonOf(course, file, raw, lesson);
    const manifest = readManifest(files);
    return {
      file,
      job: { files, manifest, submission: assemble(manifest, raw.cells), hidden: true, seed: "" },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const empty = { score: 0, maxScore: 0, durationMs: 0, exercises: [] };
    return {
      unreadable: {
        file,
        student: studentOf(file),
        lesson: lesson ?? "",
        outcome: "error",
        flags: [error.message],
        ...empty,
      },
    };
  }
}

function resultOf(file: string, job: Job, { exercises, durationMs }: Verdict): SubmissionResult {
  const hints = readHints(job.files);
  return {
    file,
    student: studentOf(file),
    lesson: job.manifest.lesson,
    outcome: worst(exercises.map(({ outcome }) => outcome)),
    score: sum(exercises, ({ score }) => score),
    maxScore: sum(exercises, ({ points }) => points),
    durationMs: Math.round(durationMs),
    flags: job.submission.notes,
    exercises: exercises.map((exercise) => ({
      ...exercise,
      message: findHint(hints, exercise) ?? exercise.message,
    })),
  };
}

function sum(exercises: readonly ExerciseResult[], value: (exercise: ExerciseResult) => number): number {
  return exercises.reduce((total, exercise) => total + value(exercise), 0);
}

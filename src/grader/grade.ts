import { assemble } from "../course/assemble.js";
import { readManifest, type Course } from "../course/course.js";
import { UserError } from "../errors.js";
import { version } from "../package.js";
import { findHint, readHints } from "./hints.js";
import { processTier } from "./isolation.js";
import { Judge, type Job, type Verdict } from "./judge.js";
import { worst, type ExerciseResult, type GradeReport, type SubmissionResult, type Tier } from "./results.js";
import { lessonOf, readSubmission, studentOf } from "./submissions.js";

export interface GradeOptions {
  /** Grade for this lesson, whatever the submissions say. */
  lesson?: string;
  /** Submissions tested at a time. Default 1. */
  workers?: number;
  /** How submissions are isolated; see {@link chooseIsolation}. Default: as any machine can. */
  tier?: Tier;
  /** Told after each submission. */
  onProgress?: (done: number, total: number) => void;
}

/** How many submissions are in the judge's hands at a time: enough to keep it busy, few enough for progress. */
const batchSize = 8;

/** Grades files against a course's public and hidden tests. A file that cannot be read is in the report with the reason. */
export async function grade(
  course: Course,
  files: readonly string[],
  options: GradeOptions = {},
): Promise<GradeReport> {
  const { lesson, workers = 1, tier = processTier, onProgress } = options;
  const prepared = files.map((file) => prepare(course, file, lesson));
  const submissions: SubmissionResult[] = [];
  const judge = await Judge.start(course.root, { workers, tier });
  try {
    for (let start = 0; start < prepared.length; start += batchSize) {
      const batch = prepared.slice(start, start + batchSize);
      const verdicts = await judge.run(batch.flatMap((item) => ("job" in item ? [item.job] : [])));
      for (const item of batch) {
        submissions.push("job" in item ? resultOf(item.file, item.job, verdicts.shift()!) : item.unreadable);
        onProgress?.(submissions.length, prepared.length);
      }
    }
  } finally {
    await judge.close();
  }
  return { graderVersion: version, tier, submissions };
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

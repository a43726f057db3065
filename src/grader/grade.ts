import { existsSync } from "node:fs";
import { readManifest, type Course, type LessonFiles } from "../course/course.js";
import type { LessonManifest } from "../course/tangle.js";
import { messageOf, UserError } from "../errors.js";
import { version } from "../package.js";
import { Advice } from "./advice.js";
import { gradeAll } from "./batch/grade-all.js";
import type { Journal } from "./batch/journal.js";
import { LocalRunner } from "./batch/local-runner.js";
import { CourseTerms } from "./batch/key.js";
import type { Runner } from "./batch/runner.js";
import { findHint, readHints, type Hints } from "./hints.js";
import { collect, type CollectOptions, type SubmissionInput } from "./input/collect.js";
import { processTier } from "./isolation.js";
import type { Job, Verdict } from "./judge.js";
import { worst } from "./outcomes.js";
import { printable, shortened } from "./printable.js";
import { Reader } from "./reader.js";
import type { ExerciseResult, GradeReport, SubmissionResult, Tier } from "./results.js";
import { lessonOf, namesLesson, type RawSubmission } from "./submissions.js";
import { writtenAnswers, writtenQuestions } from "./written.js";

export interface GradeOptions extends Pick<CollectOptions, "names" | "student"> {
  /** Grade for this lesson, whatever the submissions say. */
  lesson?: string;
  /** What hidden tests draw their random inputs from: the same for all (the default), or each student's own. */
  seedBy?: "none" | "student";
  /** Also tell, as advice, what the compiler says of the types, which never cost points. */
  types?: boolean;
  /** Submissions tested at a time. Default 1. */
  workers?: number;
  /** How submissions are isolated; see {@link chooseIsolation}. Default: as any machine can. */
  tier?: Tier;
  /** Where results are kept from one run to the next. */
  journal?: Journal;
  /** Who parses and, unless a runner is given, compiles. Default: one for this time only. */
  reader?: Reader;
  /** Who grades. Default: judges in this process. */
  runner?: Runner;
  /** Told how many of the files have been read, or could not be. */
  onRead?: (done: number, total: number) => void;
  /** Told how many of the submissions have a result in the journal, if any has. */
  onKnown?: (known: number, total: number) => void;
  /** Told at the beginning and after each submission how many of the others are done. */
  onProgress?: (done: number, total: number) => void;
  /** Told of how many submissions the types have been looked at, if they are. */
  onAdvice?: (done: number, total: number) => void;
}

/**
 * Grades notebooks, modules, folders and archives of them against a course's public and hidden tests. What cannot be read is in the
 * report with the reason.
 */
export async function grade(
  course: Course,
  paths: readonly string[],
  options: GradeOptions = {},
): Promise<GradeReport> {
  const inputs = await collect(paths, { ...options, namesLesson: namesLesson(course) });
  return gradeInputs(course, inputs, options);
}

/** Grades what was collected, one result for each student and lesson and one for each unreadable file. */
export async function gradeInputs(
  course: Course,
  inputs: readonly SubmissionInput[],
  options: GradeOptions = {},
): Promise<GradeReport> {
  const { lesson, seedBy = "none", types = false, workers = 1, tier = processTier } = options;
  const { journal, onKnown, onProgress } = options;
  if (lesson !== undefined) course.find(lesson);
  const frames = new Frames();
  const { reader = new Reader() } = options;
  const { runner = new LocalRunner(course.root, reader, { workers, tier }) } = options;
  const adviser = new Advice();
  try {
    const reading = inputs.map((input) => prepare(course, frames, reader, input, lesson, seedBy));
    const prepared = latestOfEach(await inTurn(reading, options.onRead));
    const jobs = prepared.flatMap((item) => ("job" in item ? [item.job] : []));
    const advice = types ? jobs.map(({ submission }) => adviser.on(submission)) : [];
    const terms = new CourseTerms(course.root);
    const verdicts = await gradeAll(jobs, { terms, tier, runner, journal, onKnown, onProgress });
    const notes = await inTurn(advice, options.onAdvice);
    const submissions = prepared.map((item) =>
      "job" in item ? resultOf(item, verdicts.shift()!, notes.shift()) : item.unreadable,
    );
    return { graderVersion: version, tier, submissions };
  } finally {
    await adviser.close();
    if (runner !== options.runner) await runner.close();
    if (reader !== options.reader) reader.close();
  }
}

/** What has been promised, one after the other. */
async function inTurn<Value>(
  promised: readonly Promise<Value>[],
  onProgress?: (done: number, total: number) => void,
): Promise<Value[]> {
  const values: Value[] = [];
  for (const promise of promised) {
    values.push(await promise);
    onProgress?.(values.length, promised.length);
  }
  return values;
}

/** What is the same for all submissions of a lesson. */
interface Frame {
  files: LessonFiles;
  manifest: LessonManifest;
  hints: Hints;
  questions: ReadonlyMap<string, string>;
}

class Frames {
  readonly #frames = new Map<string, Frame>();

  of(files: LessonFiles): Frame {
    const known = this.#frames.get(files.name);
    if (known) return known;
    const manifest = readManifest(files);
    const frame = {
      files,
      manifest,
      hints: readHints(files),
      questions: writtenQuestions(files, manifest),
    };
    this.#frames.set(files.name, frame);
    return frame;
  }
}

/** A submission ready for the judge. */
interface Ready {
  input: SubmissionInput;
  raw: RawSubmission;
  frame: Frame;
  job: Job;
  superseded: string[];
}

type Prepared = Ready | { unreadable: SubmissionResult };

async function prepare(
  course: Course,
  frames: Frames,
  reader: Reader,
  input: SubmissionInput,
  lesson: string | undefined,
  seedBy: "none" | "student",
): Promise<Prepared> {
  const { file, student, content } = input;
  if ("problem" in content) return { unreadable: unreadable(input, lesson, content.problem) };
  try {
    const frame = frames.of(lessonOf(course, file, content, lesson));
    const { files, manifest } = frame;
    const job = {
      files,
      manifest,
      submission: await reader.assemble(manifest, content.cells),
      // A student edition has no hidden tests.
      hidden: existsSync(files.hiddenTests),
      seed: seedBy === "student" ? student : "",
    };
    return { input, raw: content, frame, job, superseded: [] };
  } catch (error) {
    // Whatever one submission does to its reader, the others are graded.
    const problem =
      error instanceof UserError ? error.message : `${file}: cannot be read: ${messageOf(error)}`;
    return { unreadable: unreadable(input, lesson, problem) };
  }
}

function unreadable(input: SubmissionInput, lesson: string | undefined, problem: string): SubmissionResult {
  const nothing = { score: 0, maxScore: 0, durationMs: 0, exercises: [] };
  return {
    ...identity(input),
    lesson: lesson ?? "",
    outcome: "error",
    flags: [printable(problem)],
    ...nothing,
  };
}

/** Of several files of one student for one lesson the latest counts; of equally old ones the last in the list. */
function latestOfEach(prepared: readonly Prepared[]): Prepared[] {
  const latest = new Map<string, Ready>();
  for (const item of prepared) {
    if (!("job" in item)) continue;
    const key = JSON.stringify([item.input.student, item.frame.files.name]);
    const other = latest.get(key);
    const [loser, winner] = other && modifiedAt(item) < modifiedAt(other) ? [item, other] : [other, item];
    if (loser) winner.superseded.push(loser.input.file, ...loser.superseded);
    latest.set(key, winner);
  }
  const counting = new Set<Prepared>(latest.values());
  return prepared.filter((item) => !("job" in item) || counting.has(item));
}

function modifiedAt({ input }: Ready): number {
  return input.modified?.getTime() ?? -Infinity;
}

function resultOf(
  { input, raw, frame, job, superseded }: Ready,
  { exercises, durationMs }: Verdict,
  advice: readonly string[] = [],
): SubmissionResult {
  const { hints, manifest, questions } = frame;
  const written = writtenAnswers(manifest, questions, raw.prose);
  return {
    ...identity(input),
    lesson: manifest.lesson,
    outcome: worst(exercises.map(({ outcome }) => outcome)),
    score: sum(exercises, ({ score }) => score),
    maxScore: sum(exercises, ({ points }) => points),
    durationMs: Math.round(durationMs),
    flags: [...job.submission.notes, ...advice].map((note) => shortened(note)),
    ...(superseded.length > 0 && { superseded }),
    exercises: exercises.map((exercise) => {
      const hint = findHint(hints, exercise);
      return hint === undefined ? exercise : { ...exercise, message: hint, knownMistake: true };
    }),
    ...(written.length > 0 && { written }),
  };
}

function identity({ file, student, name, email, modified }: SubmissionInput) {
  return {
    file,
    student,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(modified && { modified: modified.toISOString() }),
  };
}

function sum(exercises: readonly ExerciseResult[], value: (exercise: ExerciseResult) => number): number {
  return exercises.reduce((total, exercise) => total + value(exercise), 0);
}

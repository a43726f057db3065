import { dirname } from "node:path";
import { UserError } from "../errors.js";
import { fingerprint, type Hints } from "../grader/hints.js";
import type { Job, Judge, Verdict } from "../grader/judge.js";
import type { ExerciseResult } from "../grader/results.js";
import { assemble } from "./assemble.js";
import { cellTag, tagLine, type Cell } from "./cells.js";
import { exerciseNames, readLesson, type LessonFiles } from "./course.js";
import { isCurrent, tangledFiles, wovenFiles, type DerivedFile } from "./derive.js";
import { knownAnswers, type KnownAnswer } from "./known-answers.js";
import { leaks } from "./leaks.js";
import { splitModule } from "./module.js";
import { proseProblems } from "./prose.js";
import { manifestOf, tangle, type LessonManifest } from "./tangle.js";

/** What the proof of a lesson found. */
export interface Validation {
  lesson: string;
  problems: string[];
  /** For the reader: how much was proven. */
  counts: { exercises: number; tests: number; mutants: number; alternatives: number };
  hints: DerivedFile;
}

/** How many known wrong and how many other right answers an exercise needs. */
const minimum = { mutants: 3, alternatives: 2 };

/**
 * Proves a lesson: derived files are current, stubs fail, the reference passes, known mistakes are rejected and told apart,
 * other right answers get full marks, and no solution is in a student's file.
 */
export async function validate(judge: Judge, files: LessonFiles): Promise<Validation> {
  const lesson = readLesson(files);
  const manifest = manifestOf(lesson);
  const exercises = exerciseNames(manifest);
  const reference = splitModule(tangle(lesson, "solution").text, "solution.ts");
  const mutants = knownAnswers(files.mutants, exercises);
  const alternatives = knownAnswers(files.alternatives, exercises);
  const job = (cells: Cell[]): Job => ({
    files,
    manifest,
    submission: assemble(manifest, cells),
    hidden: true,
    seed: "validate",
  });
  const [stub, solution, ...known] = await judge.run([
    asIfAnswered(job(splitModule(tangle(lesson, "student").text, "submission.ts"))),
    job(reference),
    // Of a mutant only its own exercise: later ones would fail with it, some by running until they are stopped.
    ...mutants.map((answer) => ({ ...job(replaced(reference, answer)), exercise: answer.exercise })),
    ...alternatives.map((answer) => job(replaced(reference, answer))),
  ]);
  const broken = solution.exercises.find(({ outcome }) => outcome === "infrastructure");
  if (broken) throw new UserError(`${lesson.name}: the tests do not run: ${broken.message}`);
  const mutantVerdicts = known.slice(0, mutants.length);
  const { hints, problems: hintProblems } = hintsOf(mutants, mutantVerdicts);
  const hintFile = { file: files.hints, text: JSON.stringify(hints, null, 2) + "\n" };
  const derived = [...wovenFiles(files), ...tangledFiles(files)];
  const studentFiles = derived.filter(({ file }) => !file.startsWith(dirname(files.master)));
  const problems = [
    ...derived
      .filter((file) => !isCurrent(file))
      .map(({ file }) => `${file} is stale: run gradlab weave and gradlab tangle`),
    ...(isCurrent(hintFile) ? [] : [`${files.hints} is stale: run gradlab validate --update`]),
    ...completeness(manifest, solution, mutants, alternatives),
    ...proseProblems(lesson, files.master),
    ...stub.exercises
      .filter(({ score }) => score > 0)
      .map(({ name, tests }) => `${name}: its stub passes ${namesOf(tests, true)}`),
    ...solution.exercises.flatMap((result) => shortfall("the reference answer", result)),
    ...hintProblems,
    ...alternatives.flatMap((answer, i) =>
      known[mutants.length + i].exercises.flatMap((result) =>
        shortfall(`alternatives/${answer.name}.ts`, result),
      ),
    ),
    ...leaks(lesson, studentFiles),
  ];
  const tests = solution.exercises.reduce((sum, exercise) => sum + exercise.tests.length, 0);
  const counts = {
    exercises: exercises.length,
    tests,
    mutants: mutants.length,
    alternatives: alternatives.length,
  };
  return { lesson: lesson.name, problems, counts, hints: hintFile };
}

/** The judge gives an untouched stub no points whatever the tests say; here the tests themselves must reject it. */
function asIfAnswered(job: Job): Job {
  const exercises = new Map(
    [...job.submission.exercises.keys()].map((name) => [name, { state: "answered" as const, message: "" }]),
  );
  return { ...job, submission: { ...job.submission, exercises } };
}

function replaced(cells: readonly Cell[], { exercise, source, name }: KnownAnswer): Cell[] {
  const tag = tagLine({ kind: "exercise", name: exercise });
  return cells.map((cell) =>
    cellTag(cell.source)?.name === exercise ? { source: `${tag}\n${source}`, origin: name } : cell,
  );
}

/** The hints by fingerprint, and what keeps a mutant from being recognised. */
function hintsOf(
  mutants: readonly KnownAnswer[],
  verdicts: readonly Verdict[],
): { hints: Hints; problems: string[] } {
  const hints: Hints = {};
  const problems: string[] = [];
  const seen = new Map<string, string>();
  mutants.forEach(({ name, exercise, hint }, i) => {
    const file = `mutants/${name}.ts`;
    const result = verdicts[i].exercises.find((candidate) => candidate.name === exercise)!;
    const failed = result.tests.filter(({ status }) => status !== "passed");
    if (hint === "") problems.push(`${file}: its first line must be // hint: <what the student is told>`);
    if (
      result.message !== "" &&
      failed.length === result.tests.length &&
      result.tests.every(({ status }) => status === "error")
    )
      problems.push(`${file}: does not run: ${result.tests[0]?.message ?? result.message}`);
    if (failed.length === 0) problems.push(`${file}: no test rejects it`);
    else if (failed.every(({ hidden }) => hidden))
      problems.push(`${file}: only hidden tests reject it, so its hint is never shown`);
    const key = fingerprint(result);
    const twin = seen.get(`${exercise} ${key}`);
    if (twin !== undefined && failed.length > 0)
      problems.push(
        `${file}: fails the public tests just as mutants/${twin}.ts does: add a test that tells them apart`,
      );
    seen.set(`${exercise} ${key}`, name);
    (hints[exercise] ??= {})[key] = hint;
  });
  return { hints, problems };
}

function completeness(
  manifest: LessonManifest,
  solution: Verdict,
  mutants: readonly KnownAnswer[],
  alternatives: readonly KnownAnswer[],
): string[] {
  const problems = manifest.written.length > 0 ? [] : ["no written question"];
  for (const name of exerciseNames(manifest)) {
    const count = (answers: readonly KnownAnswer[]) =>
      answers.filter(({ exercise }) => exercise === name).length;
    if (count(mutants) < minimum.mutants)
      problems.push(`${name}: ${count(mutants)} mutants; at least ${minimum.mutants} are needed`);
    if (count(alternatives) < minimum.alternatives)
      problems.push(
        `${name}: ${count(alternatives)} alternatives; at least ${minimum.alternatives} are needed`,
      );
    const tests = solution.exercises.find((exercise) => exercise.name === name)?.tests ?? [];
    for (const [hidden, kind] of [
      [false, "public"],
      [true, "hidden"],
    ] as const)
      if (!tests.some((test) => test.hidden === hidden)) problems.push(`${name}: no ${kind} test`);
  }
  return problems;
}

function shortfall(who: string, { name, score, points, tests, message }: ExerciseResult): string[] {
  if (score === points) return [];
  const failures = tests
    .filter(({ status }) => status !== "passed")
    .map((test) => `${test.name} (${test.message})`);
  return [`${name}: ${who} fails ${failures.join("; ") || message}`];
}

function namesOf(tests: ExerciseResult["tests"], passing: boolean): string {
  return tests
    .filter(({ status }) => (status === "passed") === passing)
    .map(({ name }) => JSON.stringify(name))
    .join(", ");
}

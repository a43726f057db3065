import { existsSync } from "node:fs";
import type { Command } from "commander";
import { assemble } from "../course/assemble.js";
import { checkCells, type CheckOutcome } from "../course/check-exercise.js";
import { Course, exerciseNames, readManifest, type LessonFiles } from "../course/course.js";
import { UserError } from "../errors.js";
import { Judge } from "../grader/judge.js";
import { exerciseText } from "../grader/reports/text.js";
import { readSubmission, type RawSubmission } from "../grader/submissions.js";
import { courseOption, type CourseOption } from "./course-option.js";

interface CheckOptions extends CourseOption {
  file?: string;
  json?: boolean;
}

/** `gradlab check`: the public tests on what a student wrote. */
export function register(program: Command): void {
  courseOption(program.command("check [lesson]"))
    .description("run the public tests on what you wrote: LESSON or LESSON/EXERCISE, or all lessons")
    .option(
      "--file <file>",
      "check this notebook or module (default: your notebook, or exercises/…/submission.ts if more is done there)",
    )
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab check 03-chain-rule\n  gradlab check 03/composite-derivative\n  gradlab check 03 --file my-copy.ipynb",
    )
    .action(runCheck);
}

interface LessonOutcome extends CheckOutcome {
  lesson: string;
  file: string;
}

async function runCheck(
  query: string | undefined,
  { course: root, file, json }: CheckOptions,
): Promise<void> {
  const course = root === undefined ? Course.around() : new Course(root);
  const [lesson, exercise] = (query ?? "").split("/");
  if (!lesson && file !== undefined)
    throw new UserError("--file needs a lesson: gradlab check LESSON --file FILE");
  const lessons = course.select(lesson ? [lesson] : []);
  const known = lessons.flatMap((files) => exerciseNames(readManifest(files)));
  if (exercise !== undefined && !known.includes(exercise))
    throw new UserError(`no exercise ${exercise}; ${lesson} has: ${known.join(", ")}`);
  const judge = await Judge.start(course.root);
  const outcomes: LessonOutcome[] = [];
  try {
    for (const files of lessons) {
      const source = file ?? furthest(files);
      const { cells } = readSubmission(source);
      outcomes.push({
        lesson: files.name,
        file: source,
        ...(await checkCells(judge, files, cells, exercise)),
      });
    }
  } finally {
    await judge.close();
  }
  if (json) console.log(JSON.stringify(outcomes, null, 2));
  else for (const outcome of outcomes) printOutcome(course, outcome);
  const results = outcomes.flatMap(({ exercises }) => exercises);
  process.exitCode = results.every(
    ({ tests }) => tests.length > 0 && tests.every(({ status }) => status === "passed"),
  )
    ? 0
    : 1;
}

function printOutcome(course: Course, { lesson, file, exercises, notes }: LessonOutcome): void {
  console.log(`${lesson} (${course.show(file)})`);
  for (const exercise of exercises) console.log(exerciseText(exercise));
  for (const note of notes) console.log(`  note ${note}`);
}

/** Where the student works: of the notebook and the module the one in which more exercises are answered. */
function furthest(files: LessonFiles): string {
  const manifest = readManifest(files);
  const answered = (raw: RawSubmission) =>
    [...assemble(manifest, raw.cells).exercises.values()].filter(
      ({ state }) => state !== "untouched" && state !== "missing",
    ).length;
  const candidates = [files.notebook, files.submission].filter((candidate) => existsSync(candidate));
  if (candidates.length === 0)
    throw new UserError(`${files.name}: neither ${files.notebook} nor ${files.submission} is there`);
  const counts = candidates.map((candidate) => answered(readSubmission(candidate)));
  return candidates[counts.indexOf(Math.max(...counts))];
}

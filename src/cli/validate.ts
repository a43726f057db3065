import type { Command } from "commander";
import { availableParallelism } from "node:os";
import pc from "picocolors";
import { checkExercises } from "../course/config.js";
import { Course } from "../course/course.js";
import { writeDerived } from "../course/derive.js";
import { validate, type Validation } from "../course/validate.js";
import { Judge } from "../grader/judge.js";
import { courseOption, type CourseOption } from "./course-option.js";
import { ProgressBar } from "../plot/progress-bar.js";

interface ValidateOptions extends CourseOption {
  update?: boolean;
  json?: boolean;
}

/** `gradlab validate`: for authors of lessons. */
export function register(program: Command): void {
  courseOption(program.command("validate [lessons...]"))
    .description(
      "prove lessons: stubs fail, solutions pass, known wrong answers are rejected, nothing is given away",
    )
    .option("--update", "write the hints.json of the lessons anew")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", "\nExamples:\n  gradlab validate\n  gradlab validate 03-chain-rule --update")
    .action(runValidate);
}

async function runValidate(names: string[], { course: root, update, json }: ValidateOptions): Promise<void> {
  const course = root === undefined ? Course.around() : new Course(root);
  const lessons = course.select(names);
  checkExercises(course);
  const judge = await Judge.start(course.root, { workers: availableParallelism() });
  const progress = new ProgressBar("validated", lessons.length);
  const found: Validation[] = [];
  try {
    for (const files of lessons) {
      let validation = await validate(judge, files);
      if (update && writeDerived([validation.hints]).length > 0) validation = await validate(judge, files);
      found.push(validation);
      progress.update(found.length);
    }
  } finally {
    progress.finish();
    await judge.close();
  }
  if (json) console.log(JSON.stringify(found, null, 2));
  else for (const validation of found) printValidation(validation);
  process.exitCode = found.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

function printValidation({ lesson, problems, counts }: Validation): void {
  const summary = `${counts.exercises} exercises, ${counts.tests} tests, ${counts.mutants} mutants rejected, ${counts.alternatives} alternatives accepted`;
  if (problems.length === 0) console.log(`${pc.green("✓")} ${lesson}: ${summary}`);
  else
    console.log(
      [
        `${pc.red("✗")} ${lesson}: ${problems.length} problems`,
        ...problems.map((problem) => `  ${problem}`),
      ].join("\n"),
    );
}

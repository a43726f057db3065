import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Option, type Command } from "commander";
import { Course } from "../course/course.js";
import { grade } from "../grader/grade.js";
import { chooseIsolation, sandboxChoices, type SandboxChoice } from "../grader/isolation.js";
import { reportText } from "../grader/report-text.js";
import type { GradeReport } from "../grader/results.js";
import { submissionFiles } from "../grader/submissions.js";
import { writeFileAtomic } from "../write-file.js";
import { courseOption, type CourseOption } from "./course-option.js";
import { ProgressBar } from "../plot/progress-bar.js";

interface GradeCommandOptions extends CourseOption {
  lesson?: string;
  out?: string;
  json?: boolean;
  sandbox: SandboxChoice;
}

/** `gradlab grade`: public and hidden tests on what students handed in. */
export function register(program: Command): void {
  courseOption(program.command("grade <files...>"))
    .description("grade notebooks, modules or folders of them with the public and the hidden tests")
    .option("--lesson <name>", "grade for this lesson, whatever the notebooks say")
    .option("--out <dir>", "also write results.json into this folder")
    .option("--json", "print the report as JSON")
    .addOption(
      new Option(
        "--sandbox <choice>",
        "run submissions in a container of their own: if possible, always or never",
      )
        .choices(sandboxChoices)
        .default("auto"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab grade anna.ipynb\n  gradlab grade submissions/ --out results\n  gradlab grade softmax.ts --lesson softmax --json",
    )
    .action(runGrade);
}

async function runGrade(
  paths: string[],
  { course: root, lesson, out, json, sandbox }: GradeCommandOptions,
): Promise<void> {
  const isolation = chooseIsolation(sandbox);
  const course = root === undefined ? Course.around() : new Course(root);
  const files = submissionFiles(paths);
  const progress = new ProgressBar("graded", files.length);
  let report: GradeReport;
  try {
    report = await grade(course, files, {
      ...(lesson !== undefined && { lesson }),
      workers: availableParallelism(),
      tier: isolation.tier,
      onProgress: (done) => progress.update(done),
    });
  } finally {
    progress.finish();
  }
  const text = JSON.stringify(report, null, 2);
  if (out !== undefined) writeFileAtomic(join(out, "results.json"), text + "\n");
  console.log(json ? text : reportText(report));
  // Wrong answers are a result; what could not be graded is not.
  const ungraded = report.submissions.filter(
    ({ exercises, outcome }) => exercises.length === 0 || outcome === "infrastructure",
  );
  for (const { file, flags } of ungraded) console.error(`gradlab: not graded: ${flags.join("; ") || file}`);
  process.exitCode = ungraded.length > 0 ? 1 : 0;
}

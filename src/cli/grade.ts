import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Option, type Command } from "commander";
import { Course } from "../course/course.js";
import { UserError } from "../errors.js";
import { grade } from "../grader/grade.js";
import { chooseIsolation, sandboxChoices, tierOfWorkers, type SandboxChoice } from "../grader/isolation.js";
import { reportText } from "../grader/report-text.js";
import type { GradeReport } from "../grader/results.js";
import { submissionFiles } from "../grader/submissions.js";
import { writeFileAtomic } from "../write-file.js";
import { Batch } from "./batch.js";
import { courseOption, type CourseOption } from "./course-option.js";
import { jobsOption } from "./jobs-option.js";

interface GradeCommandOptions extends CourseOption {
  lesson?: string;
  out?: string;
  json?: boolean;
  sandbox: SandboxChoice;
  jobs?: number;
  queue?: string;
  fresh?: boolean;
}

/** `gradlab grade`: public and hidden tests on what students handed in. */
export function register(program: Command): void {
  courseOption(program.command("grade <files...>"))
    .description("grade notebooks, modules or folders of them with the public and the hidden tests")
    .option("--lesson <name>", "grade for this lesson, whatever the notebooks say")
    .option(
      "--out <dir>",
      "also write results.json into this folder, and a journal from which a broken run goes on",
    )
    .option("--fresh", "grade everything again, whatever the journal in --out has")
    .addOption(jobsOption())
    .addOption(
      new Option(
        "--queue <url>",
        "have it graded by the workers at this Redis or Valkey (gradlab worker)",
      ).conflicts("jobs"),
    )
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
      "\nExamples:\n  gradlab grade anna.ipynb\n  gradlab grade submissions/ --out results\n  gradlab grade softmax.ts --lesson softmax --json\n  gradlab grade class/ --out results --queue redis://localhost:6379",
    )
    .action(runGrade);
}

async function runGrade(
  paths: string[],
  {
    course: root,
    lesson,
    out,
    json,
    sandbox,
    jobs = availableParallelism(),
    queue,
    fresh,
  }: GradeCommandOptions,
): Promise<void> {
  if (fresh && out === undefined) throw new UserError("--fresh: say with --out DIR whose journal to forget");
  const tier = queue === undefined ? chooseIsolation(sandbox).tier : tierOfWorkers(sandbox);
  const course = root === undefined ? Course.around() : new Course(root);
  const files = submissionFiles(paths);
  const batch = await Batch.open(course, { jobs, tier, queue, out, fresh });
  let report: GradeReport;
  try {
    report = await grade(course, files, { ...(lesson !== undefined && { lesson }), tier, ...batch.options });
  } finally {
    await batch.close();
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

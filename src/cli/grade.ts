import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Option, type Command } from "commander";
import { Course } from "../course/course.js";
import { messageOf, UserError } from "../errors.js";
import { grade } from "../grader/grade.js";
import { chooseIsolation, tierOfWorkers, type SandboxChoice } from "../grader/isolation.js";
import { NamesFile } from "../grader/input/names-file.js";
import { printable } from "../grader/printable.js";
import { isGraded } from "../grader/reports/class-overview.js";
import { githubAnnotations, githubSummary } from "../grader/reports/github.js";
import { parseReportNames, reportNames, type ReportName } from "../grader/reports/reports.js";
import { whyUngraded } from "../grader/reports/student-view.js";
import { reportText } from "../grader/reports/text.js";
import { writeReports } from "../grader/reports/write-reports.js";
import type { GradeReport } from "../grader/results.js";
import { folderToWrite, notEmpty } from "./arguments.js";
import { Batch } from "./batch.js";
import { courseOption, type CourseOption } from "./course-option.js";
import { jobsOption } from "./jobs-option.js";
import { sandboxOption } from "./sandbox-option.js";

interface GradeCommandOptions extends CourseOption {
  lesson?: string;
  names?: string;
  student?: string;
  seedBy: "none" | "student";
  report?: string;
  out?: string;
  json?: boolean;
  sandbox: SandboxChoice;
  types: boolean;
  jobs?: number;
  queue?: string;
  fresh?: boolean;
}

/** `gradlab grade`: public and hidden tests on what students handed in. */
export function register(program: Command): void {
  courseOption(program.command("grade <files...>"))
    .description(
      "grade notebooks, modules, and folders, zip or tar archives of them with the public and the hidden tests",
    )
    .option("--lesson <name>", "grade for this lesson, whatever the notebooks say")
    .option("--names <file>", "CSV that says whose submissions are: file, prefix or id; student, name, email")
    .option("--student <id>", "all files are this student's", notEmpty)
    .addOption(
      new Option(
        "--seed-by <who>",
        "what hidden tests draw random inputs from: the same for all, or each student's own",
      )
        .choices(["none", "student"])
        .default("none"),
    )
    .option("--report <list>", `reports to write into --out: ${reportNames.join(",")} (default: json)`)
    .option(
      "--out <dir>",
      "write reports into this folder, and a journal from which a broken run goes on",
      folderToWrite,
    )
    .option("--fresh", "grade everything again, whatever the journal in --out has")
    .addOption(jobsOption())
    .addOption(
      new Option(
        "--queue <url>",
        "have it graded by the workers at this Redis or Valkey (gradlab worker)",
      ).conflicts("jobs"),
    )
    .option(
      "--no-types",
      "leave out the advice on errors of types, which cost no points, and a third of the time",
    )
    .option("--json", "print the report as JSON")
    .addOption(sandboxOption())
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab grade anna.ipynb\n  gradlab grade class.zip --names names.csv --out results --report html,csv\n  gradlab grade softmax.ts --lesson softmax --json\n  gradlab grade class/ --out results --queue redis://localhost:6379",
    )
    .action(runGrade);
}

async function runGrade(paths: string[], options: GradeCommandOptions): Promise<void> {
  const { lesson, names: namesFile, student, seedBy, out, json, sandbox, types, queue, fresh } = options;
  const { jobs = availableParallelism() } = options;
  // Whatever is wrong with the command shows before anything is graded.
  const reports = reportsAsked(options.report, out);
  if (fresh && out === undefined) throw new UserError("--fresh: say with --out DIR whose journal to forget");
  const tier = queue === undefined ? chooseIsolation(sandbox).tier : tierOfWorkers(sandbox);
  const course = options.course === undefined ? Course.around() : new Course(options.course);
  const names = namesFile === undefined ? undefined : new NamesFile(namesFile);
  if (out !== undefined) makeFolder(out);
  const batch = await Batch.open(course, { jobs, tier, queue, out, fresh });
  let report: GradeReport;
  try {
    report = await grade(course, paths, {
      ...(lesson !== undefined && { lesson }),
      ...(names && { names }),
      ...(student !== undefined && { student }),
      seedBy,
      tier,
      types,
      ...batch.options,
    });
  } finally {
    await batch.close();
  }
  if (json) console.log(JSON.stringify(report, null, 2));
  else printText(reportText(report));
  if (out !== undefined) writeOrAdvise(out, report, reports);
  if (out === undefined && reports.includes("github")) tellGithub(report);
  if (names?.unused !== undefined) console.error(`gradlab: ${printable(names.unused)}`);
  // Wrong answers are a result; what could not be graded is not.
  const ungraded = report.submissions.filter((submission) => !isGraded(submission));
  for (const submission of ungraded) console.error(`gradlab: not graded: ${whyUngraded(submission)}`);
  process.exitCode = ungraded.length > 0 ? 1 : 0;
}

function reportsAsked(list: string | undefined, out: string | undefined): ReportName[] {
  if (list === undefined) return ["json"];
  const reports = parseReportNames(list);
  const needOut = reports.filter((name) => name !== "github");
  if (out === undefined && needOut.length > 0)
    throw new UserError(`--report ${needOut.join(",")}: say with --out DIR where to write it`);
  return reports;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`${folder}: cannot be written: ${messageOf(error)}`);
  }
}

/** Where there is no place left for reports, nothing that was graded is lost. */
function writeOrAdvise(out: string, report: GradeReport, names: readonly ReportName[]): void {
  try {
    writeReports(out, report, names);
  } catch (error) {
    throw new UserError(
      `${messageOf(error)}\nThe journal in ${out} has what is graded: run the same command again to have the reports written.`,
    );
  }
}

/**
 * Prints what may begin with a student's words. On GitHub, a line of it could be taken for a command to the runner: while it is printed, the runner
 * listens to nothing but a word that nobody can guess.
 */
function printText(text: string): void {
  if (process.env.GITHUB_ACTIONS !== "true") return console.log(text);
  const word = randomUUID();
  console.log(`::stop-commands::${word}\n${text}\n::${word}::`);
}

/** Without a folder for its files the report goes to the runner at once. */
function tellGithub(report: GradeReport): void {
  const { GITHUB_STEP_SUMMARY: summaryFile } = process.env;
  if (summaryFile !== undefined && summaryFile !== "") appendFileSync(summaryFile, githubSummary(report));
  // On stderr, where the runner reads commands, too: stdout may be the JSON.
  for (const line of githubAnnotations(report)) console.error(line);
}

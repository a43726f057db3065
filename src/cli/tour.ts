import type { Command } from "commander";
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import pc from "picocolors";
import { Course, readLesson } from "../course/course.js";
import { weave } from "../course/weave.js";
import { UserError } from "../errors.js";
import { grade } from "../grader/grade.js";
import { reportText } from "../grader/reports/text.js";
import { cellsToRun, runNotebook } from "../kernel/run-notebook.js";
import { courseOption, type CourseOption } from "./course-option.js";
import { ProgressBar } from "../plot/progress-bar.js";

/** `gradlab tour`, which is what `npm start` runs: a lesson solved in the kernel, and samples graded. */
export function register(program: Command): void {
  courseOption(program.command("tour [lesson]"))
    .description(
      "see it work: run a solved lesson in the kernel, grade sample submissions, and learn how to open the course",
    )
    .addHelpText("after", "\nExamples:\n  gradlab tour\n  gradlab tour 03-chain-rule")
    .action(tour);
}

async function tour(query = "03-chain-rule", { course: root }: CourseOption): Promise<void> {
  const course = root === undefined ? Course.around() : new Course(root);
  const files = course.find(query);
  if (!existsSync(files.master))
    throw new UserError(
      `${course.root} is a student's edition: it has no solved lesson to show. Try: gradlab check ${query}`,
    );
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());

  console.log(pc.bold(`1. The solved notebook of ${files.name} runs in the kernel`));
  const notebook = weave(readLesson(files), "solution");
  const cells = cellsToRun(notebook).length;
  const running = new ProgressBar("cells", cells);
  // The kernel works in the notebook's folder, as it does under Jupyter; a student edition may not have made it yet.
  const run = await runNotebook(notebook, {
    cwd: existsSync(dirname(files.notebook)) ? dirname(files.notebook) : course.root,
    cellTimeout: 60_000,
    signal: interrupted.signal,
    onCell: (done) => running.update(done),
  }).finally(() => running.finish());
  if (interrupted.signal.aborted) return void (process.exitCode = 130);
  if (run.failure)
    throw new UserError(
      `cell ${run.failure.cell} failed: ${run.failure.error?.evalue ?? run.failure.status}`,
    );
  const seconds = run.cells.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  console.log(`   ${pc.green("✓")} ${cells} cells, all checks included, in ${seconds.toFixed(1)} s\n`);

  console.log(pc.bold("2. The grader marks the sample submissions"));
  let grading: ProgressBar | undefined;
  const report = await grade(course, [files.samples], {
    onProgress: (done, total) => (grading ??= new ProgressBar("graded", total)).update(done),
  }).finally(() => grading?.finish());
  console.log(reportText(report));

  console.log(pc.bold("\n3. Open the course"));
  console.log(howToOpen(course.show(files.notebook)));
}

function howToOpen(notebook: string): string {
  return [
    "   Install the kernel once:   npx gradlab kernel install --user",
    `   JupyterLab:                jupyter lab ${notebook}`,
    `   VS Code:                   code ${notebook}   (with its Jupyter extension; choose the kernel "TypeScript (gradlab)")`,
    `   Without Jupyter:           edit exercises/${basename(notebook, ".ipynb")}/submission.ts, then  npx gradlab check ${basename(notebook, ".ipynb")}`,
  ].join("\n");
}

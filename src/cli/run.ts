import { accessSync, constants, mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { InvalidArgumentError, type Command } from "commander";
import { formatNotebook, readNotebook } from "../course/notebook.js";
import { messageOf, UserError } from "../errors.js";
import { runNotebook, type CellRun, type NotebookRun } from "../kernel/run-notebook.js";
import { writeFileAtomic } from "../write-file.js";
import { Progress } from "./progress.js";

interface RunCommandOptions {
  out?: string;
  cellTimeout: number;
  allowErrors?: boolean;
  json?: boolean;
}

/** What a shell reports for a program that was ended by Ctrl-C. */
const interruptedExitCode = 130;

/** `gradlab run`: notebooks from the command line, as Jupyter would run them. */
export function registerRunCommand(program: Command): void {
  program
    .command("run <notebooks...>")
    .description(
      "run notebooks in the kernel, cell by cell; stops with exit status 1 at the first cell that fails",
    )
    .option("--out <dir>", "write the notebooks with their outputs into this folder")
    .option("--cell-timeout <seconds>", "how long a cell may take", seconds, 600)
    .option("--allow-errors", "go on after a cell that fails")
    .option("--json", "print how each cell went as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab run notebooks/03-chain-rule.ipynb\n  gradlab run *.ipynb --out done --allow-errors",
    )
    .action(run);
}

async function run(
  files: string[],
  { out, cellTimeout, allowErrors = false, json = false }: RunCommandOptions,
): Promise<void> {
  // Everything that can be wrong with the request is found out before the first cell runs.
  const inputs = files.map((file) => ({ file, notebook: readNotebook(file) }));
  if (out !== undefined) checkOut(out, files);
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const results: object[] = [];
  for (const { file, notebook } of inputs) {
    const { run, label } = { run: await runOne(file, notebook), label: file };
    if (interrupted.signal.aborted) process.exit(interruptedExitCode);
    const target = out === undefined ? undefined : join(out, basename(file));
    if (target !== undefined) writeFileAtomic(target, formatNotebook(run.notebook));
    results.push({ file, ...(target !== undefined && { out: target }), ok: run.ok, cells: run.cells });
    if (run.failure) console.error(failureText(label, run.failure));
    if (!json) console.log(summary(file, run, target));
    if (run.ok) continue;
    process.exitCode = 1;
    if (!allowErrors) break;
  }
  if (json) console.log(JSON.stringify({ notebooks: results }, null, 2));

  async function runOne(file: string, notebook: ReturnType<typeof readNotebook>): Promise<NotebookRun> {
    const total = notebook.cells.filter(({ cell_type }) => cell_type === "code").length;
    const progress = new Progress(basename(file), total);
    try {
      return await runNotebook(notebook, {
        cwd: dirname(resolve(file)),
        cellTimeout: cellTimeout * 1000,
        allowErrors,
        signal: interrupted.signal,
        onCell: (done, cells) => progress.update(done, cells),
      });
    } catch (error) {
      if (interrupted.signal.aborted) process.exit(interruptedExitCode);
      throw new UserError(`${file}: cannot be run: ${messageOf(error)}`);
    } finally {
      progress.stop();
    }
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e6)) throw new InvalidArgumentError("expected a number of seconds");
  return value;
}

function checkOut(out: string, files: string[]): void {
  const names = files.map((file) => basename(file));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UserError(`--out ${out}: two notebooks are called ${twice}; run them separately`);
  try {
    mkdirSync(out, { recursive: true });
    accessSync(out, constants.W_OK);
  } catch (error) {
    throw new UserError(`--out ${out}: cannot be written to: ${messageOf(error)}`);
  }
}

function failureText(file: string, { cell, status, error }: CellRun): string {
  const lines = error?.traceback ?? [`no answer but "${status}"`];
  return [`${file}: cell ${cell} failed`, ...lines.map((line) => `  ${stripVTControlCharacters(line)}`)].join(
    "\n",
  );
}

function summary(file: string, { cells, ok }: NotebookRun, target: string | undefined): string {
  const failed = cells.filter(({ status }) => status !== "ok").length;
  const seconds = cells.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  const counts = `${cells.length - failed} cells ok${failed > 0 ? `, ${failed} failed` : ""}${ok ? "" : ", stopped"}`;
  return `${file}: ${counts} in ${seconds.toFixed(1)} s${target === undefined ? "" : ` → ${target}`}`;
}

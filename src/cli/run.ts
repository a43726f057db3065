import { accessSync, constants, mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { InvalidArgumentError, type Command } from "commander";
import { formatNotebook, readNotebook, type Notebook } from "../course/notebook.js";
import { messageOf, UserError } from "../errors.js";
import { cellsToRun, runNotebook, type CellRun, type NotebookRun } from "../kernel/run-notebook.js";
import { writeFileAtomic } from "../write-file.js";
import { ProgressBar } from "../plot/progress-bar.js";
import { folderToWrite } from "./arguments.js";

interface RunCommandOptions {
  out?: string;
  cellTimeout: number;
  allowErrors?: boolean;
  json?: boolean;
}

/** What a shell reports for a program that was ended by Ctrl-C. */
const interruptedExitCode = 130;

/** `gradlab run`: notebooks from the command line, as Jupyter would run them. */
export function register(program: Command): void {
  program
    .command("run <notebooks...>")
    .description(
      "run notebooks in the kernel, cell by cell; stops with exit status 1 at the first cell that fails",
    )
    .option("--out <dir>", "write the notebooks with their outputs into this folder", folderToWrite)
    .option("--cell-timeout <seconds>", "how long a cell may take", seconds, 600)
    .option("--allow-errors", "go on after a cell that fails")
    .option("--json", "print how each cell went as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab run notebooks/03-chain-rule.ipynb\n  gradlab run *.ipynb --out done --allow-errors",
    )
    .action(run);
}

async function run(files: string[], options: RunCommandOptions): Promise<void> {
  // Everything that can be wrong with the request is found out before the first cell runs.
  const inputs = files.map((file) => ({ file, notebook: readNotebook(file) }));
  if (options.out !== undefined) checkOut(options.out, files);
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());

  const results: object[] = [];
  for (const { file, notebook } of inputs) {
    const result = await runFile(file, notebook, options, interrupted.signal);
    const out = options.out === undefined ? undefined : join(options.out, basename(file));
    if (out !== undefined) writeFileAtomic(out, formatNotebook(result.notebook));
    results.push({ file, ...(out !== undefined && { out }), ok: result.ok, cells: result.cells });
    if (result.failure) console.error(failureText(file, result.failure));
    if (!options.json) console.log(summary(file, result, out));
    if (result.ok) continue;
    process.exitCode = 1;
    if (!options.allowErrors) break;
  }
  if (options.json) console.log(JSON.stringify({ notebooks: results }, null, 2));
}

async function runFile(
  file: string,
  notebook: Notebook,
  { cellTimeout, allowErrors = false }: RunCommandOptions,
  signal: AbortSignal,
): Promise<NotebookRun> {
  const progress = new ProgressBar(basename(file), Math.max(1, cellsToRun(notebook).length));
  try {
    return await runNotebook(notebook, {
      cwd: dirname(resolve(file)),
      cellTimeout: cellTimeout * 1000,
      allowErrors,
      signal,
      onCell: (done) => progress.update(done),
    });
  } catch (error) {
    throw new UserError(`${file}: cannot be run: ${messageOf(error)}`);
  } finally {
    progress.finish();
    // Whatever was under way: the kernel is gone by now.
    if (signal.aborted) process.exit(interruptedExitCode);
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

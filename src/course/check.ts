import { fork, type ChildProcess } from "node:child_process";
import { notebookSession } from "../display/session.js";
import { compiledFile } from "../package.js";
import { cellTag, type Cell } from "./cells.js";
import type { CheckOutcome } from "./check-exercise.js";
import { CheckResult } from "./check-result.js";
import { UserError } from "../errors.js";

/** What a notebook asks of its checker process, and what that answers. */
export interface CheckRequest {
  exercise: string;
  cells: Cell[];
  directory: string;
}
export type CheckResponse = { outcome: CheckOutcome } | { error: string };

/**
 * Runs the public tests of an exercise on the cell that answers it and shows the result as a table.
 *
 * What is tested is the source of the cells as they were last run, in a process of its own, exactly as the grader does it;
 * variables left over in the notebook do not count.
 *
 * @throws UserError outside a notebook, or if there is no such exercise.
 */
export async function check(exercise: string): Promise<CheckResult> {
  const session = notebookSession();
  if (!session)
    throw new UserError("check() works in a notebook; in a terminal use: gradlab check LESSON/EXERCISE");
  const cells = latest(session.executedCells());
  const { exercises, notes } = await askChecker({ exercise, cells, directory: process.cwd() });
  const [result] = exercises;
  const isRun = cells.some(({ source }) => cellTag(source)?.name === exercise);
  return new CheckResult(
    isRun ? result : { ...result, message: `run the cell with /** @exercise ${exercise} */ first` },
    notes,
  );
}

/** Of each tagged cell the version that was run last; of the others all, because their imports count. */
function latest(sources: readonly string[]): Cell[] {
  const cells = new Map<string, Cell>();
  sources.forEach((source, i) => {
    const tag = cellTag(source);
    const key = tag ? `${tag.kind} ${tag.name}` : source;
    cells.delete(key);
    cells.set(key, { source, origin: `the cell run as [${i + 1}]` });
  });
  return [...cells.values()];
}

let checker: ChildProcess | undefined;

/** The checker: a process that keeps the judge warm, so that the second check takes a moment only. */
function startChecker(): ChildProcess {
  const child = fork(compiledFile("course/check-process.js"), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // In a process group of its own, an interrupt of the notebook does not end it. (Windows would open a window.)
    detached: process.platform !== "win32",
  });
  child.once("exit", () => (checker = undefined));
  // A check under way keeps the notebook's process alive; an idle checker does not.
  child.unref();
  child.channel?.unref();
  return child;
}

let queue: Promise<unknown> = Promise.resolve();

/** One check at a time: answers come in the order of the questions. */
function askChecker(request: CheckRequest): Promise<CheckOutcome> {
  const answer = queue.then(() => exchange(request));
  queue = answer.catch(() => {});
  return answer;
}

function exchange(request: CheckRequest): Promise<CheckOutcome> {
  const child = (checker ??= startChecker());
  child.channel?.ref();
  return new Promise<CheckOutcome>((resolve, reject) => {
    const onExit = () => reject(new Error("the checker stopped; run the cell again"));
    child.once("exit", onExit);
    child.once("message", (response: CheckResponse) => {
      child.off("exit", onExit);
      if ("outcome" in response) resolve(response.outcome);
      else reject(new UserError(response.error));
    });
    child.send(request);
  }).finally(() => child.channel?.unref());
}

// Most of a first check is starting up: begin when the notebook imports this module, not when it asks.
if (notebookSession()) checker = startChecker();

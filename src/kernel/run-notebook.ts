import { sourceOf, type Notebook, type NotebookCell } from "../course/notebook.js";
import { messageOf } from "../errors.js";
import { KernelClient, KernelTimeout } from "./client.js";
import type { KernelInfoReply } from "./messages.js";
import { NotebookOutputs, type NotebookOutput } from "./notebook-outputs.js";

export interface RunOptions {
  /** The folder in which the kernel runs: the notebook's. */
  cwd: string;
  /** Milliseconds that a cell may take. */
  cellTimeout: number;
  /** Go on after a cell whose reply says `error`. */
  allowErrors?: boolean;
  /** Ends the kernel and the run. */
  signal?: AbortSignal;
  onCell?: (done: number, total: number) => void;
}

/** How one code cell went. Only `ok` is a success; `lost` means that no answer came: kernel dead, or out of time. */
export interface CellRun {
  /** Its position among all cells, from 1. */
  cell: number;
  id: string;
  status: "ok" | "error" | "aborted" | "lost";
  executionCount: number | null;
  durationMs: number;
  error?: { ename: string; evalue: string; traceback: string[] };
}

export interface NotebookRun {
  /** The notebook with the outputs of this run, valid nbformat 4.5. */
  notebook: Notebook;
  cells: CellRun[];
  /** What ended the run, or would have ended it without `allowErrors`. */
  failure: CellRun | undefined;
  /** Every cell was run, and no worse than allowed. */
  ok: boolean;
}

/** The code cells that hold anything. */
export function cellsToRun(notebook: Notebook): NotebookCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code" && sourceOf(cell).trim() !== "");
}

/**
 * Runs the cells of a notebook, in order, in a kernel process of its own, over the Jupyter protocol.
 * @throws KernelDied if no kernel can be started.
 */
export async function runNotebook(input: Notebook, options: RunOptions): Promise<NotebookRun> {
  const notebook = cleanCopy(input);
  const { cwd, cellTimeout, allowErrors = false, signal, onCell } = options;
  const kernel = await KernelClient.launch({ cwd });
  const abort = () => void kernel.close();
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    notebook.metadata.language_info = await languageInfo(kernel);
    const outputs = new NotebookOutputs();
    const code = cellsToRun(notebook);
    const cells: CellRun[] = [];
    for (const cell of code) {
      const run = await runCell(kernel, cell, outputs, cellTimeout);
      cells.push({ cell: notebook.cells.indexOf(cell) + 1, id: cell.id!, ...run });
      onCell?.(cells.length, code.length);
      if (run.status !== "ok" && !(allowErrors && run.status === "error")) break;
    }
    const failure = cells.find(({ status }) => status !== "ok");
    const ok =
      cells.length === code.length &&
      cells.every(({ status }) => status === "ok" || (allowErrors && status === "error"));
    return { notebook, cells, failure, ok };
  } finally {
    signal?.removeEventListener("abort", abort);
    await kernel.shutdown();
  }
}

async function runCell(
  kernel: KernelClient,
  cell: NotebookCell,
  collector: NotebookOutputs,
  timeout: number,
): Promise<Omit<CellRun, "cell" | "id">> {
  const outputs: NotebookOutput[] = (cell.outputs = []);
  const start = performance.now();
  const took = () => Math.round(performance.now() - start);
  try {
    const { reply } = await kernel.execute(sourceOf(cell), {
      store_history: true,
      stop_on_error: false,
      timeout,
      onPublication: (publication) => collector.add(outputs, publication),
    });
    if (reply.status === "aborted") return { status: "aborted", executionCount: null, durationMs: took() };
    cell.execution_count = reply.execution_count;
    const run = { executionCount: reply.execution_count, durationMs: took() };
    if (reply.status === "ok") return { status: "ok", ...run };
    const { ename, evalue, traceback } = reply;
    return { status: "error", ...run, error: { ename, evalue, traceback } };
  } catch (thrown) {
    const ename = thrown instanceof KernelTimeout ? "CellTimeout" : "KernelDied";
    const evalue =
      thrown instanceof KernelTimeout ? `the cell took longer than ${timeout / 1000} s` : messageOf(thrown);
    const error = { ename, evalue, traceback: [`${ename}: ${evalue}`] };
    outputs.push({ output_type: "error", ...error });
    return { status: "lost", executionCount: null, durationMs: took(), error };
  }
}

async function languageInfo(kernel: KernelClient): Promise<{ name: string }> {
  const { content } = await kernel.request("kernel_info_request", {});
  return { ...(content as unknown as KernelInfoReply).language_info };
}

/** The notebook without outputs, and with what nbformat 4.5 asks for: an id for every cell. */
function cleanCopy(input: Notebook): Notebook {
  const notebook = structuredClone(input);
  const taken = new Set(notebook.cells.map(({ id }) => id));
  notebook.cells.forEach((cell, i) => {
    let id = `cell-${i + 1}`;
    while (taken.has(id)) id += "-new";
    cell.id ??= id;
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  });
  return { ...notebook, nbformat_minor: Math.max(5, notebook.nbformat_minor) };
}

import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import type { MimeBundle } from "../display/mime.js";
import { sessionSymbol, type NotebookSession } from "../display/session.js";
import { toMimeBundle } from "../display/value.js";
import { reportDiagnostics, reportThrown } from "./error-report.js";
import { inspectionBundle } from "./inspection.js";
import type { CompleteReply, ErrorContent, InspectReply, IsCompleteReply, StreamName } from "./messages.js";
import { hidePromiseNotes } from "./promise-inspection.js";
import type { ExecuteAnswer, SessionOutput, SessionRequests } from "./session-protocol.js";
import type { Tslab } from "./tslab.js";
import { codePoints, utf16Offset } from "./unicode-offsets.js";

type Request<T extends keyof SessionRequests> = SessionRequests[T]["request"];

/** One notebook's running state: its variables, the cells executed so far, and where their output goes. */
export class Session {
  readonly #tslab: Tslab;
  readonly #emit: (output: SessionOutput) => void;
  readonly #executed: string[] = [];
  /** The id of the cell that started the code now running, through timers and promises too. */
  readonly #cell = new AsyncLocalStorage<number>();
  #latestCell = 0;

  constructor(tslab: Tslab, emit: (output: SessionOutput) => void) {
    this.#tslab = tslab;
    this.#emit = emit;
    const notebook: NotebookSession = {
      display: (data, { displayId, update = false } = {}) => this.#display(data, displayId, update),
      executedCells: () => this.#executed,
    };
    (globalThis as { [sessionSymbol]?: NotebookSession })[sessionSymbol] = notebook;
    tslab.onDisplay = ({ data, transient }, update) =>
      this.#display(data, transient.display_id, update ?? false);
    hidePromiseNotes();
    this.#captureStream("stdout");
    this.#captureStream("stderr");
    const report = (error: unknown) => process.stderr.write(`Uncaught ${inspect(error)}\n`);
    process.on("uncaughtException", report);
    process.on("unhandledRejection", report);
    process.on("SIGINT", () => this.interrupt());
  }

  interrupt(): void {
    this.#tslab.interrupt();
  }

  execute(id: number, { code, name }: Request<"execute">): Promise<ExecuteAnswer> {
    this.#latestCell = id;
    this.#executed.push(code);
    return this.#cell.run(id, async (): Promise<ExecuteAnswer> => {
      const error = await this.#run(id, code, name);
      if (!error) return { status: "ok" };
      this.#emit({ type: "error", cell: id, content: error });
      return { status: "error", ...error };
    });
  }

  async #run(id: number, code: string, name: string): Promise<ErrorContent | undefined> {
    const outcome = await this.#tslab.execute(code, name);
    if (outcome.kind === "diagnostics") return reportDiagnostics(outcome.diagnostics, name);
    if (outcome.kind === "thrown") return reportThrown(outcome.error, this.#tslab.traces);
    if (outcome.kind === "done") return undefined;
    try {
      const data = await toMimeBundle(outcome.value);
      this.#emit({ type: "result", cell: id, content: { data, metadata: {} } });
      return undefined;
    } catch (error) {
      // A value's own way to show itself is user code, too.
      return reportThrown(error, this.#tslab.traces);
    }
  }

  complete({ code, cursor }: Request<"complete">): CompleteReply {
    const { start, end, matches } = this.#tslab.complete(code, utf16Offset(code, cursor));
    const span = { start: codePoints(code, start), end: codePoints(code, end) };
    return {
      status: "ok",
      matches: matches.map(({ text }) => text),
      cursor_start: span.start,
      cursor_end: span.end,
      metadata: { _jupyter_types_experimental: matches.map((match) => ({ ...span, ...match })) },
    };
  }

  inspect({ code, cursor, detail }: Request<"inspect">): InspectReply {
    const inspection = this.#tslab.inspect(code, utf16Offset(code, cursor));
    if (!inspection) return { status: "ok", found: false, data: {}, metadata: {} };
    return { status: "ok", found: true, data: inspectionBundle(inspection, detail), metadata: {} };
  }

  isComplete({ code }: Request<"isComplete">): IsCompleteReply {
    return this.#tslab.completeness(code);
  }

  #display(data: MimeBundle, displayId: string | undefined, update: boolean): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.#emit({
      type: "display",
      cell: this.#currentCell(),
      content: { data, metadata: {}, transient },
      update,
    });
  }

  #currentCell(): number {
    return this.#cell.getStore() ?? this.#latestCell;
  }

  /** Sends what is written to a standard stream of this process to the cell that wrote it. */
  #captureStream(name: StreamName): void {
    // Characters may be cut anywhere between two writes of bytes.
    const decoder = new TextDecoder();
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      if (text !== "") this.#emit({ type: "stream", cell: this.#currentCell(), name, text });
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback);
      return true;
    };
    process[name].write = write;
  }
}

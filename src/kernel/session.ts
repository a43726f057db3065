import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import vm from "node:vm";
import type { MessagePort } from "node:worker_threads";
import type { MimeBundle } from "../display/mime.js";
import { sessionSymbol, type NotebookSession } from "../display/session.js";
import { toMimeBundle } from "../display/value.js";
import { interrupted, reportDiagnostics, reportThrown } from "./error-report.js";
import { inspectionBundle } from "./inspection.js";
import { inspectionQuery } from "./inspection-query.js";
import type {
  CompleteReply,
  ErrorContent,
  ExpressionResult,
  InspectReply,
  IsCompleteReply,
} from "./messages.js";
import { hidePromiseNotes } from "./promise-inspection.js";
import { Breaker } from "./session-breaker.js";
import { SessionComms } from "./session-comms.js";
import { defineGlobals } from "./session-globals.js";
import { SessionInput } from "./session-input.js";
import type { ExecuteAnswer, SessionOutput, SessionRequests } from "./session-protocol.js";
import { CapturedStreams } from "./session-streams.js";
import type { Tslab } from "./tslab.js";
import { codePoints, utf16Offset } from "./unicode-offsets.js";

type Request<T extends keyof SessionRequests> = SessionRequests[T]["request"];

/** What runs for a request now, and how to give it up. */
interface Running {
  id: number;
  interrupt(): void;
}

/** One notebook's running state: its variables, the cells executed so far, and where their output goes. */
export class Session {
  readonly #tslab: Tslab;
  readonly #emit: (output: SessionOutput) => void;
  readonly #executed: string[] = [];
  /** The id of the cell that started the code now running, through timers and promises too. */
  readonly #cell = new AsyncLocalStorage<number>();
  readonly #streams: CapturedStreams;
  readonly #comms: SessionComms;
  readonly #breaker: Breaker;
  #running: Running | undefined;
  #latestCell = 0;
  #latestEnded = 0;

  constructor(
    tslab: Tslab,
    emit: (output: SessionOutput) => void,
    inputPort: MessagePort,
    inputSignal: Int32Array,
  ) {
    this.#tslab = tslab;
    this.#emit = emit;
    this.#breaker = new Breaker((id) => id <= this.#latestEnded);
    tslab.shield = (work) => this.#breaker.shield(work);
    this.#comms = new SessionComms((event) => emit({ type: "comm", cell: this.#currentCell(), event }));
    const input = new SessionInput(inputPort, inputSignal, (token, prompt, password) =>
      emit({ type: "input", cell: this.#currentCell(), token, prompt, password }),
    );
    const notebook: NotebookSession = {
      display: (data, { displayId, update = false } = {}) => this.#display(data, displayId, update),
      clearOutput: (wait) => emit({ type: "clear", cell: this.#currentCell(), wait }),
      readInput: (prompt, password) => input.read(prompt, password),
      comms: this.#comms,
      executedCells: () => this.#executed,
    };
    (globalThis as { [sessionSymbol]?: NotebookSession })[sessionSymbol] = notebook;
    defineGlobals({ prompt: (message = "") => input.readSync(String(message)) });
    tslab.onDisplay = ({ data, transient }, update) =>
      this.#display(data, transient.display_id, update ?? false);
    hidePromiseNotes();
    this.#streams = new CapturedStreams(
      () => this.#currentCell(),
      (cell, name, text) => emit({ type: "stream", cell, name, text }),
    );
    const report = (error: unknown) => process.stderr.write(`Uncaught ${inspect(error)}\n`);
    process.on("uncaughtException", report);
    process.on("unhandledRejection", report);
    ignoreInterruptSignal();
  }

  /** Ends a cell, whatever it waits for. What is left of it on the stack, the guarding thread has stopped. */
  interrupt(id: number): void {
    this.#breaker.recover();
    if (this.#running?.id !== id) return;
    this.#tslab.interrupt();
    this.#running.interrupt();
  }

  async execute(id: number, { code, name, expressions }: Request<"execute">): Promise<ExecuteAnswer> {
    this.#latestCell = id;
    const asked = inspectionQuery(code);
    if (asked === undefined) this.#executed.push(code);
    const answer = await this.#start<ExecuteAnswer>(
      id,
      () => (asked === undefined ? this.#run(id, code, name, expressions) : this.#page(asked)),
      { status: "error", ...interrupted },
    );
    this.#streams.flush(id);
    if (answer.status === "error") {
      const { ename, evalue, traceback } = answer;
      this.#emit({ type: "error", cell: id, content: { ename, evalue, traceback } });
    }
    return answer;
  }

  /** Something came through a comm: its listeners' output belongs to this message. */
  comm(id: number, { event }: Request<"comm">): Promise<null> {
    return this.#start(
      id,
      () => {
        this.#comms.receive(event);
        return null;
      },
      null,
    );
  }

  /** Runs user code for a request; `givenUp` is the answer if it is interrupted. */
  #start<A>(id: number, work: () => A | Promise<A>, givenUp: A): Promise<A> {
    this.#breaker.recover();
    return new Promise((resolve, reject) => {
      const over = () => {
        if (this.#running?.id !== id) return false;
        this.#running = undefined;
        this.#latestEnded = id;
        return true;
      };
      this.#running = { id, interrupt: () => over() && resolve(givenUp) };
      // In a turn of its own: an interrupt may take along all that is on the stack. One that came before it leaves nothing to do.
      const start = () => (this.#running?.id === id ? work() : givenUp);
      const answer = this.#cell.run(id, () => Promise.resolve().then(start));
      answer.then(
        (value) => over() && resolve(value),
        (error: Error) => over() && reject(error),
      );
    });
  }

  /** What a cell `name?` asks for: documentation, for the front end's pager. */
  #page(asked: string): ExecuteAnswer {
    const { found, data } = this.inspect({ code: asked, cursor: codePoints(asked, asked.length), detail: 0 });
    // What the compiler says of a name that it does not know.
    const isKnown = found && data["text/plain"] !== "any";
    if (!isKnown) process.stdout.write(`Nothing is known of ${asked}.\n`);
    return {
      status: "ok",
      payload: isKnown ? [{ source: "page", data, start: 0 }] : [],
      user_expressions: {},
    };
  }

  async #run(id: number, code: string, name: string, expressions: object): Promise<ExecuteAnswer> {
    const outcome = await this.#evaluate(code, name);
    if ("error" in outcome) return { status: "error", ...outcome.error };
    if (outcome.data) this.#emit({ type: "result", cell: id, content: { data: outcome.data, metadata: {} } });
    const results: Record<string, ExpressionResult> = {};
    for (const [key, expression] of Object.entries<unknown>({ ...expressions }))
      results[key] = await this.#evaluateExpression(String(expression), key);
    return { status: "ok", payload: [], user_expressions: results };
  }

  async #evaluateExpression(expression: string, key: string): Promise<ExpressionResult> {
    // In parentheses and on lines of its own, so that it is an expression and nothing else, comments included.
    const outcome = await this.#evaluate(`(\n${expression}\n)`, `user_expressions.${key}`);
    if ("error" in outcome) return { status: "error", ...outcome.error };
    return { status: "ok", data: outcome.data ?? { "text/plain": "undefined" }, metadata: {} };
  }

  /** Runs code, and shows the value of its last expression if it has one. */
  async #evaluate(
    code: string,
    name: string,
  ): Promise<{ data: MimeBundle | undefined } | { error: ErrorContent }> {
    const outcome = await this.#tslab.execute(code, name);
    if (outcome.kind === "diagnostics") return { error: reportDiagnostics(outcome.diagnostics, name) };
    if (outcome.kind === "thrown") return { error: reportThrown(outcome.error, this.#tslab.traces) };
    if (outcome.kind === "done") return { data: undefined };
    try {
      return { data: await toMimeBundle(outcome.value) };
    } catch (error) {
      // A value's own way to show itself is user code, too.
      return { error: reportThrown(error, this.#tslab.traces) };
    }
  }

  complete({ code, cursor }: Request<"complete">): CompleteReply {
    const { start, end, matches } = this.#breaker.shield(() =>
      this.#tslab.complete(code, utf16Offset(code, cursor)),
    );
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
    const inspection = this.#breaker.shield(() => this.#tslab.inspect(code, utf16Offset(code, cursor)));
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
}

/**
 * The signal is for the child processes that a cell waits for; it must not end this one. Node's `breakOnSigint`, with which tslab runs
 * cells, takes all listeners away and puts them back: a signal between the two would.
 */
function ignoreInterruptSignal(): void {
  process.on("SIGINT", () => undefined);
  const { runInThisContext } = vm;
  vm.runInThisContext = (code, options): unknown =>
    runInThisContext(code, typeof options === "object" ? { ...options, breakOnSigint: false } : options);
}

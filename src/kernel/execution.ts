import type { Cell, Cells } from "./cells.js";
import type { History } from "./history.js";
import type { ErrorReply, ExecuteReply, RequestContent } from "./messages.js";
import type { Origin, Sender } from "./sender.js";
import type { ExecuteAnswer } from "./session-protocol.js";
import { SessionEnded, type SessionProcess } from "./session-process.js";

/** Runs cells in the session, and counts them. */
export class Execution {
  readonly #sender: Sender;
  readonly #session: SessionProcess;
  readonly #cells: Cells;
  readonly #history: History;
  readonly #abortQueue: () => Promise<void>;
  #count = 0;

  /** `abortQueue` is called after an error behind which nothing more is to run. */
  constructor(
    sender: Sender,
    session: SessionProcess,
    cells: Cells,
    history: History,
    abortQueue: () => Promise<void>,
  ) {
    this.#sender = sender;
    this.#session = session;
    this.#cells = cells;
    this.#history = history;
    this.#abortQueue = abortQueue;
  }

  async execute(content: RequestContent<"execute_request">, origin: Origin): Promise<ExecuteReply> {
    const {
      code,
      silent = false,
      store_history: store = !silent,
      stop_on_error: stopOnError = true,
    } = content;
    const stored = store && !silent;
    const count = this.#count + 1;
    if (stored) this.#count = count;
    if (stored) this.#history.add(count, code);
    if (!silent) this.#sender.publish("execute_input", { code, execution_count: count }, origin.header);

    const id = this.#session.nextId();
    const { allow_stdin: allowStdin = false } = content;
    const cell: Cell = { ...origin, count, silent, allowStdin, running: true };
    this.#cells.add(id, cell);
    const answer = await this.#run(id, content, stored ? `Cell [${count}]` : `Cell [*${id}]`, cell);
    // What native code wrote before the end of the cell may still be in its pipe.
    await this.#session.settled();
    this.#cells.ended(cell);
    if (answer.status === "error" && stopOnError && !silent) await this.#abortQueue();
    return { ...answer, execution_count: this.#count };
  }

  async #run(
    id: number,
    { code, user_expressions: expressions = {} }: RequestContent<"execute_request">,
    name: string,
    cell: Cell,
  ): Promise<ExecuteAnswer | ErrorReply> {
    try {
      return await this.#session.request("execute", { code, name, expressions }, id);
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error;
      this.#cells.flush();
      if (!cell.silent) this.#sender.publish("error", error.content, cell.header);
      return { status: "error", ...error.content };
    }
  }
}

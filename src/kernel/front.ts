import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { KernelChannels } from "./channels.js";
import { History } from "./history.js";
import { kernelInfo } from "./kernel-info.js";
import {
  replyType,
  type ErrorReply,
  type ExecuteReply,
  type Publications,
  type ReplyContent,
  type RequestContent,
  type RequestType,
  type ShutdownReply,
} from "./messages.js";
import type { SessionOutput } from "./session-protocol.js";
import { SessionEnded, type SessionProcess } from "./session-process.js";
import { StreamBuffer } from "./stream-buffer.js";
import { WireError, type MessageHeader, type VerifiedMessage, type Wire } from "./wire.js";

type Handlers = {
  [T in RequestType]: (
    content: RequestContent<T>,
    message: VerifiedMessage,
  ) => ReplyContent<T> | ErrorReply | Promise<ReplyContent<T> | ErrorReply>;
};

/** A cell that was started: whose request its output answers, and which number it has. */
interface Cell {
  parent: MessageHeader;
  count: number;
  silent: boolean;
}

interface Queued {
  message: VerifiedMessage;
  aborted: boolean;
}

/**
 * Milliseconds after which the answer to "is this complete?" is "unknown". Jupyter's console asks while the session is
 * still starting, waits for a second, and after that never asks again.
 */
const isCompletePatience = 700;

/** Output of cells older than this many counts as output of the latest. */
const cellsRemembered = 1000;

/**
 * The kernel's message loop. Requests on the shell channel are handled one at a time, in order; those on the control
 * channel at once, so that a running cell can be interrupted or shut down. User code runs in the session process.
 *
 * Order of one request, as clients rely on it: `status busy`, its output, its reply, `status idle`.
 *
 * When the session process ends (process.exit, out of memory, a crash), the running cell gets an `error` that says
 * so, whatever is still queued gets the same, and the kernel exits with status 1. Every Jupyter client knows what to
 * do with a dead kernel: say so and start it again. A new session behind the client's back would let later cells run
 * without the variables that the earlier ones made.
 */
export class Front {
  readonly #wire: Wire;
  readonly #channels: KernelChannels;
  readonly #session: SessionProcess;
  readonly #history = new History();
  readonly #cells = new Map<number, Cell>();
  readonly #streams = new StreamBuffer<Cell>((cell, name, text) =>
    this.#publish("stream", { name, text }, cell.parent),
  );
  readonly #shellQueue: Queued[] = [];
  #draining = false;
  #latestCell: Cell | undefined;
  #count = 0;
  #sessionEnd: SessionEnded | undefined;
  #stop!: (exitCode: number) => void;
  /** The exit code of the kernel, once it is to stop. */
  readonly stopped = new Promise<number>((resolve) => (this.#stop = resolve));

  constructor(wire: Wire, channels: KernelChannels, session: SessionProcess) {
    this.#wire = wire;
    this.#channels = channels;
    this.#session = session;
    session.listener = {
      onOutput: (output) => this.#show(output),
      onNativeOutput: (name, text) => {
        if (this.#latestCell && !this.#latestCell.silent) this.#streams.write(this.#latestCell, name, text);
      },
      onEnd: (end) => {
        this.#sessionEnd = end;
        if (!this.#draining) this.#dieIdle(end);
      },
    };
  }

  /** Receives messages until the sockets are closed. */
  async listen(): Promise<void> {
    this.#publish("status", { execution_state: "starting" }, {});
    await Promise.all([this.#channels.beat(), this.#listenToShell(), this.#listenToControl()]);
  }

  interrupt(): void {
    this.#session.interrupt();
  }

  async #listenToShell(): Promise<void> {
    for await (const frames of this.#channels.shell) {
      const message = this.#decode(frames);
      if (!message) continue;
      this.#shellQueue.push({ message, aborted: false });
      if (!this.#draining) void this.#drainShell();
    }
  }

  async #listenToControl(): Promise<void> {
    for await (const frames of this.#channels.control) {
      const message = this.#decode(frames);
      if (message?.header.msg_type === "execute_request")
        log("execute_request on the control channel ignored");
      else if (message) void this.#answer("control", message, () => this.#handle(message));
    }
  }

  async #drainShell(): Promise<void> {
    this.#draining = true;
    for (let next = this.#shellQueue.shift(); next; next = this.#shellQueue.shift()) {
      const { message, aborted } = next;
      await this.#answer("shell", message, () => (aborted ? { status: "aborted" } : this.#handle(message)));
    }
    this.#draining = false;
    if (this.#sessionEnd) this.#stop(1);
  }

  #decode(frames: Buffer[]): VerifiedMessage | undefined {
    try {
      return this.#wire.decode(frames);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      log(`message dropped: ${error.message}`);
      return undefined;
    }
  }

  async #answer(
    channel: "shell" | "control",
    message: VerifiedMessage,
    handle: () => unknown,
  ): Promise<void> {
    const { header, identities } = message;
    this.#publish("status", { execution_state: "busy" }, header);
    if (isRequest(header.msg_type)) {
      const content = await handle();
      this.#streams.flush();
      const reply = this.#wire.message(replyType(header.msg_type), content, { parent: header, identities });
      this.#channels.send(channel, this.#wire.encode(reply));
      this.#publish("status", { execution_state: "idle" }, header);
      if (header.msg_type === "shutdown_request") this.#shutDown(content as ShutdownReply, header);
    } else {
      log(`message of unknown type ${JSON.stringify(header.msg_type)} ignored`);
      this.#publish("status", { execution_state: "idle" }, header);
    }
  }

  async #handle(message: VerifiedMessage): Promise<unknown> {
    const handler = this.#handlers[message.header.msg_type as RequestType] as Handlers["execute_request"];
    try {
      return await handler(message.content as never, message);
    } catch (error) {
      if (error instanceof SessionEnded) return { status: "error", ...error.content };
      log(`${message.header.msg_type} failed: ${error instanceof Error ? error.stack : String(error)}`);
      const evalue = error instanceof Error ? error.message : String(error);
      return { status: "error", ename: "KernelError", evalue, traceback: [`KernelError: ${evalue}`] };
    }
  }

  readonly #handlers: Handlers = {
    kernel_info_request: () => kernelInfo,
    execute_request: (content, message) => this.#execute(content, message),
    inspect_request: ({ code, cursor_pos, detail_level: detail = 0 }) =>
      this.#session.request("inspect", { code, cursor: cursor_pos, detail }),
    complete_request: ({ code, cursor_pos }) =>
      this.#session.request("complete", { code, cursor: cursor_pos }),
    is_complete_request: ({ code }) =>
      Promise.race([
        this.#session.request("isComplete", { code }),
        sleep(isCompletePatience, { status: "unknown" } as const),
      ]),
    history_request: (content) => this.#history.reply(content),
    comm_info_request: () => ({ status: "ok", comms: {} }),
    interrupt_request: () => {
      this.#session.interrupt();
      return { status: "ok" };
    },
    shutdown_request: ({ restart = false }) => ({ status: "ok", restart }),
    debug_request: ({ seq = 0, command = "" }) => ({
      type: "response",
      success: false,
      request_seq: seq,
      command,
      message: "gradlab cannot debug cells.",
    }),
  };

  /**
   * Runs a cell. `stop_on_error` counts only if the request says so: without the field the next cells run, because a
   * cell that was aborted shows nothing and is easily taken for one that passed. (Jupyter's own clients always send it.)
   */
  async #execute(
    {
      code,
      silent = false,
      store_history: store = !silent,
      stop_on_error: stopOnError = false,
    }: RequestContent<"execute_request">,
    { header }: VerifiedMessage,
  ): Promise<ExecuteReply> {
    if (typeof code !== "string") throw new TypeError("execute_request without code");
    const stored = store && !silent;
    const count = this.#count + 1;
    if (stored) this.#count = count;
    if (stored) this.#history.add(count, code);
    if (!silent) this.#publish("execute_input", { code, execution_count: count }, header);

    const id = this.#session.nextId();
    const cell = { parent: header, count, silent };
    this.#latestCell = cell;
    this.#cells.set(id, cell);
    this.#cells.delete(id - cellsRemembered);

    const answer = await this.#run(id, code, stored ? `Cell [${count}]` : `Cell [*${id}]`, cell);
    // What native code wrote before the end of the cell may still be in its pipe.
    await this.#session.settled();
    if (answer.status === "ok")
      return { status: "ok", execution_count: this.#count, payload: [], user_expressions: {} };
    if (stopOnError && !silent) await this.#abortQueue();
    return { ...answer, execution_count: this.#count };
  }

  async #run(id: number, code: string, name: string, cell: Cell): Promise<{ status: "ok" } | ErrorReply> {
    try {
      return await this.#session.request("execute", { code, name }, id);
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error;
      this.#streams.flush();
      if (!cell.silent) this.#publish("error", error.content, cell.parent);
      return { status: "error", ...error.content };
    }
  }

  /** Marks the execute requests that have been received by now as aborted. */
  async #abortQueue(): Promise<void> {
    let seen: number;
    do {
      seen = this.#shellQueue.length;
      await nextTurn();
    } while (seen !== this.#shellQueue.length);
    for (const queued of this.#shellQueue)
      queued.aborted ||= queued.message.header.msg_type === "execute_request";
  }

  #show(output: SessionOutput): void {
    const cell = this.#cells.get(output.cell) ?? this.#latestCell;
    if (!cell || cell.silent) return;
    if (output.type === "stream") {
      this.#streams.write(cell, output.name, output.text);
      return;
    }
    this.#streams.flush();
    const { parent, count } = cell;
    switch (output.type) {
      case "result": {
        const text = output.content.data["text/plain"];
        if (typeof text === "string") this.#history.setOutput(count, text);
        this.#publish("execute_result", { ...output.content, execution_count: count }, parent);
        break;
      }
      case "display":
        this.#publish(output.update ? "update_display_data" : "display_data", output.content, parent);
        break;
      case "error":
        this.#publish("error", output.content, parent);
        break;
    }
  }

  /** The session ended between cells, in a timer for instance: told below the latest cell. */
  #dieIdle(end: SessionEnded): void {
    this.#streams.flush();
    if (this.#latestCell) this.#publish("error", end.content, this.#latestCell.parent);
    this.#stop(1);
  }

  #shutDown(reply: ShutdownReply, parent: MessageHeader): void {
    this.#publish("shutdown_reply", reply, parent);
    this.#stop(0);
  }

  #publish<T extends keyof Publications>(
    type: T,
    content: Publications[T],
    parent: MessageHeader | Record<string, never>,
  ): void {
    const message = this.#wire.message(type, content, { parent, identities: [Buffer.from(type)] });
    this.#channels.send("iopub", this.#wire.encode(message));
  }
}

function isRequest(type: string): type is RequestType {
  return Object.hasOwn(requestTypes, type);
}

const requestTypes: Record<RequestType, true> = {
  kernel_info_request: true,
  execute_request: true,
  inspect_request: true,
  complete_request: true,
  is_complete_request: true,
  history_request: true,
  comm_info_request: true,
  interrupt_request: true,
  shutdown_request: true,
  debug_request: true,
};

function log(text: string): void {
  process.stderr.write(`[gradlab kernel] ${text}\n`);
}

import { setTimeout as sleep } from "node:timers/promises";
import { Cells } from "./cells.js";
import { OpenComms } from "./comms.js";
import type { ConnectionInfo } from "./connection-file.js";
import { Execution } from "./execution.js";
import { History } from "./history.js";
import { kernelInfo } from "./kernel-info.js";
import { checkedContent, ContentError, isKnown } from "./message-shapes.js";
import {
  isRequest,
  replyType,
  type ErrorReply,
  type Notices,
  type NoticeType,
  type ReplyContent,
  type RequestContent,
  type RequestType,
  type ShutdownReply,
} from "./messages.js";
import { RequestQueue } from "./request-queue.js";
import { Sender } from "./sender.js";
import { SessionEnded, type SessionProcess } from "./session-process.js";
import { Stdin } from "./stdin.js";
import type { IncomingChannel, Transport } from "./transport.js";
import { WireError, type MessageHeader, type VerifiedMessage, type Wire } from "./wire.js";

type Handlers = {
  [T in RequestType]: (
    content: RequestContent<T>,
    message: VerifiedMessage,
  ) => ReplyContent<T> | ErrorReply | Promise<ReplyContent<T> | ErrorReply>;
};

/**
 * Milliseconds after which the answer to "is this complete?" is "unknown". Jupyter's console asks while the session is
 * still starting, waits for a second, and after that never asks again.
 */
const isCompletePatience = 700;

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
  readonly #transport: Transport;
  readonly #session: SessionProcess;
  readonly #sender: Sender;
  readonly #history = new History();
  readonly #comms: OpenComms;
  readonly #stdin: Stdin;
  readonly #cells: Cells;
  readonly #execution: Execution;
  readonly #queue: RequestQueue;
  readonly #ports: Omit<ReplyContent<"connect_request">, "status">;
  #sessionEnd: SessionEnded | undefined;
  #stop!: (exitCode: number) => void;
  /** The exit code of the kernel, once it is to stop. */
  readonly stopped = new Promise<number>((resolve) => (this.#stop = resolve));

  constructor(wire: Wire, transport: Transport, session: SessionProcess, info: ConnectionInfo) {
    this.#wire = wire;
    this.#transport = transport;
    this.#session = session;
    this.#sender = new Sender(wire, transport);
    this.#comms = new OpenComms(this.#sender);
    this.#stdin = new Stdin(this.#sender, (token, answer) => session.answer(token, answer));
    this.#cells = new Cells(this.#sender, this.#history, this.#comms, this.#stdin);
    this.#queue = new RequestQueue(
      (message, aborted) => this.#answer("shell", message, aborted),
      () => {
        if (this.#sessionEnd) this.#stop(1);
      },
    );
    this.#execution = new Execution(this.#sender, session, this.#cells, this.#history, async () => {
      // Cells that wait for a session that is gone are told so.
      if (!this.#sessionEnd) await this.#queue.abortExecutes();
    });
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = info;
    this.#ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    session.listener = {
      onOutput: (output) => this.#cells.show(output),
      onNativeOutput: (name, text) => this.#cells.showText(name, text),
      onEnd: (end) => {
        this.#sessionEnd = end;
        if (this.#queue.isIdle) this.#dieIdle(end);
      },
    };
  }

  /** Receives messages until the transport is closed. */
  async listen(): Promise<void> {
    this.#sender.publish("status", { execution_state: "starting" }, {});
    await Promise.all([
      this.#receive("shell", (message) => this.#queue.push(message)),
      this.#receive("control", (message) => {
        if (message.header.msg_type === "execute_request")
          log("execute_request on the control channel ignored");
        else void this.#answer("control", message);
      }),
      this.#receive("stdin", (message) => {
        const fault = this.#stdin.receive(message);
        if (fault !== undefined) log(`${fault} ignored`);
      }),
    ]);
  }

  interrupt(): void {
    this.#session.interrupt();
  }

  async #receive(channel: IncomingChannel, handle: (message: VerifiedMessage) => void): Promise<void> {
    for await (const frames of this.#transport.receive(channel)) {
      try {
        handle(this.#wire.decode(frames));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        log(`message dropped: ${error.message}`);
      }
    }
  }

  /** Whatever a message does, it must not end the kernel. */
  async #answer(channel: IncomingChannel, message: VerifiedMessage, aborted = false): Promise<void> {
    const { header } = message;
    const type = header.msg_type;
    try {
      this.#sender.publish("status", { execution_state: "busy" }, header);
      try {
        if (!isKnown(type)) log(`message of unknown type ${JSON.stringify(type)} ignored`);
        else if (isRequest(type)) await this.#reply(channel, type, message, aborted);
        else await this.#notice(type, message);
      } finally {
        this.#cells.flush();
        this.#sender.publish("status", { execution_state: "idle" }, header);
      }
    } catch (error) {
      log(`message dropped: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  async #reply(
    channel: IncomingChannel,
    type: RequestType,
    message: VerifiedMessage,
    aborted: boolean,
  ): Promise<void> {
    const content = aborted ? { status: "aborted" } : await this.#handle(type, message);
    this.#cells.flush();
    this.#sender.reply(channel, replyType(type), content, message);
    if (type === "shutdown_request" && content.status === "ok")
      this.#shutDown(content as ShutdownReply, message.header);
  }

  async #handle(type: RequestType, message: VerifiedMessage): Promise<{ status?: string } | ErrorReply> {
    const handler = this.#handlers[type] as (content: unknown, message: VerifiedMessage) => Promise<object>;
    try {
      return await handler(checkedContent(type, message.content), message);
    } catch (error) {
      if (error instanceof SessionEnded) return { status: "error", ...error.content };
      const { name: ename, message: evalue } = error as Error;
      if (!(error instanceof ContentError)) log(`${type} failed: ${(error as Error).stack}`);
      return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
    }
  }

  readonly #handlers: Handlers = {
    kernel_info_request: () => kernelInfo,
    connect_request: () => ({ status: "ok", ...this.#ports }),
    execute_request: (content, message) => this.#execution.execute(content, message),
    inspect_request: (content) =>
      this.#session.request("inspect", { ...position(content), detail: content.detail_level ?? 0 }),
    complete_request: (content) => this.#session.request("complete", position(content)),
    is_complete_request: ({ code }) =>
      Promise.race([
        this.#session.request("isComplete", { code }),
        sleep(isCompletePatience, { status: "unknown" } as const),
      ]),
    history_request: (content) => this.#history.reply(content),
    comm_info_request: ({ target_name: target }) => this.#comms.info(target),
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

  /** A comm's message has no reply; what its listeners show is published as of this message. */
  async #notice(type: NoticeType, message: VerifiedMessage): Promise<void> {
    const content: Notices[NoticeType] = checkedContent(type, message.content);
    const id = this.#session.nextId();
    const cell = { ...message, count: 0, silent: false, allowStdin: false, running: true };
    this.#cells.add(id, cell);
    try {
      await this.#session.request("comm", { event: this.#comms.received(type, content, message) }, id);
    } finally {
      this.#cells.ended(cell);
    }
  }

  /** The session ended between cells, in a timer for instance: told below the latest cell. */
  #dieIdle(end: SessionEnded): void {
    this.#cells.flush();
    const { latest } = this.#cells;
    if (latest) this.#sender.publish("error", end.content, latest.header);
    this.#stop(1);
  }

  #shutDown(reply: ShutdownReply, parent: MessageHeader): void {
    this.#sender.publish("shutdown_reply", reply, parent);
    this.#stop(0);
  }
}

/** The place that a client asks about: the end of the code, unless it says otherwise. */
function position({ code, cursor_pos }: { code: string; cursor_pos?: number }): {
  code: string;
  cursor: number;
} {
  const length = Array.from(code).length;
  return { code, cursor: Math.min(Math.max(cursor_pos ?? length, 0), length) };
}

function log(text: string): void {
  process.stderr.write(`[gradlab kernel] ${text}\n`);
}

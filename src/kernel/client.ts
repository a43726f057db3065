import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as zmq from "zeromq";
import { compiledFile } from "../package.js";
import { SendQueue, socketOptions } from "./channels.js";
import { createConnectionFile, endpoint, type ConnectionInfo } from "./connection-file.js";
import type { ExecuteReply, ExecuteRequest, RequestContent, RequestType } from "./messages.js";
import { Wire, type VerifiedMessage } from "./wire.js";

/** A message that a kernel published for one of our requests. */
export interface Publication {
  type: string;
  content: Record<string, unknown>;
}

/** The kernel ended before it answered. */
export class KernelDied extends Error {
  override name = "KernelDied";
}

/** The kernel took longer than it was given. */
export class KernelTimeout extends Error {
  override name = "KernelTimeout";
}

export interface RequestOptions {
  channel?: "shell" | "control";
  /** Milliseconds until the answer must be complete; endless by default. */
  timeout?: number;
  /** Called for all that the kernel publishes for this request, also long after its answer. */
  onPublication?: (publication: Publication) => void;
}

export interface ExecuteResult {
  reply: ExecuteReply;
  /** In order, without `status` and `execute_input`. */
  outputs: Publication[];
}

export interface LaunchOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Program and arguments; the path of the connection file is appended. */
  command?: readonly string[];
  /** The fastest that this system has, unless a kernel can only do TCP. */
  transport?: ConnectionInfo["transport"];
  /** Milliseconds until the kernel must answer. */
  timeout?: number;
}

interface Pending {
  reply?: VerifiedMessage;
  idle: boolean;
  onPublication: ((publication: Publication) => void) | undefined;
  resolve: (reply: VerifiedMessage) => void;
  reject: (error: Error) => void;
}

/**
 * The client's side of the protocol: one kernel process, started with a connection file and a random key of its own.
 * An answer is complete when both the reply and the `idle` status of its request have come, in whichever order:
 * they travel on different sockets, and only `idle` says that all output has been sent.
 */
export class KernelClient {
  readonly process: ChildProcess;
  /** Resolves to the exit code when the kernel process is gone. */
  readonly exited: Promise<number | null>;
  readonly info: ConnectionInfo;
  readonly #cleanUp: () => void;
  readonly #wire: Wire;
  readonly #shell = new zmq.Dealer(clientOptions);
  readonly #control = new zmq.Dealer(clientOptions);
  readonly #iopub = new zmq.Subscriber({ receiveHighWaterMark: 0, linger: 0, reconnectInterval });
  readonly #queues = { shell: new SendQueue(this.#shell), control: new SendQueue(this.#control) };
  readonly #pending = new Map<string, Pending>();
  #log = "";
  #died: KernelDied | undefined;

  private constructor(child: ChildProcess, info: ConnectionInfo, directory: string) {
    this.process = child;
    this.info = info;
    this.#cleanUp = () => rmSync(directory, { recursive: true, force: true });
    process.once("exit", this.#cleanUp);
    this.#wire = new Wire(info.key, { username: "client" });
    child.stderr
      ?.setEncoding("utf8")
      .on("data", (text: string) => (this.#log = (this.#log + text).slice(-4000)));
    this.exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#fail(`cannot be started: ${error.message}`);
        resolve(null);
      });
      child.once("exit", (code, signal) => {
        this.#fail(signal ? `was ended by ${signal}` : `ended with exit code ${code}`);
        resolve(code);
      });
    });
    for (const name of ["shell", "control", "iopub"] as const)
      this.#socket(name).connect(endpoint(info, name));
    this.#iopub.subscribe();
    void this.#receive(this.#shell, (message) => this.#reply(message));
    void this.#receive(this.#control, (message) => this.#reply(message));
    void this.#receive(this.#iopub, (message) => this.#publication(message));
  }

  /**
   * Starts a kernel and waits until it answers.
   * @throws KernelDied with the kernel's own words if it ends instead; KernelTimeout if it stays silent.
   */
  static async launch({
    cwd,
    env,
    command,
    transport,
    timeout = 60_000,
  }: LaunchOptions = {}): Promise<KernelClient> {
    const directory = mkdtempSync(join(tmpdir(), "gradlab-"));
    const file = join(directory, "kernel.json");
    const info = await createConnectionFile(file, directory, transport);
    const [program, ...args] = command ?? [
      process.execPath,
      compiledFile("cli/main.js"),
      "kernel",
      "start",
      "--connection-file",
    ];
    // The IPC channel closes when this process ends, however it ends, and then the kernel ends too.
    const stdio = ["ignore", "ignore", "pipe", "ipc"] as const;
    const child = spawn(program, [...args, file], { cwd, env, stdio: [...stdio], windowsHide: true });
    const client = new KernelClient(child, info, directory);
    try {
      await client.#ready(timeout);
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  /** The last of what the kernel process wrote to its stderr. */
  get log(): string {
    return this.#log;
  }

  /** Sends a request; resolves to its reply when the kernel is idle again. */
  request<T extends RequestType>(
    type: T,
    content: RequestContent<T>,
    { channel = "shell", timeout, onPublication }: RequestOptions = {},
  ): Promise<VerifiedMessage> {
    if (this.#died) return Promise.reject(this.#died);
    const message = this.#wire.message(type, content);
    const id = message.header.msg_id;
    const answer = new Promise<VerifiedMessage>((resolve, reject) => {
      this.#pending.set(id, { idle: false, onPublication, resolve, reject });
    });
    this.#queues[channel].send(this.#wire.encode(message));
    if (timeout === undefined) return answer;
    const timer = setTimeout(() => {
      this.#pending.get(id)?.reject(new KernelTimeout(`no answer to ${type} within ${timeout / 1000} s`));
    }, timeout);
    return answer.finally(() => clearTimeout(timer));
  }

  /** Runs a cell. Failing cells resolve too: look at `reply.status`. */
  async execute(
    code: string,
    options: Partial<ExecuteRequest> & RequestOptions = {},
  ): Promise<ExecuteResult> {
    const { channel, timeout, onPublication, ...content } = options;
    const outputs: Publication[] = [];
    const collect = (publication: Publication) => {
      if (publication.type !== "status" && publication.type !== "execute_input") outputs.push(publication);
      onPublication?.(publication);
    };
    const request: RequestOptions = { onPublication: collect };
    if (channel) request.channel = channel;
    if (timeout !== undefined) request.timeout = timeout;
    const { content: reply } = await this.request("execute_request", { code, ...content }, request);
    return { reply: reply as ExecuteReply, outputs };
  }

  async interrupt(): Promise<void> {
    await this.request("interrupt_request", {}, { channel: "control" });
  }

  /** Asks the kernel to end and waits for it; one that does not listen is killed. */
  async shutdown(patience = 3000): Promise<void> {
    if (!this.#died) {
      this.request("shutdown_request", { restart: false }, { channel: "control" }).catch(() => undefined);
      await Promise.race([this.exited, sleep(patience, undefined, { ref: false })]);
    }
    await this.close();
  }

  /** Kills the kernel, if it still runs, and cleans up. */
  async close(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.exited;
    for (const name of ["shell", "control", "iopub"] as const) this.#socket(name).close();
    process.off("exit", this.#cleanUp);
    this.#cleanUp();
  }

  /**
   * Asks until an answer comes on both sockets. The first questions may go unheard, or their `idle` may: a kernel
   * needs a moment to bind its sockets, a subscription another to reach it.
   */
  async #ready(timeout: number): Promise<void> {
    const deadline = Date.now() + timeout;
    const answers: Promise<unknown>[] = [];
    while (Date.now() < deadline) {
      answers.push(this.request("kernel_info_request", {}));
      if (await Promise.race([...answers, sleep(readyInterval)])) return;
    }
    throw new KernelTimeout(`the kernel did not answer within ${timeout / 1000} s`);
  }

  #socket(name: "shell" | "control" | "iopub"): zmq.Dealer | zmq.Subscriber {
    return { shell: this.#shell, control: this.#control, iopub: this.#iopub }[name];
  }

  async #receive(
    socket: zmq.Dealer | zmq.Subscriber,
    handle: (message: VerifiedMessage) => void,
  ): Promise<void> {
    for await (const frames of socket) handle(this.#wire.decode(frames));
  }

  #reply(message: VerifiedMessage): void {
    const pending = this.#pending.get(parentId(message));
    if (!pending) return;
    pending.reply = message;
    this.#settle(message);
  }

  #publication(message: VerifiedMessage): void {
    const pending = this.#pending.get(parentId(message));
    if (!pending) return;
    const { content } = message;
    pending.onPublication?.({ type: message.header.msg_type, content });
    if (message.header.msg_type === "status" && content.execution_state === "idle") pending.idle = true;
    this.#settle(message);
  }

  #settle(message: VerifiedMessage): void {
    const id = parentId(message);
    const pending = this.#pending.get(id)!;
    if (!pending.reply || !pending.idle) return;
    pending.resolve(pending.reply);
    // Kept only for those who want to hear of later output.
    if (!pending.onPublication) this.#pending.delete(id);
  }

  #fail(how: string): void {
    const words = this.#log.trim();
    const died = (this.#died = new KernelDied(`the kernel ${how}${words ? `: ${words}` : ""}`));
    // That a process has ended is known at once; what it said before may still be on its way through the sockets.
    setTimeout(() => {
      for (const { reject } of this.#pending.values()) reject(died);
      this.#pending.clear();
    }, lastWords);
  }
}

/** Milliseconds in which the last answers of a kernel that has ended may still arrive. */
const lastWords = 500;

/** Milliseconds between questions whether a kernel is ready. */
const readyInterval = 50;
/** Milliseconds between attempts to reach a kernel that has not bound its sockets yet. */
const reconnectInterval = 10;
const clientOptions = { ...socketOptions, linger: 0, reconnectInterval };

function parentId(message: VerifiedMessage): string {
  return String(message.parent.msg_id);
}

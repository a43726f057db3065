import { spawn, type ChildProcess } from "node:child_process";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Readable, Writable } from "node:stream";
import { compiledFile } from "../package.js";
import { encodeFrame, frameSplitter } from "./frames.js";
import type { ErrorContent, StreamName } from "./messages.js";
import {
  descriptors,
  type InputAnswer,
  type SessionFrame,
  type SessionOutput,
  type SessionRequests,
  type SessionRequestType,
  type UrgentFrame,
} from "./session-protocol.js";

/** The session process is gone, and the variables with it. `content` tells the user why. */
export class SessionEnded extends Error {
  override name = "SessionEnded";
  readonly content: ErrorContent;

  constructor(content: ErrorContent) {
    super(content.evalue);
    this.content = content;
  }
}

export interface SessionListener {
  /** What a cell shows, in order. */
  onOutput(output: SessionOutput): void;
  /** What native code or a child process wrote past Node's streams, to descriptors 1 and 2. */
  onNativeOutput(name: StreamName, text: string): void;
  onEnd(end: SessionEnded): void;
}

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Milliseconds between signals to child processes. */
const signalInterval = 200;

const posix = process.platform !== "win32";

/** Node calls loading an ES module with require() experimental, on the stderr of the cell that does it. */
const nodeFlags = ["--disable-warning=ExperimentalWarning"];
// Since Node 24 the breaker cannot clear the stack that these checks are about.
if (Number.parseInt(process.versions.node) >= 24) nodeFlags.push("--no-force-async-hooks-checks");

/** The front's side of a session process. */
export class SessionProcess {
  listener: SessionListener | undefined;
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #urgent: Writable;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #ready = false;
  #interruptAtStart = false;
  #ended: SessionEnded | undefined;
  #nativeChunks = 0;
  /** The end of what the session wrote to stderr, where V8 says why it gave up. */
  #lastWords = "";

  constructor() {
    this.#child = spawn(
      process.execPath,
      [...nodeFlags, compiledFile("kernel/session-main.js")],
      // A process group of its own, so that a Ctrl-C in the terminal reaches it once, through the front.
      { stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"], detached: posix, windowsHide: true },
    );
    // Node's type of this array stops at descriptor 4.
    const pipes: readonly unknown[] = this.#child.stdio;
    this.#input = pipes[descriptors.input] as Writable;
    this.#urgent = pipes[descriptors.urgent] as Writable;
    this.#input.on("error", () => undefined); // The session is gone; "close" tells.
    this.#urgent.on("error", () => undefined);
    const splitter = frameSplitter<SessionFrame>((frame) => this.#receive(frame));
    (pipes[descriptors.output] as Readable).on("data", (chunk: Buffer) => splitter.push(chunk));
    this.#listen("stdout");
    this.#listen("stderr");
    this.#child.on("error", (error) => this.#end(sessionLost("SessionFailed", error.message)));
    this.#child.on("exit", (code, signal) => {
      this.#signal("SIGKILL"); // What it has started and left behind.
      setTimeout(() => this.#end(this.#obituary(code, signal)), lastOutputPatience);
    });
    // When the pipes are read to their ends, so after the last output.
    this.#child.on("close", (code, signal) => this.#end(this.#obituary(code, signal)));
  }

  /** @throws SessionEnded if the session ends before it has answered, or had ended before it was asked. */
  request<T extends SessionRequestType>(
    type: T,
    request: SessionRequests[T]["request"],
    id = this.nextId(),
  ): Promise<SessionRequests[T]["answer"]> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve, reject });
      this.#input.write(encodeFrame({ type, id, ...request }));
    });
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /**
   * Stops what runs, and variables survive. The signal ends child processes; the session gives up a pending `await` when it is told;
   * its guarding thread stops what is left.
   */
  interrupt(): void {
    const [running] = this.#pending.keys();
    if (running === undefined) return;
    if (!this.#ready) {
      this.#interruptAtStart = true;
      return;
    }
    if (posix) this.#signalUntilOver(running);
    this.#input.write(encodeFrame({ type: "interrupt", id: running }));
    this.#urgently({ type: "interrupt", id: running });
  }

  /** A child process that a cell waits for may have been started after the first signal, or survive it. */
  #signalUntilOver(id: number): void {
    if (this.#ended || !this.#pending.has(id)) return;
    this.#signal("SIGINT");
    setTimeout(() => this.#signalUntilOver(id), signalInterval).unref();
  }

  /** Answers a question of the session, also one for which its main thread waits. */
  answer(token: number, answer: InputAnswer): void {
    this.#urgently({ type: "input", token, answer });
  }

  #urgently(frame: UrgentFrame): void {
    this.#urgent.write(encodeFrame(frame));
  }

  /** Resolves when what the session wrote natively before its latest frame has been read. */
  async settled(): Promise<void> {
    let seen: number;
    do {
      seen = this.#nativeChunks;
      await nextTurn();
      await nextTurn();
    } while (seen !== this.#nativeChunks);
  }

  /** Ends the session process and whatever it has started. */
  kill(): void {
    this.listener = undefined;
    this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(posix ? -pid : pid, signal);
    } catch {
      // Already gone.
    }
  }

  #receive(frame: SessionFrame): void {
    if (frame.type === "ready") {
      this.#ready = true;
      if (this.#interruptAtStart) this.interrupt();
    } else if (frame.type === "answer" || frame.type === "failure") {
      const pending = this.#pending.get(frame.id);
      this.#pending.delete(frame.id);
      if (frame.type === "answer") pending?.resolve(frame.answer);
      else pending?.reject(new Error(frame.message));
    } else {
      this.listener?.onOutput(frame);
    }
  }

  #listen(name: StreamName): void {
    const stream = this.#child[name] as Readable;
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      this.#nativeChunks += 1;
      if (name === "stderr") this.#lastWords = (this.#lastWords + text).slice(-20_000);
      this.listener?.onNativeOutput(name, text);
    });
  }

  #end(why: ErrorContent): void {
    if (this.#ended) return;
    this.#ended = new SessionEnded(why);
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) pending.reject(this.#ended);
    this.listener?.onEnd(this.#ended);
  }

  #obituary(code: number | null, signal: string | null): ErrorContent {
    if (!this.#ready) return sessionLost("SessionFailed", `it could not start: ${this.#lastWords.trim()}`);
    if (/heap out of memory|heap limit/.test(this.#lastWords))
      return sessionLost("OutOfMemory", "the cell used more memory than there is");
    if (signal !== null)
      return sessionLost("SessionCrashed", `the process that ran the cell was ended by ${signal}`);
    return sessionLost("SessionExited", `process.exit(${code}) was called`);
  }
}

/** Milliseconds to wait for the last output of a session whose pipes are held open by a process it has started. */
const lastOutputPatience = 500;

function sessionLost(ename: string, reason: string): ErrorContent {
  const advice =
    "The session has ended and its variables are gone: restart the kernel and run the cells again.";
  const evalue = `${reason}. ${advice}`;
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

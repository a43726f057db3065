import { spawn, type ChildProcess } from "node:child_process";
import { constants, tmpdir } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { CellSpan } from "../course/module.js";
import { Tensor } from "../tensor/tensor.js";
import { Codec, CodecError, type Encoded, type Tagged } from "./codec.js";
import { launchHost, processTier, withFilter } from "./isolation.js";
import { defaultLimits, type Limits } from "./limits.js";
import { encodeFrame, frameSplitter, type Frame } from "./frames.js";
import { Handle, type Encode, type NewRequest } from "./handle.js";
import type { Outcome } from "./outcomes.js";
import type { Tier } from "./results.js";
import { tensorData, tensorFromData } from "./tensor-data.js";
import {
  hostReadFd,
  hostWriteFd,
  neverSettles,
  type CallbackResult,
  type CallMode,
  type Response,
} from "./protocol.js";
import { usageOf } from "./usage.js";

/** A submission as the host runs it: JavaScript, and the name that its stack traces carry. */
export interface SubmissionCode {
  code: string;
  file: string;
  /** Whether it imports the library, which is then loaded before its time begins. */
  usesLibrary: boolean;
  /** Which lines of the source are which cell's, so that messages can name the cell. */
  spans?: readonly CellSpan[];
}

/** Why there is no answer. The names are those of `grade --json`. */
export type HostFailure = Exclude<Outcome, "graded">;

/** An error that the submission's own code threw. */
export class StudentError extends Error {
  constructor(name: string, message: string, where: string) {
    super(`${message}${where}`);
    this.name = name;
  }
}

/** The host died, hung, broke the protocol or reached a limit: no answer will come. */
export class HostError extends Error {
  readonly failure: HostFailure;
  constructor(failure: HostFailure, message: string) {
    super(message);
    this.name = "HostError";
    this.failure = failure;
  }
}

/** How a host is run. */
export interface HostSettings {
  tier: Tier;
  limits: Limits;
}

type Callback = (...args: unknown[]) => unknown;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  /** By when there must be an answer, in `performance.now()` milliseconds. */
  deadline: number;
}

/** Milliseconds for the process itself to start. */
const startPatience = 60_000;
/** How often, in milliseconds, a host is looked at: a timer for every request would cost more than most of them. */
const watchInterval = 100;
/** What Node itself takes of the memory. */
const nodeMegabytes = 128;
/** Bytes that a frame has beside the value that it carries. */
const envelopeBytes = 4096;

/**
 * The judge's end of a host process: starts it, sends it requests, and tells a clear failure from an answer.
 * Nothing the host sends is trusted to be more than the value of a call.
 */
export class Host {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #handles = new Map<number, Handle>();
  readonly #callbacks: Callback[] = [];
  /** Whether a callback is under way. The submission waits for its answer, so there is never a second one. */
  #isCalledBack = false;
  readonly #limits: Limits;
  readonly #codec: Codec;
  readonly #deadline: () => number;
  #spans: readonly CellSpan[] = [];
  #nextId = 0;
  #failure: HostError | undefined;
  #isPrepared = false;
  #stderr = "";
  #outputBytes = 0;
  readonly #watch: NodeJS.Timeout;
  /** The most memory that it was seen with. */
  #peakMegabytes = 0;
  /** Processor time when the exercise at hand began; undefined until it has been looked at. */
  #cpuSecondsBefore: number | undefined = 0;

  /** @param deadline by when (in `performance.now()` milliseconds) a request made now must be answered */
  constructor(
    deadline: () => number,
    { tier, limits }: HostSettings = { tier: processTier, limits: defaultLimits },
  ) {
    this.#deadline = deadline;
    this.#limits = limits;
    this.#codec = new Codec(
      { toReference: (value) => this.#toReference(value), fromReference: (tag) => this.#fromReference(tag) },
      { toData: (value) => tensorData(Tensor, value), fromData: (data) => tensorFromData(Tensor, data) },
      { items: Infinity, depth: limits.resultDepth + 2 },
    );
    const launch = launchHost(tier, limits);
    this.#child = withFilter(launch, (descriptors) =>
      spawn(launch.file, launch.args, {
        stdio: ["ignore", "pipe", "pipe", "pipe", "pipe", ...descriptors],
        env: process.platform === "win32" ? { SystemRoot: process.env.SystemRoot } : {},
        // Whatever slips through Node's permissions does not land where the judge works.
        cwd: tmpdir(),
        // A group of its own: a Ctrl-C at the judge's terminal is the judge's to answer.
        detached: process.platform !== "win32",
        windowsHide: true,
      }),
    );
    this.#listen();
    this.#watch = setInterval(() => void this.#look(), watchInterval).unref();
  }

  #listen(): void {
    const { stdout, stderr, stdio } = this.#child;
    const splitter = frameSplitter((frame) => this.#receive(frame), this.#frameBytes);
    (stdio[hostWriteFd] as Readable).on("data", (chunk: Buffer) => {
      if (this.#failure) return;
      try {
        splitter.push(chunk);
      } catch (error) {
        const { message } = error as Error;
        this.kill(
          new HostError("flagged", `the submission's process sent something that is no answer: ${message}`),
        );
      }
    });
    const count = (chunk: Buffer) => {
      this.#outputBytes += chunk.length;
      if (this.#outputBytes > this.#limits.outputMegabytes * 2 ** 20)
        this.kill(new HostError("output-limit", `more than ${this.#limits.outputMegabytes} MB were printed`));
    };
    stdout!.on("data", count);
    stderr!.on("data", (chunk: Buffer) => {
      count(chunk);
      // Kept only to tell memory exhaustion from other ends.
      this.#stderr = (this.#stderr + chunk.toString("latin1")).slice(-4096);
    });
    for (const stream of stdio) stream?.on("error", () => {});
    this.#child.on("error", (error) =>
      this.kill(new HostError("infrastructure", `the submission's process did not start: ${error.message}`)),
    );
    this.#child.on("close", (code, signal) => this.kill(this.#describeEnd(code, signal)));
  }

  get #frameBytes(): number {
    return this.#limits.resultMegabytes * 2 ** 20 + envelopeBytes;
  }

  /**
   * Resolves once the process has started and, if the submission will ask for it, the library is loaded: our own doing, which
   * takes long on a busy machine and is no part of the submission's time.
   */
  async prepare(library: boolean): Promise<void> {
    const { resultItems: items, resultDepth: depth } = this.#limits;
    const limits = { items, depth, bytes: this.#frameBytes };
    await this.#send({ kind: "prepare", library, limits }, performance.now() + startPatience);
    this.#isPrepared = true;
  }

  /** @throws HostError also where the submission throws: if the host lives on, what came before that can be called. */
  load({ code, file, spans = [] }: SubmissionCode): Promise<unknown> {
    this.#spans = spans;
    return this.request({ kind: "load", code, file });
  }

  /** Calls an export, constructs it, or calls it and answers with more than the value. */
  call(name: string, args: unknown[], how: CallMode = "call"): Promise<unknown> {
    return this.request((encode) => ({ kind: "call", name, how, args: args.map(encode) }));
  }

  /** From now on processor time counts for another exercise. */
  beginExercise(): void {
    this.#cpuSecondsBefore = undefined;
  }

  get alive(): boolean {
    return this.#failure === undefined;
  }

  /** Why it is no longer alive. */
  get failure(): HostError | undefined {
    return this.#failure;
  }

  /** Sends one request and waits for its answer; a host that is late is killed. */
  request(request: NewRequest | ((encode: Encode) => NewRequest)): Promise<unknown> {
    return this.#send(request, this.#deadline());
  }

  /** Looks whether the process is late, and at what it uses. The kernel's own limits, where there are any, are the stricter ones. */
  async #look(): Promise<void> {
    if (this.#pending.size === 0) return;
    const now = performance.now();
    if ([...this.#pending.values()].some(({ deadline }) => now > deadline)) return this.kill(this.#late());
    const usage = await usageOf(this.#child.pid!);
    if (!usage || this.#failure) return;
    const { cpuSeconds, memoryMegabytes } = this.#limits;
    this.#peakMegabytes = Math.max(this.#peakMegabytes, usage.residentMegabytes);
    this.#cpuSecondsBefore ??= usage.cpuSeconds;
    if (usage.cpuSeconds - this.#cpuSecondsBefore > cpuSeconds)
      this.kill(new HostError("timeout", `more than ${cpuSeconds} s of processor time were used`));
    if (usage.residentMegabytes > memoryMegabytes + nodeMegabytes) this.kill(this.#outOfMemory());
  }

  #late(): HostError {
    return this.#isPrepared
      ? new HostError("timeout", "no answer within the time limit: look for a loop that does not end")
      : new HostError("infrastructure", "the submission's process did not start: the machine is too busy");
  }

  #send(request: NewRequest | ((encode: Encode) => NewRequest), deadline: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      const blobs: Uint8Array[] = [];
      const encode: Encode = (value) => this.#codec.encode(value, blobs);
      const id = this.#nextId++;
      const body = typeof request === "function" ? request(encode) : request;
      this.#write({ header: { ...body, id }, blobs });
      this.#pending.set(id, { resolve, reject, deadline });
    });
  }

  /** Ends the host. Requests under way are rejected with `error`. */
  kill(error = new HostError("error", "the submission's process was ended")): void {
    if (this.#failure) return;
    this.#failure = error;
    clearInterval(this.#watch);
    this.#killGroup();
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      // Already gone.
    }
  }

  /** Frames of the same moment go by one write. */
  #write(frame: Frame): void {
    const input = this.#child.stdio[hostReadFd] as Writable;
    if (input.writableCorked === 0) {
      input.cork();
      process.nextTick(() => input.uncork());
    }
    for (const piece of encodeFrame(frame)) input.write(piece);
  }

  #receive({ header, blobs }: Frame): void {
    const response = header as unknown as Response;
    if (this.#pending.size === 0) throw new CodecError("it was not asked");
    if (response.kind === "callback") return this.#callBack(response, blobs);
    const pending = this.#pending.get(response.id);
    if (!pending) throw new CodecError("an answer to no question");
    const settle = this.#settlement(response, blobs, pending);
    this.#pending.delete(response.id);
    settle();
  }

  /** What an answer means for the one who waits for it; throws if it means nothing. */
  #settlement(response: Response, blobs: Uint8Array[], pending: Pending): () => void {
    switch (response.kind) {
      case "return": {
        const value = this.#decode(response.value, blobs);
        return () => pending.resolve(value);
      }
      case "throw":
      case "not-loaded": {
        const [name, message, stack] = [response.name, response.message, response.stack].map(text);
        if (isAllocationFailure(name, message)) return () => pending.reject(this.#outOfMemory());
        const error = new StudentError(name, message, this.#place(stack));
        // What is thrown while loading is no answer to any test.
        const isAnswer = response.kind === "throw";
        return () => pending.reject(isAnswer ? error : new HostError("error", `${name}: ${error.message}`));
      }
      case "too-much": {
        const error = new HostError("output-limit", text(response.message));
        return () => pending.reject(error);
      }
      default:
        throw new CodecError("an answer of no known kind");
    }
  }

  #decode(encoded: Encoded, blobs: Uint8Array[]): unknown {
    // An observed call answers with two levels of our own around the submission's values.
    return this.#withinLimits(() => this.#codec.decode(encoded, blobs));
  }

  #withinLimits<Value>(work: () => Value): Value {
    this.#codec.limits = { items: this.#limits.resultItems + 2, depth: this.#limits.resultDepth + 2 };
    try {
      return work();
    } finally {
      this.#codec.limits = { ...this.#codec.limits, items: Infinity };
    }
  }

  /** @throws CodecError if no function that the submission was given is called in the way it would call one */
  #callBack({ id, callback, args }: Response & { kind: "callback" }, blobs: Uint8Array[]): void {
    // By no other key than an index: a list has properties, too.
    const called = Number.isSafeInteger(callback) ? this.#callbacks[callback] : undefined;
    if (called === undefined || !Number.isSafeInteger(id) || !Array.isArray(args))
      throw new CodecError("a call of no function that it was given");
    if (this.#isCalledBack) throw new CodecError("a call before the last one was answered");
    this.#isCalledBack = true;
    const decoded = args.map((arg) => this.#decode(arg, blobs));
    void this.#answerCallback(id, () => called(...decoded));
  }

  async #answerCallback(id: number, call: () => unknown): Promise<void> {
    const blobs: Uint8Array[] = [];
    let header: CallbackResult;
    try {
      const value = await call();
      // A result may be as large as the submission's arguments make it.
      header = this.#withinLimits(() => ({
        kind: "callback-return",
        id,
        value: this.#codec.encode(value, blobs),
      }));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      header = { kind: "callback-throw", id, name, message: text(message) };
      blobs.length = 0;
    }
    this.#isCalledBack = false;
    if (!this.#failure) this.#write({ header, blobs });
  }

  #toReference(value: object): Tagged {
    if (value instanceof Handle) {
      const handle = value.idIn(this);
      if (handle === undefined)
        throw new HostError(
          "error",
          "an object of an earlier process was used: the submission was restarted",
        );
      return { $: "handle", handle };
    }
    if (typeof value !== "function")
      throw new TypeError(`a ${value.constructor.name} cannot be passed to a submission`);
    return { $: "callback", callback: this.#callbacks.push(value as () => unknown) - 1 };
  }

  #fromReference({ $, handle, type }: Tagged): Handle | undefined {
    if ($ !== "handle" || typeof handle !== "number") return undefined;
    const known = this.#handles.get(handle) ?? new Handle(this, handle, text(type));
    this.#handles.set(handle, known);
    return known;
  }

  #outOfMemory(): HostError {
    return new HostError(
      "oom",
      `the submission used more than its ${this.#limits.memoryMegabytes} MB of memory`,
    );
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): HostError {
    if (!this.#isPrepared) {
      const said = this.#stderr.trim().split("\n").at(-1) ?? "";
      return new HostError(
        "infrastructure",
        `the submission's process did not start: ${said || `exit code ${code}`}`,
      );
    }
    const isFull = this.#peakMegabytes > this.#limits.memoryMegabytes / 2;
    // The kernel refuses memory also where neither V8 nor the C++ in it expects that.
    if (outOfMemory.test(this.#stderr) || (isFull && isCrash(code, signal))) return this.#outOfMemory();
    if (code === neverSettles)
      return new HostError("timeout", "the promise returned by the submission never settles");
    const how = signal ?? (code !== null && code > 128 ? `signal ${code - 128}` : undefined);
    return new HostError(
      "error",
      `the submission's process ${how ? `was killed by ${how}` : `ended itself with exit code ${code}`}`,
    );
  }

  /** ` (cell softmax, line 3)` if the stack says where in the submission an error arose, or nothing. */
  #place(stack: string): string {
    const line = Number(/submission\.ts:(\d+):\d+/.exec(stack)?.[1]);
    const span = this.#spans.findLast(({ firstLine }) => firstLine <= line);
    if (span) return ` (cell ${span.name}, line ${line - span.firstLine + 1})`;
    return Number.isNaN(line) ? "" : ` (line ${line})`;
  }
}

/** What Node writes before it gives up. */
const outOfMemory = /out of memory|allocation failed|bad_alloc/i;

/** An end that is the program's own fault. A shell and bubblewrap tell signals as exit codes over 128. */
function isCrash(code: number | null, signal: NodeJS.Signals | null): boolean {
  const crashes = ["SIGSEGV", "SIGABRT", "SIGTRAP", "SIGILL", "SIGBUS"] as const;
  return crashes.some((name) => signal === name || code === 128 + constants.signals[name]);
}

/** Memory that is not of the heap ends in an error, not in the process's end. */
function isAllocationFailure(name: string, message: string): boolean {
  return (
    name === "RangeError" &&
    /^(Array buffer allocation failed|WebAssembly\.(Instance|Memory|instantiate).*memory)/.test(message)
  );
}

/** Texts of the host: what they say is the submission's own business, how long they are is not. */
function text(value: unknown): string {
  return String(value).slice(0, 10_000);
}

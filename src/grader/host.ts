import { spawn, type ChildProcess } from "node:child_process";
import type { Writable, Readable } from "node:stream";
import type { CellSpan } from "../course/module.js";
import { compiledFile } from "../package.js";
import { Tensor } from "../tensor/tensor.js";
import { Codec, type Encoded, type Tagged } from "./codec.js";
import { isolationFlags } from "./isolation.js";
import { encodeFrame, frameSplitter, type Frame } from "./frames.js";
import { tensorData, tensorFromData } from "./tensor-data.js";
import { hostReadFd, hostWriteFd, type CallbackResult, type Request, type Response } from "./protocol.js";

/** A submission as the host runs it: JavaScript, and the name that its stack traces carry. */
export interface SubmissionCode {
  code: string;
  file: string;
  /** Which lines of the source are which cell's, so that messages can name the cell. */
  spans?: readonly CellSpan[];
}

/** Why a host can no longer be used. The names are those of `grade --json`. */
export type HostFailure = "error" | "timeout" | "oom";

/** An error that the submission's own code threw. */
export class StudentError extends Error {
  constructor(name: string, message: string, where: string) {
    super(`${message}${where}`);
    this.name = name;
  }
}

/** The host died, hung or broke the protocol: no answer will come. */
export class HostError extends Error {
  readonly failure: HostFailure;
  constructor(failure: HostFailure, message: string) {
    super(message);
    this.name = "HostError";
    this.failure = failure;
  }
}

/** An object of the submission, which stays in the host. */
export class Handle {
  readonly type: string;
  readonly #host: Host;
  readonly #id: number;

  constructor(host: Host, id: number, type: string) {
    this.#host = host;
    this.#id = id;
    this.type = type;
  }

  /** Reads a property. */
  get(key: string): Promise<unknown> {
    return this.#host.request({ kind: "get", handle: this.#id, key });
  }

  /** Writes a property. */
  async set(key: string, value: unknown): Promise<void> {
    await this.#host.request((encode) => ({ kind: "set", handle: this.#id, key, value: encode(value) }));
  }

  /** Calls a method. */
  call(key: string, ...args: unknown[]): Promise<unknown> {
    return this.#host.request((encode) => ({
      kind: "method",
      handle: this.#id,
      key,
      args: args.map(encode),
    }));
  }

  /** Calls the handle itself, which must be a function. */
  apply(...args: unknown[]): Promise<unknown> {
    return this.#host.request((encode) => ({
      kind: "method",
      handle: this.#id,
      key: null,
      args: args.map(encode),
    }));
  }

  /** The host's number of this object, if it lives in that host. */
  idIn(host: Host): number | undefined {
    return host === this.#host ? this.#id : undefined;
  }
}

// `Omit` over each member of the union, not over the union.
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
type NewRequest = WithoutId<Request>;
type Encode = (value: unknown) => Encoded;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Milliseconds for the process itself to start. */
const startPatience = 60_000;
/** Memory of the submission's JavaScript heap. */
const heapMegabytes = 512;

/**
 * The judge's end of a host process: starts it, sends it requests, and tells a clear failure from an answer.
 * Nothing the host sends is trusted to be more than the value of a call.
 */
export class Host {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #handles = new Map<number, Handle>();
  readonly #callbacks: ((...args: unknown[]) => unknown)[] = [];
  readonly #codec = new Codec(
    { toReference: (value) => this.#toReference(value), fromReference: (tag) => this.#fromReference(tag) },
    { toData: (value) => tensorData(Tensor, value), fromData: (data) => tensorFromData(Tensor, data) },
  );
  readonly #deadline: () => number;
  #spans: readonly CellSpan[] = [];
  #nextId = 0;
  #failure: HostError | undefined;
  #stderr = "";

  /** @param deadline by when (in `performance.now()` milliseconds) a request made now must be answered */
  constructor(deadline: () => number) {
    this.#deadline = deadline;
    const flags = [`--max-old-space-size=${heapMegabytes}`, "--no-warnings", ...isolationFlags];
    this.#child = spawn(process.execPath, [...flags, compiledFile("grader/host-main.js")], {
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
      env: {},
    });
    const splitter = frameSplitter((frame) => this.#receive(frame));
    (this.#child.stdio[hostWriteFd] as Readable).on("data", (chunk: Buffer) => {
      try {
        splitter.push(chunk);
      } catch (error) {
        this.#fail(
          new HostError(
            "error",
            `the submission's process sent something that is no answer: ${(error as Error).message}`,
          ),
        );
      }
    });
    // Kept only to tell memory exhaustion from other ends; a flood is dropped.
    this.#child.stderr!.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString("latin1")).slice(-4096);
    });
    for (const stream of this.#child.stdio) stream?.on("error", () => {});
    this.#child.on("error", (error) =>
      this.#fail(new HostError("error", `the submission's process did not start: ${error.message}`)),
    );
    this.#child.on("close", (code, signal) => this.#fail(this.#describeEnd(code, signal)));
  }

  /**
   * Resolves once the process has started and, if the submission will ask for it, the library is loaded: our own doing, which
   * takes long on a busy machine and is no part of the submission's time.
   */
  async prepare(library: boolean): Promise<void> {
    const late = new HostError("error", "the submission's process did not start: the machine is too busy");
    await this.#within(startPatience, late, { kind: "prepare", library });
  }

  load({ code, file, spans = [] }: SubmissionCode): Promise<unknown> {
    this.#spans = spans;
    return this.request({ kind: "load", code, file });
  }

  /** Calls an export, constructs it, or calls it and also answers with the arguments as they are after the call. */
  call(name: string, args: unknown[], how: "call" | "construct" | "observe" = "call"): Promise<unknown> {
    return this.request((encode) => ({ kind: "call", name, how, args: args.map(encode) }));
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
    const late = new HostError(
      "timeout",
      "no answer within the time limit: look for a loop that does not end",
    );
    return this.#within(this.#deadline() - performance.now(), late, request);
  }

  async #within(
    milliseconds: number,
    late: HostError,
    request: NewRequest | ((encode: Encode) => NewRequest),
  ): Promise<unknown> {
    const timer = setTimeout(() => this.kill(late), Math.max(0, milliseconds));
    try {
      return await this.#send(request);
    } finally {
      clearTimeout(timer);
    }
  }

  #send(request: NewRequest | ((encode: Encode) => NewRequest)): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      const blobs: Uint8Array[] = [];
      const encode: Encode = (value) => this.#codec.encode(value, blobs);
      const id = this.#nextId++;
      const body = typeof request === "function" ? request(encode) : request;
      this.#write({ header: { ...body, id }, blobs });
      this.#pending.set(id, { resolve, reject });
    });
  }

  /** Ends the host. Requests under way are rejected with `error`. */
  kill(error = new HostError("error", "the submission's process was ended")): void {
    this.#fail(error);
  }

  #write(frame: Frame): void {
    (this.#child.stdio[hostReadFd] as Writable).write(encodeFrame(frame));
  }

  #receive({ header, blobs }: Frame): void {
    const response = header as unknown as Response;
    if (response.kind === "callback") return void this.#answerCallback(response, blobs);
    const pending = this.#pending.get(response.id);
    if (!pending) throw new Error("an answer to no question");
    this.#pending.delete(response.id);
    if (response.kind === "return") pending.resolve(this.#codec.decode(response.value, blobs));
    else if (response.kind === "throw")
      pending.reject(
        new StudentError(
          String(response.name),
          String(response.message),
          this.#place(String(response.stack)),
        ),
      );
    else throw new Error("an answer of no known kind");
  }

  async #answerCallback(
    { id, callback, args }: Response & { kind: "callback" },
    blobs: Uint8Array[],
  ): Promise<void> {
    const resultBlobs: Uint8Array[] = [];
    let result: CallbackResult;
    try {
      const value = await this.#callbacks[callback](...args.map((arg) => this.#codec.decode(arg, blobs)));
      result = { kind: "callback-return", id, value: this.#codec.encode(value, resultBlobs) };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      result = { kind: "callback-throw", id, name, message };
    }
    this.#write({ header: result, blobs: resultBlobs });
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
    const known = this.#handles.get(handle) ?? new Handle(this, handle, String(type));
    this.#handles.set(handle, known);
    return known;
  }

  #fail(error: HostError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#child.kill("SIGKILL");
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): HostError {
    if (/heap out of memory|Array buffer allocation failed/.test(this.#stderr))
      return new HostError("oom", `the submission used more than its ${heapMegabytes} MB of memory`);
    if (code === 13) return new HostError("timeout", "the promise returned by the submission never settles");
    const how = signal ? `was killed by ${signal}` : `ended itself with exit code ${code}`;
    return new HostError("error", `the submission's process ${how}`);
  }

  /** ` (cell softmax, line 3)` if the stack says where in the submission an error arose, or nothing. */
  #place(stack: string): string {
    const line = Number(/submission\.ts:(\d+):\d+/.exec(stack)?.[1]);
    const span = this.#spans.findLast(({ firstLine }) => firstLine <= line);
    if (span) return ` (cell ${span.name}, line ${line - span.firstLine + 1})`;
    return Number.isNaN(line) ? "" : ` (line ${line})`;
  }
}

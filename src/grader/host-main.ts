/**
 * The host: the process in which a submission runs. It is the untrusted side, so it is small, starts fast, and the
 * judge believes nothing it says but the values of calls. It reads requests synchronously, which is what lets student
 * code call a function of the judge and use its result at once.
 */
import { closeSync, readSync, writeSync } from "node:fs";
import { createRequire, Module } from "node:module";
import type * as Library from "../index.js";
import { Codec, ValueLimitError, type Encoded, type Tagged, type TensorCodec } from "./codec.js";
import { decodeFrame, encodeFrame, FrameError, maxFrameBytes, type Frame } from "./frames.js";
import { confine } from "./confine.js";
import type { Tier } from "./results.js";
import { tensorData, tensorFromData } from "./tensor-data.js";
import {
  hostReadFd,
  hostWriteFd,
  neverSettles,
  type CallbackResult,
  type Request,
  type Response,
} from "./protocol.js";

const require = createRequire(import.meta.url);

let resultBytes = maxFrameBytes;

/** What has been read and not been used yet: most requests come by one read. */
const ahead = Buffer.allocUnsafe(2 ** 16);
let unread = ahead.subarray(0, 0);
/** Requests that came while a function of the judge was called. */
const waiting: Frame[] = [];
/** Answers that others follow at once: they go together. */
let unsent: Uint8Array[] = [];

function send(response: Response, blobs: Uint8Array[] = []): void {
  const pieces = encodeFrame({ header: response, blobs }, resultBytes);
  if (unread.length > 0 || waiting.length > 0) {
    // Copied: what is answered next may change them.
    unsent.push(Buffer.concat(pieces));
    return;
  }
  sendUnsent();
  pieces.forEach(write);
}

function sendUnsent(): void {
  if (unsent.length > 0) write(Buffer.concat(unsent));
  unsent = [];
}

function write(bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(hostWriteFd, bytes, offset);
}

/** The next `length` bytes, valid until the next call. */
function readBytes(length: number): Buffer {
  if (length > unread.length) {
    const bytes = length > ahead.length ? Buffer.allocUnsafe(length) : ahead;
    let size = unread.copy(bytes);
    while (size < length) size += readInto(bytes, size);
    unread = bytes.subarray(0, size);
  }
  const bytes = unread.subarray(0, length);
  unread = unread.subarray(length);
  return bytes;
}

/** The judge closing its end is the one regular way for the host to stop. */
function readInto(bytes: Buffer, offset: number): number {
  sendUnsent();
  const count = readSync(hostReadFd, bytes, offset, bytes.length - offset, null);
  if (count === 0) process.exit(0);
  return count;
}

function receive(): Frame {
  const length = readBytes(4).readUInt32LE(0);
  if (length > maxFrameBytes) throw new FrameError("frame too long");
  return decodeFrame(readBytes(length));
}

/** Objects that stay here while the judge holds their numbers; the same object always has the same number. */
const handles: object[] = [];
const handleIds = new Map<object, number>();
let nextCallbackId = 0;

function toReference(value: object): Tagged {
  let handle = handleIds.get(value);
  if (handle === undefined) {
    handle = handles.push(value) - 1;
    handleIds.set(value, handle);
  }
  const type = typeof value === "function" ? "function" : String(value.constructor?.name ?? "object");
  return { $: "handle", handle, type };
}

function fromReference(tag: Tagged): object | undefined {
  if (tag.$ === "handle") return handles[tag.handle as number];
  if (tag.$ !== "callback") return undefined;
  return (...args: unknown[]) => callJudge(tag.callback as number, args);
}

function callJudge(callback: number, args: unknown[]): unknown {
  const id = nextCallbackId++;
  const blobs: Uint8Array[] = [];
  send({ kind: "callback", id, callback, args: args.map((arg) => codec.encode(arg, blobs)) }, blobs);
  for (;;) {
    const frame = receive();
    const result = frame.header as unknown as CallbackResult | Request;
    if (result.kind === "callback-return") return codec.decode(result.value, frame.blobs);
    if (result.kind === "callback-throw")
      throw Object.assign(new Error(result.message), { name: result.name });
    waiting.push(frame);
  }
}

/** The library is loaded only once the submission or a tensor argument asks for it. */
let library: typeof Library | undefined;
function loadLibrary(): typeof Library {
  return (library ??= require("../index.js") as typeof Library);
}
const tensors: TensorCodec = {
  toData: (value) => library && tensorData(library.Tensor, value),
  fromData: (data) => tensorFromData(loadLibrary().Tensor, data),
};

const codec = new Codec({ toReference, fromReference }, tensors, { items: Infinity, depth: Infinity });
const exported = new Map<string, unknown>();
/** Tells what the submission threw when it was loaded. What it had exported before counts. */
let notLoaded: Error | undefined;

/** Loads what `compileSubmission` made and answers with the names that it exports. */
async function load(code: string, file: string): Promise<string[]> {
  const module = new Module(file) as CompilingModule;
  module.filename = file;
  module.paths = [];
  module.require = importModule as NodeJS.Require;
  const commonJs = module.exports as object;
  const getters = new Map<string, () => unknown>();
  try {
    const run = module._compile(code, file);
    await run({
      importModule,
      exportName: (name, getter) => getters.set(name, getter),
      exportAll: (names) => Object.assign(commonJs, names),
      meta: {},
    });
  } catch (error) {
    notLoaded = new Error("not loaded", { cause: error });
  }
  for (const [name, value] of Object.entries({ ...commonJs, ...(module.exports as object) }))
    exported.set(name, value);
  for (const [name, getter] of getters) exported.set(name, getter());
  return [...exported.keys()];
}

function importModule(id: string): typeof Library {
  if (id === "gradlab") return loadLibrary();
  throw new Error(`a submission can import "gradlab" and nothing else, not ${JSON.stringify(id)}`);
}

/** What compiled code asks for; see `compileSubmission`. */
interface Runtime {
  importModule: (id: string) => unknown;
  exportName: (name: string, getter: () => unknown) => void;
  exportAll: (names: object) => void;
  meta: object;
}

interface CompilingModule extends Module {
  _compile(code: string, file: string): (runtime: Runtime) => Promise<void>;
}

async function answer(request: Request, blobs: Uint8Array[]): Promise<unknown> {
  const decodeAll = (args: Encoded[]) => args.map((arg) => codec.decode(arg, blobs));
  switch (request.kind) {
    case "prepare":
      codec.limits = request.limits;
      resultBytes = request.limits.bytes;
      if (request.library) loadLibrary();
      return undefined;
    case "load": {
      const names = await load(request.code, request.file);
      if (notLoaded) throw notLoaded;
      return names;
    }
    case "call": {
      const target = exported.get(request.name);
      if (target === undefined && notLoaded) throw notLoaded;
      if (typeof target !== "function") return missing(request.name, target);
      const args = decodeAll(request.args);
      if (request.how === "construct") return Reflect.construct(target, args);
      const value: unknown = await Reflect.apply(target, undefined, args);
      if (request.how === "keep") return new Kept(value);
      return request.how === "observe" ? { value, args } : value;
    }
    case "copy":
      return handles[request.handle];
    case "get":
      return (handles[request.handle] as Record<string, unknown>)[request.key];
    case "set":
      (handles[request.handle] as Record<string, unknown>)[request.key] = codec.decode(request.value, blobs);
      return undefined;
    case "method": {
      const object = handles[request.handle] as Record<string, unknown>;
      const method = request.key === null ? object : object[request.key];
      if (typeof method !== "function") return missing(`${object.constructor?.name}.${request.key}`, method);
      return await Reflect.apply(method, request.key === null ? undefined : object, decodeAll(request.args));
    }
  }
}

/** A value to be answered with as a handle. */
class Kept {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

function encode(value: unknown, blobs: Uint8Array[]): Encoded {
  if (!(value instanceof Kept)) return codec.encode(value, blobs);
  const kept = value.value;
  return typeof kept === "object" && kept !== null ? toReference(kept) : codec.encode(kept, blobs);
}

function missing(name: string, value: unknown): never {
  throw new TypeError(
    value === undefined
      ? `${name} is not defined: keep its name as given`
      : `${name} is a ${typeof value}, not a function`,
  );
}

/** More of a message or a stack is of no use to anyone. */
const text = (value: unknown) => String(value).slice(0, 10_000);

function sendError(id: number, error: unknown): void {
  if (notLoaded && error === notLoaded)
    return send({ kind: "not-loaded", id, ...describeThrown(notLoaded.cause) });
  if (isTooMuch(error)) return send({ kind: "too-much", id, message: text(error.message) });
  send({ kind: "throw", id, ...describeThrown(error) });
}

function isTooMuch(error: unknown): error is Error {
  try {
    return error instanceof ValueLimitError || error instanceof FrameError;
  } catch {
    // It may be anything, and object to being looked at.
    return false;
  }
}

function describeThrown(error: unknown): { name: string; message: string; stack: string } {
  try {
    if (error instanceof Error)
      return { name: text(error.name), message: text(error.message), stack: text(error.stack) };
    return { name: "Error", message: `threw ${typeof error}: ${text(error)}`, stack: "" };
  } catch {
    return { name: "Error", message: "threw something that cannot be shown", stack: "" };
  }
}

async function serve(): Promise<never> {
  for (;;) {
    const { header, blobs } = waiting.shift() ?? receive();
    const request = header as unknown as Request;
    try {
      const value = await answer(request, blobs);
      const answerBlobs: Uint8Array[] = [];
      send({ kind: "return", id: request.id, value: encode(value, answerBlobs) }, answerBlobs);
    } catch (error) {
      sendError(request.id, error);
    }
  }
}

const [tier, ...inherited] = process.argv.slice(2);
for (const descriptor of inherited) closeSync(Number(descriptor));
confine(tier as Tier);
process.setSourceMapsEnabled(true);
// Nothing is left to do while an answer is awaited: it will never come.
process.on("beforeExit", () => process.exit(neverSettles));
void serve();

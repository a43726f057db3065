import { StringDecoder } from "node:string_decoder";
import type { StreamName } from "./messages.js";

type Emit = (cell: number, name: StreamName, text: string) => void;

/** Takes what is written to the standard streams of this process, and tells which cell wrote it. */
export class CapturedStreams {
  readonly #emit: Emit;
  readonly #currentCell: () => number;
  /** By cell and stream: the bytes of a character of which the rest has not been written yet. */
  readonly #unfinished = new Map<string, { decoder: StringDecoder; cell: number; name: StreamName }>();

  constructor(currentCell: () => number, emit: Emit) {
    this.#currentCell = currentCell;
    this.#emit = emit;
    this.#capture("stdout");
    this.#capture("stderr");
  }

  /** The end of a cell: what it has left unfinished stays so. */
  flush(cell: number): void {
    for (const [key, entry] of this.#unfinished) {
      if (entry.cell !== cell) continue;
      this.#unfinished.delete(key);
      this.#emit(cell, entry.name, entry.decoder.end());
    }
  }

  #capture(name: StreamName): void {
    const write = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
      const cell = this.#currentCell();
      const text = isPlainText(chunk, encoding) ? chunk : this.#decode(cell, name, bytesOf(chunk, encoding));
      if (text !== "") this.#emit(cell, name, text);
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback);
      return true;
    };
    process[name].write = write;
  }

  #decode(cell: number, name: StreamName, bytes: Buffer): string {
    const key = `${cell} ${name}`;
    const decoder = this.#unfinished.get(key)?.decoder ?? new StringDecoder("utf8");
    const text = decoder.write(bytes);
    if (isUnfinished(decoder)) this.#unfinished.set(key, { decoder, cell, name });
    else this.#unfinished.delete(key);
    return text;
  }
}

function isPlainText(chunk: unknown, encoding: unknown): chunk is string {
  return typeof chunk === "string" && (typeof encoding !== "string" || /^utf-?8$/i.test(encoding));
}

/** What a chunk that is given to `write` means; Node's own stream says what is wrong with one that means nothing. */
function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding as BufferEncoding);
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw Object.assign(
    new TypeError(
      'The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView.',
    ),
    { code: "ERR_INVALID_ARG_TYPE" },
  );
}

/** Node documents the decoder, but not how to see that it waits for more bytes. */
function isUnfinished(decoder: StringDecoder): boolean {
  return (decoder as StringDecoder & { lastNeed: number }).lastNeed > 0;
}

/**
 * Frames between the front process and the session process: `u32 length, little-endian | UTF-8 JSON`.
 */
export function encodeFrame(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  const frame = Buffer.allocUnsafe(4 + json.length);
  frame.writeUInt32LE(json.length, 0);
  json.copy(frame, 4);
  return frame;
}

/** Cuts a stream of bytes back into frames; calls back once per whole frame. */
export class FrameSplitter<T> {
  readonly #onFrame: (value: T) => void;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(onFrame: (value: T) => void) {
    this.#onFrame = onFrame;
  }

  /** @throws SyntaxError if a frame is not JSON. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    let length: number;
    while (this.#size >= 4 && this.#size >= 4 + (length = this.#gather(4).readUInt32LE(0))) {
      const all = this.#gather(4 + length);
      const rest = all.subarray(4 + length);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#size = rest.length;
      this.#onFrame(JSON.parse(all.toString("utf8", 4, 4 + length)) as T);
    }
  }

  /** The first chunk, merged with those after it until it has `size` bytes. */
  #gather(size: number): Buffer {
    if (this.#chunks[0].length < size) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }
}

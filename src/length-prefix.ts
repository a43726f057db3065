/**
 * Frames on a stream of bytes: `u32 length of the body, little-endian | body`. What a body holds is its protocol's business:
 * the kernel's is JSON, the grader's JSON and blobs.
 */
export function withLength(body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.set(body, 4);
  return frame;
}

/** Cuts a stream of bytes into bodies; calls back once per whole one. */
export class LengthSplitter {
  readonly #onBody: (body: Buffer) => void;
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #size = 0;

  /** @param limit the longest body that is accepted, in bytes */
  constructor(onBody: (body: Buffer) => void, limit = Infinity) {
    this.#onBody = onBody;
    this.#limit = limit;
  }

  /** @throws RangeError if a body is announced that is over the limit; whatever `onBody` throws. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= 4) {
      const length = this.#gather(4).readUInt32LE(0);
      if (length > this.#limit)
        throw new RangeError(`a frame of ${length} bytes is over the limit of ${this.#limit}`);
      if (this.#size < 4 + length) return;
      const all = this.#gather(4 + length);
      const rest = all.subarray(4 + length);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#size = rest.length;
      this.#onBody(all.subarray(4, 4 + length));
    }
  }

  /** The first chunk, merged with those after it if it is shorter than `size` bytes. */
  #gather(size: number): Buffer {
    if (this.#chunks[0].length < size) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }
}

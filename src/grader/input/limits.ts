import { UserError } from "../../errors.js";

export const MB = 1024 * 1024;

/** How much is read of what students hand in. Real classes stay far below. */
export const limits = {
  /** Of one notebook or module. */
  fileBytes: 64 * MB,
  /** Of all that is unpacked from an archive of a class. */
  classBytes: 4096 * MB,
  /** The same of an archive that lies in a folder, and so is one student's. */
  studentBytes: 256 * MB,
  /** Of Gradescope's metadata, whose parser takes two hundred times that. */
  metadataBytes: 8 * MB,
  /** Files and folders in one archive or folder. */
  entries: 100_000,
  folderDepth: 20,
  /** What is larger than `freeBytes` may be this many times as large as it is compressed. */
  ratio: 200,
  freeBytes: 8 * MB,
  /** Code of one submission. */
  codeCharacters: MB,
  /** Markdown of one submission, without pictures. */
  proseCharacters: MB,
} as const;

/** What is left of an archive's limits while it is unpacked. */
export class Budget {
  readonly #total: number;
  #bytes: number;
  #entries: number = limits.entries;

  constructor(totalBytes: number) {
    this.#total = this.#bytes = totalBytes;
  }

  spendBytes(count: number): void {
    this.#bytes -= count;
    if (this.#bytes < 0)
      throw new UserError(`not read, because the archive unpacks to more than ${this.#total / MB} MB`);
  }

  /** False once there are too many entries. */
  spendEntry(): boolean {
    return this.#entries-- > 0;
  }
}

/**
 * Reads one file of an archive.
 *
 * @param compressedBytes its size in there, if it is known
 * @throws UserError if it is over a limit. No more than that is ever held.
 */
export async function readLimited(
  stream: AsyncIterable<unknown>,
  budget: Budget,
  compressedBytes = Infinity,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    budget.spendBytes(chunk.length);
    if (bytes > limits.fileBytes) throw new UserError(tooLarge);
    if (bytes > limits.freeBytes && bytes > limits.ratio * compressedBytes)
      throw new UserError(`not read, because it unpacks to more than ${limits.ratio} times its size`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const tooLarge = `larger than ${limits.fileBytes / MB} MB: clear the notebook's outputs`;

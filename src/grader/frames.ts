import { LengthSplitter } from "../length-prefix.js";

/**
 * The frames that judge and host exchange: a JSON header and the raw bytes of its typed arrays.
 *
 *     u32 length of the rest | u32 length of the header | header (UTF-8 JSON) | blob 0 | blob 1 | …
 *
 * All integers are little-endian. The header lists the blobs' lengths under `blobs`.
 */
export interface Frame {
  header: Record<string, unknown>;
  blobs: Uint8Array[];
}

/** No frame of the judge is longer. */
export const maxFrameBytes = 2 ** 28;
/** No header is: parsed JSON takes many times its bytes, and big data travel as blobs. */
export const maxHeaderBytes = 2 ** 24;

/** No frame has more blobs: each becomes an object. */
export const maxBlobs = 100_000;

export class FrameError extends Error {
  override name = "FrameError";
}

/** The bytes of a frame, as pieces to be written one after the other: no copy is made of the blobs. */
export function encodeFrame({ header, blobs }: Frame, limit = maxFrameBytes): Uint8Array[] {
  if (blobs.length > maxBlobs)
    throw new FrameError(`a value with ${blobs.length} lists of numbers is over the limit of ${maxBlobs}`);
  const lengths = blobs.map((blob) => blob.byteLength);
  const json = JSON.stringify({ ...header, blobs: lengths });
  const jsonLength = Buffer.byteLength(json);
  const length = lengths.reduce((sum, bytes) => sum + bytes, 4 + jsonLength);
  if (length > limit) throw new FrameError(`a value of ${length} bytes is over the limit of ${limit}`);
  if (jsonLength > maxHeaderBytes)
    throw new FrameError(
      `a value of ${jsonLength} bytes beside its numbers is over the limit of ${maxHeaderBytes}`,
    );
  const head = Buffer.allocUnsafe(8 + jsonLength);
  head.writeUInt32LE(length, 0);
  head.writeUInt32LE(jsonLength, 4);
  head.write(json, 8);
  return [head, ...blobs];
}

/** Decodes a frame's body, that is all after its first length. Anything irregular is a {@link FrameError}. */
export function decodeFrame(body: Buffer): Frame {
  const jsonLength = body.length >= 4 ? body.readUInt32LE(0) : Infinity;
  if (jsonLength > maxHeaderBytes) throw new FrameError("header too long");
  if (jsonLength > body.length - 4) throw new FrameError("header longer than its frame");
  let header: unknown;
  try {
    header = JSON.parse(body.toString("utf8", 4, 4 + jsonLength));
  } catch {
    throw new FrameError("header is not JSON");
  }
  if (header === null || typeof header !== "object" || Array.isArray(header))
    throw new FrameError("header is not an object");
  const { blobs: lengths, ...rest } = header as Record<string, unknown>;
  if (!Array.isArray(lengths)) throw new FrameError("header lists no blobs");
  if (lengths.length > maxBlobs) throw new FrameError("too many blobs");
  const blobs: Uint8Array[] = [];
  let offset = 4 + jsonLength;
  for (const length of lengths as unknown[]) {
    if (
      typeof length !== "number" ||
      !Number.isInteger(length) ||
      length < 0 ||
      offset + length > body.length
    )
      throw new FrameError("a blob does not fit its frame");
    // Copied, so that a typed array over it is aligned and does not keep the whole frame alive.
    blobs.push(Uint8Array.prototype.slice.call(body, offset, offset + length));
    offset += length;
  }
  if (offset !== body.length) throw new FrameError("bytes left over after the last blob");
  return { header: rest, blobs };
}

/** Cuts a stream of bytes into frames; `push` throws if one is irregular or longer than `limit` bytes. */
export function frameSplitter(onFrame: (frame: Frame) => void, limit = maxFrameBytes): LengthSplitter {
  return new LengthSplitter((body) => onFrame(decodeFrame(body)), limit);
}

import { LengthSplitter, withLength } from "../length-prefix.js";

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

/** No frame may be longer: a longer one is a protocol error and ends the host. */
export const maxFrameBytes = 64 * 1024 * 1024;

export class FrameError extends Error {
  override name = "FrameError";
}

export function encodeFrame({ header, blobs }: Frame): Buffer {
  const json = Buffer.from(JSON.stringify({ ...header, blobs: blobs.map((blob) => blob.byteLength) }));
  const body = Buffer.concat([withLength(json), ...blobs]);
  if (body.length > maxFrameBytes)
    throw new FrameError(`a value of ${body.length} bytes is over the limit of ${maxFrameBytes}`);
  return withLength(body);
}

/** Decodes a frame's body, that is all after its first length. Anything irregular is a {@link FrameError}. */
export function decodeFrame(body: Buffer): Frame {
  const jsonLength = body.length >= 4 ? body.readUInt32LE(0) : Infinity;
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

/** Cuts a stream of bytes into frames; `push` throws if one is irregular or too long. */
export function frameSplitter(onFrame: (frame: Frame) => void): LengthSplitter {
  return new LengthSplitter((body) => onFrame(decodeFrame(body)), maxFrameBytes);
}

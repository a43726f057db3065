import { LengthSplitter, withLength } from "../length-prefix.js";

/** Frames between the front process and the session process: JSON with its length before it. */
export function encodeFrame(value: unknown): Buffer {
  return withLength(Buffer.from(JSON.stringify(value)));
}

/** Cuts a stream of bytes back into values; `push` throws SyntaxError if a frame is not JSON. */
export function frameSplitter<T>(onFrame: (value: T) => void): LengthSplitter {
  return new LengthSplitter((body) => onFrame(JSON.parse(body.toString()) as T));
}

import { stripVTControlCharacters, toUSVString } from "node:util";

const maxLength = 500;

/** Characters that end or reverse a line: controls, line and paragraph separators, and those that change the direction of writing. */
const disorderly = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Text that a student controls, made harmless for a terminal: one line, no control characters, not endless. */
export function printable(text: string): string {
  const line = stripVTControlCharacters(text).replace(disorderly, " ");
  return toUSVString(line.length > maxLength ? `${line.slice(0, maxLength)}…` : line);
}

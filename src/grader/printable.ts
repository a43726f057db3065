import { stripVTControlCharacters } from "node:util";

const maxLength = 500;

/** Text that a student controls, made harmless for a terminal: one line, no control characters, not endless. */
export function printable(text: string): string {
  const line = stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}

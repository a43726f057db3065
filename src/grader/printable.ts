import { stripVTControlCharacters, toUSVString } from "node:util";

const maxLength = 500;
const maxTextLength = 20_000;
const maxMessageLength = 2000;

/** No more of a message than anyone reads: what a submission says may be megabytes, and a report has it for every test. */
export function shortened(text: string, length = maxMessageLength): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Controls but for line feeds and tabs, line and paragraph separators, and characters that change the direction of writing. */
const disorderly = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Text that a student controls, made harmless for a terminal: one line, no control characters, not endless. */
export function printable(text: string): string {
  return printableText(text, maxLength).replace(/[\n\t]+/g, " ");
}

/** The same with its lines kept, for where several are shown. */
export function printableText(text: string, length = maxTextLength): string {
  const orderly = stripVTControlCharacters(text.replace(/\r\n?/g, "\n")).replace(disorderly, " ");
  return toUSVString(shortened(orderly, length));
}

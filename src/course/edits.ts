/** A piece of text to be replaced. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The line ends of a piece of text: what replaces it keeps the lines behind it where they are. */
export function lineEnds(text: string): string {
  return text.replace(/[^\n]/g, "");
}

/** A text with its edits made, which are in order and do not overlap. */
export function edited(source: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, text } of edits) {
    pieces.push(source.slice(at, start), text);
    at = end;
  }
  return [...pieces, source.slice(at)].join("");
}

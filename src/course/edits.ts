/** A piece of text to be replaced. */
export interface Edit {
  start: number;
  end: number;
  text: string;
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

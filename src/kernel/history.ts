import type { HistoryReply, HistoryRequest } from "./messages.js";

/** This session is number 0, as the protocol has it: "0 is the current session". */
const thisSession = 0;

/** The cells of this session, for clients that recall earlier input. */
export class History {
  readonly #entries: { line: number; input: string; output: string | null }[] = [];

  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: null });
  }

  /** The text of the result of the cell added last. */
  setOutput(line: number, output: string): void {
    const entry = this.#entries.findLast((candidate) => candidate.line === line);
    if (entry) entry.output = output;
  }

  reply(request: HistoryRequest): HistoryReply {
    const history = this.#select(request).map(({ line, input, output }): HistoryReply["history"][number] =>
      request.output ? [thisSession, line, [input, output]] : [thisSession, line, input],
    );
    return { status: "ok", history };
  }

  #select({ hist_access_type: access, start = 0, stop, n, pattern = "*", unique, session }: HistoryRequest) {
    if (access === "range") {
      if (session !== undefined && session !== thisSession) return [];
      return this.#entries.filter(({ line }) => line >= start && (stop == null || line < stop));
    }
    let entries = this.#entries;
    if (access === "search") {
      entries = entries.filter(({ input }) => matchesGlob(pattern, input));
      if (unique) {
        const latest = new Map(entries.map((entry) => [entry.input, entry]));
        entries = entries.filter((entry) => latest.get(entry.input) === entry);
      }
    }
    return n == null ? entries : n > 0 ? entries.slice(-n) : [];
  }
}

/**
 * Whether a pattern of `*`, `?` and literal text matches the whole input. Not as a regular expression: with a few `*`
 * that takes longer than anyone waits. Here a star takes as little as it can, and one character more after a mismatch.
 */
function matchesGlob(pattern: string, input: string): boolean {
  let [p, i] = [0, 0];
  let star = -1;
  let starEnd = 0;
  while (i < input.length) {
    if (pattern[p] === "*") {
      star = p++;
      starEnd = i;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === input[i])) {
      p += 1;
      i += 1;
    } else if (star !== -1) {
      p = star + 1;
      i = ++starEnd;
    } else return false;
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}

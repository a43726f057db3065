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
      const glob = globPattern(pattern);
      entries = entries.filter(({ input }) => glob.test(input));
      if (unique)
        entries = entries.filter(({ input }, i) => entries.findLastIndex((e) => e.input === input) === i);
    }
    return n == null ? entries : n > 0 ? entries.slice(-n) : [];
  }
}

/** A pattern of `*`, `?` and literal text that must match the whole input. */
function globPattern(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}

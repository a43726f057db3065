import type {
  CompleteReply,
  DisplayContent,
  ErrorContent,
  InspectReply,
  IsCompleteReply,
  StreamName,
} from "./messages.js";

/** What the front process asks of the session process. `id` comes back with the answer. */
export interface SessionRequests {
  /** Runs a cell. `name` is what error traces call it; outputs carry `id` as their `cell`. */
  execute: { request: { code: string; name: string }; answer: ExecuteAnswer };
  complete: { request: { code: string; cursor: number }; answer: CompleteReply };
  inspect: { request: { code: string; cursor: number; detail: number }; answer: InspectReply };
  isComplete: { request: { code: string }; answer: IsCompleteReply };
}

export type SessionRequestType = keyof SessionRequests;
export type ExecuteAnswer = { status: "ok" } | ({ status: "error" } & ErrorContent);

/** A frame from front to session. */
export type SessionRequest = {
  [T in SessionRequestType]: { type: T; id: number } & SessionRequests[T]["request"];
}[SessionRequestType];

/** What a cell shows. `cell` is the id of the execute request that started the code, which may be long over. */
export type SessionOutput =
  | { type: "stream"; cell: number; name: StreamName; text: string }
  | { type: "result"; cell: number; content: DisplayContent }
  | { type: "display"; cell: number; content: DisplayContent; update: boolean }
  | { type: "error"; cell: number; content: ErrorContent };

/** A frame from session to front. */
export type SessionFrame =
  | { type: "ready" }
  | { type: "answer"; id: number; answer: unknown }
  /** The session itself failed to answer; not an error of the user's code. */
  | { type: "failure"; id: number; message: string }
  | SessionOutput;

/** The session's descriptors beside stdin, stdout and stderr. */
export const descriptors = {
  /** Session → front, written synchronously: nothing is lost when a cell exits or spins, and a full pipe makes it wait. */
  output: 3,
  /** Front → session. */
  input: 4,
  /** Never written to. Its end means that the front is gone, whatever the main thread is doing. */
  lifeline: 5,
} as const;

import type {
  CellExtras,
  CompleteReply,
  DisplayContent,
  ErrorContent,
  InspectReply,
  IsCompleteReply,
  StreamName,
} from "./messages.js";

/** What the front process asks of the session process. `id` comes back with the answer. */
export interface SessionRequests {
  /**
   * Runs a cell, then evaluates the client's expressions if it went well. `name` is what error traces call it; outputs
   * carry `id` as their `cell`.
   */
  execute: {
    request: { code: string; name: string; expressions: Record<string, unknown> };
    answer: ExecuteAnswer;
  };
  /** Tells the comm's listener, whose output carries `id` as its `cell`, too. */
  comm: { request: { event: CommEvent }; answer: null };
  complete: { request: { code: string; cursor: number }; answer: CompleteReply };
  inspect: { request: { code: string; cursor: number; detail: number }; answer: InspectReply };
  isComplete: { request: { code: string }; answer: IsCompleteReply };
}

export type SessionRequestType = keyof SessionRequests;
export type ExecuteAnswer = ({ status: "ok" } & CellExtras) | ({ status: "error" } & ErrorContent);

/** What happens to a comm, in either direction. */
export interface CommEvent {
  type: "open" | "msg" | "close";
  id: string;
  /** The name under which the other side finds who it talks to; when it opens. */
  target?: string;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  /** In base64, as frames between the processes are JSON. */
  buffers: string[];
}

/** A frame from front to session. */
export type SessionRequest = {
  [T in SessionRequestType]: { type: T; id: number } & SessionRequests[T]["request"];
}[SessionRequestType];

/** What a cell shows. `cell` is the id of the execute request that started the code, which may be long over. */
export type SessionOutput =
  | { type: "stream"; cell: number; name: StreamName; text: string }
  | { type: "result"; cell: number; content: DisplayContent }
  | { type: "display"; cell: number; content: DisplayContent; update: boolean }
  | { type: "clear"; cell: number; wait: boolean }
  | { type: "error"; cell: number; content: ErrorContent }
  | { type: "comm"; cell: number; event: CommEvent }
  /** A question to the person at the keyboard; `token` comes back with the {@link InputAnswer}. */
  | { type: "input"; cell: number; token: number; prompt: string; password: boolean };

/** A line of text, `null` at the end of the input (Ctrl-D), or why there is none. */
export type InputAnswer = { text: string | null } | { error: { name: string; message: string } };

/** A frame from front to session that a busy main thread must not keep waiting: a thread of its own reads it. */
export type UrgentFrame =
  /** Stop the code of this request, and of whatever else runs until it has been answered. */
  { type: "interrupt"; id: number } | { type: "input"; token: number; answer: InputAnswer };

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
  /** Front → a thread of the session: {@link UrgentFrame}s. Its end means that the front is gone. */
  urgent: 5,
} as const;

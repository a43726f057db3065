import type { MimeBundle } from "../display/mime.js";

/**
 * The messages of the Jupyter protocol 5.4 that this kernel speaks, and the type that ties each request
 * to its reply: a handler table typed by {@link Requests} cannot forget a request or answer with the wrong reply.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
export interface Requests {
  kernel_info_request: { request: object; reply: KernelInfoReply };
  execute_request: { request: ExecuteRequest; reply: ExecuteReply };
  inspect_request: { request: InspectRequest; reply: InspectReply | ErrorReply };
  complete_request: { request: CompleteRequest; reply: CompleteReply | ErrorReply };
  is_complete_request: { request: { code: string }; reply: IsCompleteReply };
  history_request: { request: HistoryRequest; reply: HistoryReply };
  comm_info_request: { request: { target_name?: string }; reply: CommInfoReply };
  interrupt_request: { request: object; reply: { status: "ok" } };
  shutdown_request: { request: { restart?: boolean }; reply: ShutdownReply };
  debug_request: { request: DebugRequest; reply: DebugReply };
}

export type RequestType = keyof Requests;
export type RequestContent<T extends RequestType> = Requests[T]["request"];
export type ReplyContent<T extends RequestType> = Requests[T]["reply"];

/** `execute_request` → `execute_reply`. */
export function replyType(request: RequestType): string {
  return request.replace(/_request$/, "_reply");
}

/** What is published on iopub, by message type. */
export interface Publications {
  status: { execution_state: "starting" | "busy" | "idle" };
  execute_input: { code: string; execution_count: number };
  execute_result: DisplayContent & { execution_count: number };
  display_data: DisplayContent;
  update_display_data: DisplayContent;
  stream: { name: StreamName; text: string };
  error: ErrorContent;
  shutdown_reply: ShutdownReply;
}

export type StreamName = "stdout" | "stderr";

/** What went wrong in a cell: the error's name, its message, and lines for people to read. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

export type ErrorReply = { status: "error" } & ErrorContent;

export interface DisplayContent {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string };
}

export interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
}

export type ExecuteReply =
  | { status: "ok"; execution_count: number; payload: []; user_expressions: object }
  | (ErrorReply & { execution_count: number })
  | { status: "aborted" };

export interface InspectRequest {
  code: string;
  cursor_pos: number;
  detail_level?: number;
}

export interface InspectReply {
  status: "ok";
  found: boolean;
  data: MimeBundle;
  metadata: object;
}

export interface CompleteRequest {
  code: string;
  cursor_pos: number;
}

export interface CompleteReply {
  status: "ok";
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: object;
}

export type IsCompleteReply =
  { status: "complete" | "invalid" | "unknown" } | { status: "incomplete"; indent: string };

export interface HistoryRequest {
  output?: boolean;
  hist_access_type?: string;
  session?: number;
  start?: number;
  stop?: number | null;
  n?: number | null;
  pattern?: string;
  unique?: boolean;
}

export interface HistoryReply {
  status: "ok";
  history: [session: number, line: number, input: string | [input: string, output: string | null]][];
}

export interface CommInfoReply {
  status: "ok";
  comms: Record<string, { target_name: string }>;
}

export interface ShutdownReply {
  status: "ok";
  restart: boolean;
}

export interface DebugRequest {
  seq?: number;
  command?: string;
}

/** A response of the Debug Adapter Protocol, as `debug_reply` carries it. */
export interface DebugReply {
  type: "response";
  success: false;
  request_seq: number;
  command: string;
  message: string;
}

export interface KernelInfoReply {
  status: "ok";
  protocol_version: string;
  implementation: string;
  implementation_version: string;
  language_info: {
    name: string;
    version: string;
    mimetype: string;
    file_extension: string;
    pygments_lexer: string;
    codemirror_mode: object;
    nbconvert_exporter: string;
  };
  banner: string;
  debugger: false;
  help_links: { text: string; url: string }[];
}

import type { CommMsg, CommOpen, NoticeType, RequestContent, RequestType } from "./messages.js";

type Content<T extends RequestType | NoticeType> = T extends RequestType
  ? RequestContent<T>
  : T extends "comm_open"
    ? CommOpen
    : CommMsg;

/** `"boolean?"` for an optional boolean: what a table of fields says of one, so that it cannot differ from its type. */
type Kind<V> = `${Base<NonNullable<V>>}${undefined extends V ? "?" : ""}`;
type Base<V> = V extends string
  ? "string"
  : V extends number
    ? "integer"
    : V extends boolean
      ? "boolean"
      : "object";
type Fields<T extends RequestType | NoticeType> = { [K in keyof Content<T>]-?: Kind<Content<T>[K]> };

const fields: { [T in RequestType | NoticeType]: Fields<T> } = {
  kernel_info_request: {},
  connect_request: {},
  execute_request: {
    code: "string",
    silent: "boolean?",
    store_history: "boolean?",
    stop_on_error: "boolean?",
    user_expressions: "object?",
    allow_stdin: "boolean?",
  },
  inspect_request: { code: "string", cursor_pos: "integer?", detail_level: "integer?" },
  complete_request: { code: "string", cursor_pos: "integer?" },
  is_complete_request: { code: "string" },
  history_request: {
    output: "boolean?",
    raw: "boolean?",
    hist_access_type: "string?",
    session: "integer?",
    start: "integer?",
    stop: "integer?",
    n: "integer?",
    pattern: "string?",
    unique: "boolean?",
  },
  comm_info_request: { target_name: "string?" },
  interrupt_request: {},
  shutdown_request: { restart: "boolean?" },
  debug_request: { seq: "integer?", command: "string?" },
  comm_open: { comm_id: "string", target_name: "string", data: "object" },
  comm_msg: { comm_id: "string", data: "object" },
  comm_close: { comm_id: "string", data: "object" },
};

/** A message whose content is not what its type promises. */
export class ContentError extends Error {
  override name = "ContentError";
}

export function isKnown(type: string): type is RequestType | NoticeType {
  return Object.hasOwn(fields, type);
}

/**
 * The content of a message, with the fields that this kernel reads and no others. `null` counts as left out.
 * @throws ContentError if one is missing or of another kind.
 */
export function checkedContent<T extends RequestType | NoticeType>(
  type: T,
  content: Record<string, unknown>,
): Content<T> {
  const checked = Object.entries<string>(fields[type]).flatMap(([name, kind]) => {
    const value = Object.hasOwn(content, name) ? (content[name] ?? undefined) : undefined;
    if (value === undefined && kind.endsWith("?")) return [];
    const expected = kind.replace("?", "");
    const got = kindOf(value);
    if (got !== expected) throw new ContentError(`${type}: ${name} must be of type ${expected}, got ${got}`);
    return [[name, value]];
  });
  return Object.fromEntries(checked) as Content<T>;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "array";
  return Number.isSafeInteger(value) ? "integer" : typeof value;
}

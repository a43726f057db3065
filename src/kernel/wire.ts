import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/**
 * The Jupyter wire protocol: how one message is cut into ZeroMQ frames and signed.
 *
 *     routing identities… | <IDS|MSG> | signature | header | parent header | metadata | content | buffers…
 *
 * The signature is the hexadecimal HMAC (SHA-256 as a rule) of the four JSON frames.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export const protocolVersion = "5.4";

export interface MessageHeader {
  msg_id: string;
  session: string;
  username: string;
  date: string;
  msg_type: string;
  version: string;
}

/** A message to be sent. `parent` is the header of the message that caused it, if any. */
export interface Message {
  identities: readonly Uint8Array[];
  header: MessageHeader;
  parent: MessageHeader | Record<string, never>;
  metadata: Record<string, unknown>;
  content: unknown;
  buffers: readonly Uint8Array[];
}

declare const verified: unique symbol;

/** A message whose signature was found good before any of it was parsed. Only {@link Wire.decode} makes one. */
export interface VerifiedMessage extends Message {
  readonly content: Record<string, unknown>;
  readonly [verified]: true;
}

/** Frames that are no valid message. The text says what is wrong and never contains the expected signature. */
export class WireError extends Error {
  override name = "WireError";
}

const delimiter = Buffer.from("<IDS|MSG>");
/** How many signatures are remembered to refuse a message that is sent a second time. */
const replayMemory = 65_536;

/** Encodes and decodes messages for one connection: one key, one session name, one memory of seen signatures. */
export class Wire {
  readonly session = randomUUID();
  readonly #key: string;
  readonly #username: string;
  readonly #hash: string;
  readonly #seen = new Set<string>();

  /** An empty key means, as everywhere in Jupyter, that messages are not signed. */
  constructor(key: string, { username = "kernel", hash = "sha256" } = {}) {
    this.#key = key;
    this.#username = username;
    this.#hash = hash;
  }

  message(msgType: string, content: unknown, options: Partial<Message> = {}): Message {
    const header: MessageHeader = {
      msg_id: randomUUID(),
      session: this.session,
      username: this.#username,
      date: new Date().toISOString(),
      msg_type: msgType,
      version: protocolVersion,
    };
    return { identities: [], header, parent: {}, metadata: {}, content, buffers: [], ...options };
  }

  encode(message: Message): Uint8Array[] {
    const { header, parent, metadata, content } = message;
    const frames = [header, parent, metadata, content].map((part) => Buffer.from(wellFormedJson(part)));
    return [...message.identities, delimiter, this.#sign(frames), ...frames, ...message.buffers];
  }

  /**
   * Checks the signature, then parses.
   * @throws WireError if the frames are cut short, not signed with our key, a repetition, or not the JSON they must be.
   */
  decode(frames: readonly Uint8Array[]): VerifiedMessage {
    const start = frames.findIndex((frame) => delimiter.equals(frame));
    if (start === -1) throw new WireError("no <IDS|MSG> delimiter");
    const signature = frames[start + 1];
    const parts = frames.slice(start + 2, start + 6);
    if (!signature || parts.length < 4) throw new WireError(`${parts.length} of 4 message frames`);
    this.#verify(signature, parts);
    const [header, parent, metadata, content] = parts.map(parseObject) as [
      Header,
      Header,
      JsonObject,
      JsonObject,
    ];
    if (typeof header.msg_type !== "string" || typeof header.msg_id !== "string")
      throw new WireError("header lacks msg_type or msg_id");
    const identities = frames.slice(0, start);
    const buffers = frames.slice(start + 6);
    return { identities, header, parent, metadata, content, buffers } as Message as VerifiedMessage;
  }

  #sign(parts: readonly Uint8Array[]): Buffer {
    if (this.#key === "") return Buffer.alloc(0);
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of parts) hmac.update(part);
    return Buffer.from(hmac.digest("hex"));
  }

  #verify(signature: Uint8Array, parts: readonly Uint8Array[]): void {
    if (this.#key === "") return;
    const expected = this.#sign(parts);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new WireError("wrong signature");
    const text = expected.toString();
    if (this.#seen.has(text)) throw new WireError("repeated signature: this message was received before");
    this.#seen.add(text);
    if (this.#seen.size > replayMemory) this.#seen.delete(this.#seen.values().next().value!);
  }
}

/**
 * JSON in which no surrogate stands alone, as JavaScript's strings allow: a client in Python takes such text and fails
 * later, when it writes the notebook. `JSON.stringify` escapes surrogates only where they stand alone.
 */
function wellFormedJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes("\\ud")) return json;
  return json.replace(/\\(?:u(d[89a-f][\da-f]{2})|.)/g, (escape, surrogate) =>
    surrogate ? "\\ufffd" : escape,
  );
}

type JsonObject = Record<string, unknown>;
type Header = MessageHeader & JsonObject;

function parseObject(frame: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(frame));
  } catch {
    throw new WireError("a message frame is not JSON");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new WireError("a message frame is not a JSON object");
  return value as JsonObject;
}

import { randomUUID } from "node:crypto";
import type { Comm, CommMessage, CommOptions, Comms } from "../display/comm.js";
import type { CommEvent } from "./session-protocol.js";

type Send = (type: "msg" | "close", data: Record<string, unknown>, options: CommOptions) => void;
type Opened = (comm: Comm, message: CommMessage) => void;

/** The comms of a session: lines between an object in a cell and one in the front end. */
export class SessionComms implements Comms {
  readonly #send: (event: CommEvent) => void;
  readonly #targets = new Map<string, Opened>();
  readonly #open = new Map<string, SessionComm>();

  constructor(send: (event: CommEvent) => void) {
    this.#send = send;
  }

  registerTarget(name: string, opened: Opened): void {
    this.#targets.set(name, opened);
  }

  unregisterTarget(name: string): void {
    this.#targets.delete(name);
  }

  open(target: string, data: Record<string, unknown> = {}, options: CommOptions = {}): Comm {
    const comm = this.#add(randomUUID(), target);
    this.#send({ ...eventOf("open", comm.id, data, options), target });
    return comm;
  }

  /**
   * Passes on what came from the front end. A comm for a target that nobody has registered is closed again at once, as
   * is one whose target throws.
   */
  receive(event: CommEvent): void {
    const { type, id, target = "", data, metadata } = event;
    const message = { data, metadata, buffers: event.buffers.map((bytes) => Buffer.from(bytes, "base64")) };
    if (type !== "open") {
      if (type === "close") this.#open.get(id)?.closed(message);
      else this.#open.get(id)?.received(message);
      return;
    }
    const opened = this.#targets.get(target);
    const comm = this.#add(id, target);
    if (!opened) return comm.close();
    try {
      opened(comm, message);
    } catch (error) {
      comm.close();
      throw error;
    }
  }

  #add(id: string, target: string): SessionComm {
    const comm = new SessionComm(id, target, (type, data, options) => {
      if (!this.#open.has(id)) throw new Error(`comm ${id} (${target}) is closed`);
      this.#send(eventOf(type, id, data, options));
    });
    comm.onClose(() => this.#open.delete(id));
    this.#open.set(id, comm);
    return comm;
  }
}

class SessionComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly #send: Send;
  readonly #messageListeners: ((message: CommMessage) => void)[] = [];
  readonly #closeListeners: ((message: CommMessage) => void)[] = [];

  constructor(id: string, target: string, send: Send) {
    this.id = id;
    this.target = target;
    this.#send = send;
  }

  send(data: Record<string, unknown>, options: CommOptions = {}): void {
    this.#send("msg", data, options);
  }

  close(data: Record<string, unknown> = {}, options: CommOptions = {}): void {
    this.#send("close", data, options);
    this.closed({ data, metadata: {}, buffers: [] });
  }

  onMessage(listener: (message: CommMessage) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: (message: CommMessage) => void): void {
    this.#closeListeners.push(listener);
  }

  received(message: CommMessage): void {
    for (const listener of this.#messageListeners) listener(message);
  }

  closed(message: CommMessage): void {
    for (const listener of this.#closeListeners) listener(message);
  }
}

function eventOf(
  type: CommEvent["type"],
  id: string,
  data: Record<string, unknown>,
  { metadata = {}, buffers = [] }: CommOptions,
): CommEvent {
  const encoded = buffers.map((bytes) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
  );
  return { type, id, data, metadata, buffers: encoded };
}

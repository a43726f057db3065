import { notebookSession } from "./session.js";

/** What is sent through a comm: JSON, and bytes beside it. */
export interface CommMessage {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** What may go with the data of a message. */
export interface CommOptions {
  metadata?: Record<string, unknown>;
  /** Binary data, which JSON would make larger. */
  buffers?: readonly ArrayBufferView[];
}

/** A line between an object in the notebook and one in the front end, such as the two halves of a widget. */
export interface Comm {
  readonly id: string;
  /** The name under which the side that did not open it has registered. */
  readonly target: string;
  /** @throws Error if the comm is closed. */
  send(data: Record<string, unknown>, options?: CommOptions): void;
  /** Ends it on both sides. */
  close(data?: Record<string, unknown>, options?: CommOptions): void;
  /** `listener` is called for each message of the other side. */
  onMessage(listener: (message: CommMessage) => void): void;
  /** `listener` is called when either side closes it. */
  onClose(listener: (message: CommMessage) => void): void;
}

/** The comms of a notebook. */
export interface Comms {
  /** `opened` is called for each comm that the front end opens under this name. */
  registerTarget(name: string, opened: (comm: Comm, message: CommMessage) => void): void;
  /** Comms under this name are refused from now on. */
  unregisterTarget(name: string): void;
  /** Opens a comm to what the front end has registered under this name. */
  open(target: string, data?: Record<string, unknown>, options?: CommOptions): Comm;
}

/**
 * The comms of the notebook this code runs in.
 * @throws Error outside a notebook, where there is no front end.
 * @example comms().registerTarget("echo", (comm) => comm.onMessage(({ data }) => comm.send(data)));
 */
export function comms(): Comms {
  const session = notebookSession();
  if (!session)
    throw new Error("comms: there is no front end, because this code does not run in a notebook.");
  return session.comms;
}

import type { CommInfoReply, Notices, NoticeType } from "./messages.js";
import type { Sender } from "./sender.js";
import type { CommEvent } from "./session-protocol.js";
import type { MessageHeader, VerifiedMessage } from "./wire.js";

const eventTypes = { comm_open: "open", comm_msg: "msg", comm_close: "close" } as const;
const noticeTypes = { open: "comm_open", msg: "comm_msg", close: "comm_close" } as const;

/** Which comms are open, known here so that clients hear of them while a cell runs; and their way through the kernel. */
export class OpenComms {
  readonly #sender: Sender;
  readonly #targets = new Map<string, string>();

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  info(target: string | undefined): CommInfoReply {
    const all = [...this.#targets].map(([id, target_name]) => [id, { target_name }] as const);
    const comms = Object.fromEntries(
      all.filter(([, comm]) => (target ?? comm.target_name) === comm.target_name),
    );
    return { status: "ok", comms };
  }

  /** From a client: what the session is to be told. */
  received<T extends NoticeType>(
    type: T,
    content: Notices[T],
    { metadata, buffers }: VerifiedMessage,
  ): CommEvent {
    const target = "target_name" in content ? content.target_name : undefined;
    const event: CommEvent = {
      type: eventTypes[type],
      id: content.comm_id,
      ...(target === undefined ? {} : { target }),
      data: content.data,
      metadata,
      buffers: buffers.map((bytes) => Buffer.from(bytes).toString("base64")),
    };
    this.#note(event);
    return event;
  }

  /** From the session: to the clients. */
  send(event: CommEvent, parent: MessageHeader): void {
    this.#note(event);
    const { type, id, target = "", data, metadata } = event;
    const content = { comm_id: id, data, ...(type === "open" ? { target_name: target } : {}) };
    const buffers = event.buffers.map((bytes) => Buffer.from(bytes, "base64"));
    this.#sender.publish(noticeTypes[type], content, parent, { metadata, buffers });
  }

  #note({ type, id, target = "" }: CommEvent): void {
    if (type === "open") this.#targets.set(id, target);
    else if (type === "close") this.#targets.delete(id);
  }
}

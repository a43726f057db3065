import type { InputRequest, Publications } from "./messages.js";
import type { IncomingChannel, Transport } from "./transport.js";
import type { Message, MessageHeader, VerifiedMessage, Wire } from "./wire.js";

/** Who asked: the header that answers name as their parent, and the way back. */
export type Origin = Pick<VerifiedMessage, "header" | "identities">;

/** Signs messages and hands them to the transport. */
export class Sender {
  readonly #wire: Wire;
  readonly #transport: Transport;

  constructor(wire: Wire, transport: Transport) {
    this.#wire = wire;
    this.#transport = transport;
  }

  /** To all who listen. The type goes before the message, so that a client may subscribe to some types only. */
  publish<T extends keyof Publications>(
    type: T,
    content: Publications[T],
    parent: MessageHeader | Record<string, never>,
    extras: Pick<Partial<Message>, "metadata" | "buffers"> = {},
  ): void {
    const message = this.#wire.message(type, content, { ...extras, parent, identities: [Buffer.from(type)] });
    this.#transport.send("iopub", this.#wire.encode(message));
  }

  reply(channel: IncomingChannel, type: string, content: unknown, to: Origin): void {
    this.#transport.send(channel, this.#encode(type, content, to));
  }

  /** Asks the client that sent a request for a line of text. */
  ask(content: InputRequest, of: Origin, onLost: () => void): void {
    this.#transport.send("stdin", this.#encode("input_request", content, of), onLost);
  }

  #encode(type: string, content: unknown, { header, identities }: Origin): Uint8Array[] {
    return this.#wire.encode(this.#wire.message(type, content, { parent: header, identities }));
  }
}

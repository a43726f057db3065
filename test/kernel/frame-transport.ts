import { once, EventEmitter } from "node:events";
import { onTestFinished } from "vitest";
import { Front } from "../../src/kernel/front.js";
import type { ConnectionInfo } from "../../src/kernel/connection-file.js";
import { SessionProcess } from "../../src/kernel/session-process.js";
import type { IncomingChannel, OutgoingChannel, Transport } from "../../src/kernel/transport.js";
import { Wire, type VerifiedMessage } from "../../src/kernel/wire.js";

/** A message of the kernel, decoded as its client would. */
export interface Sent {
  channel: OutgoingChannel;
  message: VerifiedMessage;
}

/** Carries lists of frames to and from a {@link Front}, without ZeroMQ. */
export class FrameTransport implements Transport {
  readonly sent: Sent[] = [];
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #wire: Wire;

  constructor(key: string) {
    this.#wire = new Wire(key);
  }

  async *receive(channel: IncomingChannel): AsyncIterable<Uint8Array[]> {
    const waiting: Uint8Array[][] = [];
    let wake = () => {};
    this.#events.on(channel, (frames: Uint8Array[]) => {
      waiting.push(frames);
      wake();
    });
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  deliver(channel: IncomingChannel, frames: Uint8Array[]): void {
    this.#events.emit(channel, frames);
  }

  send(channel: OutgoingChannel, frames: Uint8Array[]): void {
    this.sent.push({ channel, message: this.#wire.decode(frames) });
    this.#events.emit("sent");
  }

  /** The first message, from number `from` on, that is as wanted, when it comes. */
  async find(wanted: (sent: Sent) => boolean, from = 0): Promise<Sent> {
    for (;;) {
      const found = this.sent.slice(from).find(wanted);
      if (found) return found;
      await once(this.#events, "sent");
    }
  }
}

/** The kernel's front with a real session, for one test. */
export function startFront(key: string): { transport: FrameTransport; front: Front } {
  const { end, ...started } = startLastingFront(key);
  onTestFinished(end);
  return started;
}

/** The same, until it is ended. */
export function startLastingFront(key: string): { transport: FrameTransport; front: Front; end: () => void } {
  const transport = new FrameTransport(key);
  const session = new SessionProcess();
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const info: ConnectionInfo = {
    ...ports,
    transport: "tcp",
    ip: "127.0.0.1",
    key,
    signature_scheme: "hmac-sha256",
  };
  const front = new Front(new Wire(key), transport, session, info);
  void front.listen();
  return { transport, front, end: () => session.kill() };
}

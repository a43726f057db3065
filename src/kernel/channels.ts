import * as zmq from "zeromq";
import { endpoint, type ConnectionInfo } from "./connection-file.js";
import type { IncomingChannel, OutgoingChannel, Transport } from "./transport.js";

/**
 * Sends messages one after another. A zeromq.js socket takes one send at a time and rejects the next while it is
 * busy, so whoever does not wait loses messages.
 */
export class SendQueue {
  readonly #socket: zmq.Writable & zmq.Socket;
  readonly #waiting: { frames: Uint8Array[]; onLost: (() => void) | undefined }[] = [];
  #pumping: Promise<void> | undefined;

  constructor(socket: zmq.Writable & zmq.Socket) {
    this.#socket = socket;
  }

  send(frames: Uint8Array[], onLost?: () => void): void {
    this.#waiting.push({ frames, onLost });
    this.#pumping ??= this.#pump();
  }

  /** Resolves when all that was sent so far has been handed to ZeroMQ. */
  async drained(): Promise<void> {
    await this.#pumping;
  }

  async #pump(): Promise<void> {
    let next = 0;
    while (next < this.#waiting.length) {
      if (this.#socket.closed) break;
      const { frames, onLost } = this.#waiting[next];
      try {
        await this.#socket.send(frames);
      } catch {
        // Without a way to the receiver, or closed meanwhile. The messages behind this one may have others.
        onLost?.();
      }
      next += 1;
      // Forgets what was sent in steps, as shifting a long array for each message would be quadratic.
      if (next === 1024) {
        this.#waiting.splice(0, next);
        next = 0;
      }
    }
    this.#waiting.length = 0;
    this.#pumping = undefined;
  }
}

/** No message is dropped for a full queue; and a closed socket may take a second to deliver what it still holds. */
export const socketOptions = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 1000 };

/** The five sockets of a kernel, bound to the addresses of its connection file. */
export class KernelChannels implements Transport {
  readonly #sockets = {
    shell: new zmq.Router(socketOptions),
    control: new zmq.Router(socketOptions),
    // Tells when nobody is there to be asked.
    stdin: new zmq.Router({ ...socketOptions, mandatory: true }),
    iopub: new zmq.Publisher({ sendHighWaterMark: 0, linger: 1000 }),
    hb: new zmq.Reply(socketOptions),
  };
  readonly #queues = {
    shell: new SendQueue(this.#sockets.shell),
    control: new SendQueue(this.#sockets.control),
    stdin: new SendQueue(this.#sockets.stdin),
    iopub: new SendQueue(this.#sockets.iopub),
  };

  async bind(info: ConnectionInfo): Promise<void> {
    const names = ["shell", "control", "stdin", "iopub", "hb"] as const;
    const attempts = names.map((name) => this.#sockets[name].bind(endpoint(info, name)));
    // A socket that is closed while another thread binds it ends the process.
    await Promise.allSettled(attempts);
    await Promise.all(attempts);
  }

  receive(channel: IncomingChannel): AsyncIterable<Uint8Array[]> {
    return this.#sockets[channel];
  }

  send(channel: OutgoingChannel, frames: Uint8Array[], onLost?: () => void): void {
    this.#queues[channel].send(frames, onLost);
  }

  /** Answers every heartbeat with itself until the sockets are closed. */
  async beat(): Promise<void> {
    const { hb } = this.#sockets;
    for await (const frames of hb) await hb.send(frames);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map((queue) => queue.drained()));
    for (const socket of Object.values(this.#sockets)) socket.close();
  }
}

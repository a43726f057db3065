import * as zmq from "zeromq";
import { endpoint, type ConnectionInfo } from "./connection-file.js";

/**
 * Sends messages one after another. A zeromq.js socket takes one send at a time and rejects the next while it is
 * busy, so whoever does not wait loses messages.
 */
export class SendQueue {
  readonly #socket: zmq.Writable & zmq.Socket;
  readonly #waiting: Uint8Array[][] = [];
  #pumping: Promise<void> | undefined;

  constructor(socket: zmq.Writable & zmq.Socket) {
    this.#socket = socket;
  }

  send(frames: Uint8Array[]): void {
    this.#waiting.push(frames);
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
      await this.#socket.send(this.#waiting[next]);
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
export class KernelChannels {
  readonly shell = new zmq.Router(socketOptions);
  readonly control = new zmq.Router(socketOptions);
  readonly stdin = new zmq.Router(socketOptions);
  readonly iopub = new zmq.Publisher({ sendHighWaterMark: 0, linger: 1000 });
  readonly hb = new zmq.Reply(socketOptions);
  readonly #queues = {
    shell: new SendQueue(this.shell),
    control: new SendQueue(this.control),
    iopub: new SendQueue(this.iopub),
  };

  async bind(info: ConnectionInfo): Promise<void> {
    const names = ["shell", "control", "stdin", "iopub", "hb"] as const;
    await Promise.all(names.map((name) => this[name].bind(endpoint(info, name))));
  }

  send(channel: "shell" | "control" | "iopub", frames: Uint8Array[]): void {
    this.#queues[channel].send(frames);
  }

  /** Answers every heartbeat with itself until the sockets are closed. */
  async beat(): Promise<void> {
    for await (const frames of this.hb) await this.hb.send(frames);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map((queue) => queue.drained()));
    for (const socket of [this.shell, this.control, this.stdin, this.iopub, this.hb]) socket.close();
  }
}

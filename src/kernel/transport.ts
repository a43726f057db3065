import type { ChannelName } from "./connection-file.js";

/** The channels on which a client's messages arrive. */
export type IncomingChannel = "shell" | "control" | "stdin";
export type OutgoingChannel = Exclude<ChannelName, "hb">;

/** What carries a kernel's messages, as frames: ZeroMQ's sockets, or a list of recorded ones. */
export interface Transport {
  /** Messages as they arrive, until the channel is closed. The frames before the delimiter say who sent them. */
  receive(channel: IncomingChannel): AsyncIterable<Uint8Array[]>;
  /**
   * Sends a message after all that were sent on this channel before.
   * `onLost` is called if nobody is there to receive it, where the channel can tell: on stdin.
   */
  send(channel: OutgoingChannel, frames: Uint8Array[], onLost?: () => void): void;
}

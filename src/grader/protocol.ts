import type { Encoded, ValueLimits } from "./codec.js";

/** What a call is to answer with: the value; the value and the arguments as they are after the call; or a handle, whatever the value is. */
export type CallMode = "call" | "construct" | "observe" | "keep";

/** How much a value that the host sends may be. */
export interface ResultLimits extends ValueLimits {
  bytes: number;
}

/** What the judge asks of the host. Every request is answered by one `Response` with the same `id`. */
export type Request =
  /** Be there, with the library loaded if the submission will ask for it. */
  | { kind: "prepare"; id: number; library: boolean; limits: ResultLimits }
  /** Evaluate the submission, compiled from `file`. Answered with the names of what it exports; if it throws, what it has exported until then can be called. */
  | { kind: "load"; id: number; code: string; file: string }
  /** Call or construct an export of the submission. */
  | { kind: "call"; id: number; name: string; how: CallMode; args: Encoded[] }
  /** Work on an object the host kept: copy it; read a property, write one, call a method; or call it, if a function. */
  | { kind: "copy"; id: number; handle: number }
  | { kind: "get"; id: number; handle: number; key: string }
  | { kind: "set"; id: number; handle: number; key: string; value: Encoded }
  | { kind: "method"; id: number; handle: number; key: string | null; args: Encoded[] };

/** What the host says: answers, and calls of functions that the judge passed in. */
export type Response =
  | { kind: "return"; id: number; value: Encoded }
  | { kind: "throw"; id: number; name: string; message: string; stack: string }
  /** The submission did not get as far as what is asked for: what it threw when it was loaded. */
  | { kind: "not-loaded"; id: number; name: string; message: string; stack: string }
  /** There is a value, but too much of it. */
  | { kind: "too-much"; id: number; message: string }
  | { kind: "callback"; id: number; callback: number; args: Encoded[] };

/** The judge's answer to a callback. */
export type CallbackResult =
  | { kind: "callback-return"; id: number; value: Encoded }
  | { kind: "callback-throw"; id: number; name: string; message: string };

/** The exit code of a host that waits for a promise which nothing will settle. */
export const neverSettles = 13;

/** File descriptors of the host: 3 carries what it says, 4 what it hears. */
export const hostWriteFd = 3;
export const hostReadFd = 4;
/** Where bubblewrap reads which system calls the kernel shall refuse; closed before the host begins. */
export const filterFd = 5;

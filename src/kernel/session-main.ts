import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { MessageChannel, Worker } from "node:worker_threads";
import { encodeFrame, frameSplitter } from "./frames.js";
import type { GuardData } from "./session-breaker.js";
import { descriptors, type SessionFrame, type SessionRequest } from "./session-protocol.js";
import { Session } from "./session.js";
import { Tslab } from "./tslab.js";

// The session process: runs the cells of one notebook in its main thread, as the front process asks it to.

function send(frame: SessionFrame): void {
  const bytes = encodeFrame(frame);
  for (let sent = 0; sent < bytes.length;) {
    try {
      sent += writeSync(descriptors.output, bytes, sent);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") process.exit(1);
      if (code !== "EAGAIN") throw error;
    }
  }
}

async function answer(request: SessionRequest): Promise<void> {
  try {
    send({ type: "answer", id: request.id, answer: await handle(request) });
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ type: "failure", id: request.id, message });
  }
}

function handle(request: SessionRequest): unknown {
  switch (request.type) {
    case "execute":
      return session.execute(request.id, request);
    case "comm":
      return session.comm(request.id, request);
    case "complete":
      return session.complete(request);
    case "inspect":
      return session.inspect(request);
    case "isComplete":
      return session.isComplete(request);
  }
}

const { port1: inputPort, port2: inputPortOfGuard } = new MessageChannel();
const inputSignal = new Int32Array(new SharedArrayBuffer(4));
const session = new Session(new Tslab(process.cwd()), send, inputPort, inputSignal);
const splitter = frameSplitter<SessionRequest | { type: "interrupt"; id: number }>((frame) => {
  if (frame.type === "interrupt") session.interrupt(frame.id);
  else void answer(frame);
});
const input = new Socket({ fd: descriptors.input, readable: true, writable: false });
input.on("data", (chunk: Buffer) => splitter.push(chunk));
input.on("end", () => process.exit());
input.on("error", () => process.exit(1));
send({ type: "ready" });
// After the start, which it would slow down: until now there was no user code that could keep the process alive.
const workerData: GuardData = { inputPort: inputPortOfGuard, inputSignal };
new Worker(new URL("./session-guard.js", import.meta.url), {
  workerData,
  transferList: [inputPortOfGuard],
}).unref();

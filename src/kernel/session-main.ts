import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { encodeFrame, frameSplitter } from "./frames.js";
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
    case "complete":
      return session.complete(request);
    case "inspect":
      return session.inspect(request);
    case "isComplete":
      return session.isComplete(request);
  }
}

const session = new Session(new Tslab(process.cwd()), send);
const splitter = frameSplitter<SessionRequest | { type: "interrupt" }>((frame) => {
  if (frame.type === "interrupt") session.interrupt();
  else void answer(frame);
});
const input = new Socket({ fd: descriptors.input, readable: true, writable: false });
input.on("data", (chunk: Buffer) => splitter.push(chunk));
input.on("end", () => process.exit());
input.on("error", () => process.exit(1));
send({ type: "ready" });
// After the start, which it would slow down: until now there was no user code that could keep the process alive.
new Worker(new URL("./session-lifeline.js", import.meta.url)).unref();

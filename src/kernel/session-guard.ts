import { Session as Inspector } from "node:inspector";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { frameSplitter } from "./frames.js";
import { breakExpression, type GuardData } from "./session-breaker.js";
import { descriptors, type UrgentFrame } from "./session-protocol.js";

// A thread of the session process, for what must happen while the main thread runs an endless loop: an interrupt, the
// answer to a question for which the main thread waits, and its end when the front process is gone, even killed by
// force: the system then closes the other end of this pipe.

const { inputPort, inputSignal } = workerData as GuardData;

/** Milliseconds that code has to end by itself (a child process that is waited for, a rejected await), and between attempts to stop it. */
const patience = 30;

function receive(frame: UrgentFrame): void {
  if (frame.type === "interrupt") setTimeout(() => stopMainThread(frame.id), patience);
  else {
    inputPort.postMessage(frame);
    Atomics.add(inputSignal, 0, 1);
    Atomics.notify(inputSignal, 0);
  }
}

/** Node's inspector runs an expression in the main thread wherever that is, also in the middle of a loop. */
function stopMainThread(id: number): void {
  const inspector = new Inspector();
  inspector.connectToMainThread();
  inspector.post("Runtime.evaluate", { expression: breakExpression(id) }, (error, answer) => {
    inspector.disconnect();
    // It fails where the stack of the interrupted code leaves no room, for instance.
    if (error ?? answer?.result.value !== "over") setTimeout(() => stopMainThread(id), patience);
  });
}

const pipe = new Socket({ fd: descriptors.urgent, readable: true, writable: false });
const splitter = frameSplitter<UrgentFrame>(receive);
pipe.on("data", (chunk: Buffer) => splitter.push(chunk));
pipe.on("close", () => process.kill(process.pid, "SIGKILL"));
pipe.on("error", () => pipe.destroy());

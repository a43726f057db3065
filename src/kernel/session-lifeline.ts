import { Socket } from "node:net";
import { descriptors } from "./session-protocol.js";

// A thread of the session process that ends it when the front process is gone, even killed by force and even while
// the main thread runs an endless loop: the system then closes the other end of this pipe.
const lifeline = new Socket({ fd: descriptors.lifeline, readable: true, writable: false });
lifeline.on("close", () => process.kill(process.pid, "SIGKILL"));
lifeline.on("error", () => lifeline.destroy());
lifeline.resume();

import { messageOf, UserError } from "../errors.js";
import { hashOf, readConnectionFile } from "./connection-file.js";
import { SessionProcess } from "./session-process.js";
import { Wire } from "./wire.js";

/** How often, in milliseconds, a kernel that Jupyter started looks whether Jupyter is still there. */
const parentCheck = 1000;

/**
 * Runs a kernel on the addresses of a connection file until it is shut down; then ends this process.
 * @throws UserError if the file is no connection file or its addresses are taken.
 */
export async function startKernel(connectionFile: string): Promise<never> {
  const info = readConnectionFile(connectionFile);
  // The session takes its time to load the compiler; ZeroMQ is loaded meanwhile, and requests may come already.
  const session = new SessionProcess();
  process.once("exit", () => session.kill());
  const [{ KernelChannels }, { Front }] = await Promise.all([import("./channels.js"), import("./front.js")]);
  const channels = new KernelChannels();
  try {
    await channels.bind(info);
  } catch (error) {
    session.kill();
    await channels.close();
    throw new UserError(`connection file ${connectionFile}: cannot listen there: ${messageOf(error)}`);
  }
  if (info.key === "")
    process.stderr.write(
      "[gradlab kernel] messages are not signed, as the connection file has an empty key\n",
    );
  const front = new Front(new Wire(info.key, { hash: hashOf(info) }), channels, session, info);
  process.on("SIGINT", () => front.interrupt());
  const orphaned = new Promise<number>((resolve) => {
    process.once("SIGTERM", () => resolve(0));
    onParentGone(() => resolve(1));
  });
  void channels.beat();
  void front.listen();
  const exitCode = await Promise.race([front.stopped, orphaned]);
  session.kill();
  await channels.close();
  process.exit(exitCode);
}

/** A kernel must not outlive its client: one of ours holds an IPC channel, Jupyter names itself in JPY_PARENT_PID. */
function onParentGone(stop: () => void): void {
  if (process.connected) process.once("disconnect", stop);
  // Gone while the kernel was starting.
  else if (process.send) stop();
  const parent = process.ppid;
  if (process.platform === "win32" || process.env.JPY_PARENT_PID !== String(parent)) return;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, parentCheck).unref();
}

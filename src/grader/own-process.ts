import { constants } from "node:os";

/** Methods of `process` that reach other processes, Node's internals or native code. */
const dangerous = ["_kill", "_debugProcess", "_debugEnd", "binding", "_linkedBinding", "dlopen", "report"];

/**
 * Leaves this process no way to send signals to others, to talk to Node's internals or to load native code: where there is no
 * sandbox, the judge belongs to the same user. Ending itself is its own business.
 */
export function takeAwayOtherProcesses(): void {
  const { pid } = process;
  const send = (process as unknown as { _kill: (target: number, signal: number) => number })._kill;
  const kill = (target: number, signal: string | number = "SIGTERM") => {
    if (target !== pid)
      throw Object.assign(new Error(`kill ${target}: not permitted in a submission`), { code: "EPERM" });
    send(pid, typeof signal === "number" ? signal : constants.signals[signal as NodeJS.Signals]);
    return true;
  };
  const fix = (name: string, value: unknown) =>
    Object.defineProperty(process, name, { value, writable: false, configurable: false });
  fix("kill", kill);
  for (const name of dangerous) fix(name, undefined);
}

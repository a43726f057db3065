import { syncBuiltinESMExports } from "node:module";
import { constants } from "node:os";
import v8 from "node:v8";

/** Methods of `process` that reach other processes, Node's internals or native code. */
const dangerous = ["_kill", "_debugProcess", "_debugEnd", "binding", "_linkedBinding", "dlopen", "report"];
/** What the library sets. Other flags of V8 write files, past Node's permissions. */
const harmlessFlags = ["--experimental-wasm-relaxed-simd", "--expose-gc", "--no-expose-gc"];

/**
 * Leaves this process no way to send signals to others, to talk to Node's internals, to load native code or to have V8 write files:
 * where there is no sandbox, the judge belongs to the same user. Ending itself is its own business.
 */
export function takeAwayOtherProcesses(): void {
  const { pid } = process;
  const send = (process as unknown as { _kill: (target: number, signal: number) => number })._kill;
  const kill = (target: number, signal: string | number = "SIGTERM") => {
    if (target !== pid) deny(`kill ${target}`);
    send(pid, typeof signal === "number" ? signal : constants.signals[signal as NodeJS.Signals]);
    return true;
  };
  fix(process, "kill", kill);
  for (const name of dangerous) fix(process, name, undefined);
  const { setFlagsFromString } = v8;
  fix(v8, "setFlagsFromString", (flag: string) => {
    // Compared and used as one value: an object could be another text each time.
    const text = String(flag);
    if (!harmlessFlags.includes(text)) deny(text);
    setFlagsFromString(text);
  });
  fix(v8, "setHeapSnapshotNearHeapLimit", () => deny("setHeapSnapshotNearHeapLimit"));
  syncBuiltinESMExports();
}

function deny(what: string): never {
  throw Object.assign(new Error(`${what}: not permitted in a submission`), { code: "EPERM" });
}

function fix(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: false, configurable: false, enumerable: true });
}

import { syncBuiltinESMExports } from "node:module";
import type { SocketConnectOpts } from "node:net";
import os, { constants } from "node:os";
import { getSystemErrorMap } from "node:util";
import v8 from "node:v8";
import type { Tier } from "./results.js";

/**
 * Closes what Node's permission model leaves open: signals to other processes, Node's internals and native code, ways to write files past
 * it and, where no sandbox does so, the network. Without one this is all that keeps a submission from the judge, which belongs to the same
 * user. What a submission does to its own process is its own business.
 */
export function confine(tier: Tier): void {
  takeAwayOtherProcesses();
  takeAwayFiles();
  if (tier !== "sandbox") takeAwayNetwork();
  syncBuiltinESMExports();
}

/** Methods of `process` that reach other processes, Node's internals or native code. */
const dangerous = ["_kill", "_debugProcess", "_debugEnd", "binding", "_linkedBinding", "dlopen", "report"];

function takeAwayOtherProcesses(): void {
  const { pid } = process;
  const send = (process as unknown as { _kill: (target: number, signal: number) => number })._kill;
  const kill = (target: number, signal: string | number = "SIGTERM") => {
    if (target !== pid) deny(`kill ${target}`);
    send(pid, typeof signal === "number" ? signal : constants.signals[signal as NodeJS.Signals]);
    return true;
  };
  fix(process, "kill", kill);
  for (const name of dangerous) fix(process, name, undefined);
  fix(os, "setPriority", () => deny("setPriority"));
}

/** What the library sets. Other flags of V8 write files. Compared without a method, as a submission can replace those. */
const isHarmless = (flag: unknown) =>
  flag === "--experimental-wasm-relaxed-simd" || flag === "--expose-gc" || flag === "--no-expose-gc";

/** Native code that opens files by itself. */
function takeAwayFiles(): void {
  const { setFlagsFromString } = v8;
  fix(v8, "setFlagsFromString", (flag: string) => {
    if (!isHarmless(flag)) deny("setFlagsFromString");
    setFlagsFromString(flag);
  });
  fix(v8, "setHeapSnapshotNearHeapLimit", () => deny("setHeapSnapshotNearHeapLimit"));
  // Since Node 22.
  const sqlite: object = process.getBuiltinModule("node:sqlite") ?? {};
  for (const name of Object.keys(sqlite)) fix(sqlite, name, undefined);
}

/** Methods by which native sockets reach others, or let others reach them, and by which names are looked up. */
const reaching = /^(connect6?|bind6?|listen|send6?|query.*|getHostByAddr)$/;

/**
 * Whatever opens a socket, from `fetch` to `http2`, has one of three native classes do it; names are looked up by a fourth, or by
 * `dns.lookup`. From now on their methods answer with the system's "not permitted".
 */
function takeAwayNetwork(): void {
  const [notPermitted] = [...getSystemErrorMap()].find(([, [name]]) => name === "EPERM")!;
  const dns = process.getBuiltinModule("node:dns");
  const resolver = prototypeOf((new dns.Resolver() as unknown as { _handle: object })._handle);
  // Neither is an address: the socket is made, and goes nowhere.
  const [tcp, pipe] = [nativeSocket({ port: -1 }), nativeSocket({ path: 1 as unknown as string })];
  for (const native of [tcp, pipe, nativeDatagramSocket(), resolver])
    for (const name of Object.getOwnPropertyNames(native))
      if (reaching.test(name)) fix(native, name, () => notPermitted);
  for (const names of [dns, dns.promises])
    for (const name of ["lookup", "lookupService"]) fix(names, name, () => deny(name));
}

/** What all native sockets have in common that connect to an address of this kind. */
function nativeSocket(address: SocketConnectOpts): object {
  const net = process.getBuiltinModule("node:net");
  const socket = new net.Socket();
  try {
    socket.connect(address);
  } catch {
    // That it is no address is noticed late.
  }
  const native = prototypeOf((socket as unknown as { _handle: object })._handle);
  socket.destroy();
  return native;
}

function nativeDatagramSocket(): object {
  const socket = process.getBuiltinModule("node:dgram").createSocket("udp4");
  const fields = socket as unknown as Record<symbol, { handle?: object } | undefined>;
  const handles = Object.getOwnPropertySymbols(socket).map((symbol) => fields[symbol]?.handle);
  const native = prototypeOf(handles.find(Boolean));
  socket.close();
  return native;
}

/** @throws TypeError if there is none, because Node has changed: no submission is run then */
function prototypeOf(native: object | undefined): object {
  return Object.getPrototypeOf(native) as object;
}

function deny(what: string): never {
  throw Object.assign(new Error(`${what}: not permitted in a submission`), { code: "EPERM" });
}

function fix(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: false, configurable: false, enumerable: true });
}

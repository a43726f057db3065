import { getHashes, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { UserError } from "../errors.js";

export const channelNames = ["shell", "iopub", "stdin", "control", "hb"] as const;
export type ChannelName = (typeof channelNames)[number];

/** Where a kernel listens and how its messages are signed: the file that Jupyter writes for each kernel. */
export type ConnectionInfo = Record<`${ChannelName}_port`, number> & {
  transport: "tcp" | "ipc";
  ip: string;
  /** Empty, messages are not signed. */
  key: string;
  signature_scheme: string;
};

/** @throws UserError if the file cannot be read or lacks something a kernel needs. */
export function readConnectionFile(path: string): ConnectionInfo {
  const info = readJson(path);
  const fail = (why: string): never => {
    throw new UserError(`connection file ${path}: ${why}`);
  };
  for (const name of channelNames) {
    const port = info[`${name}_port`];
    if (typeof port !== "number" || !Number.isInteger(port)) fail(`${name}_port is not a number`);
  }
  if (typeof info.ip !== "string") fail("ip is missing");
  if (typeof info.key !== "string") fail("key is missing (an empty key turns signing off)");
  const transport = info.transport ?? "tcp";
  if (transport !== "tcp" && transport !== "ipc")
    fail(`transport ${JSON.stringify(transport)} is not tcp or ipc`);
  const complete = {
    ...info,
    transport,
    signature_scheme: info.signature_scheme ?? "hmac-sha256",
  } as ConnectionInfo;
  if (info.key !== "" && !getHashes().includes(hashOf(complete)))
    fail(`signature_scheme ${JSON.stringify(info.signature_scheme)} is none of hmac-sha256, hmac-sha512 …`);
  return complete;
}

/** The hash function of the signature scheme `hmac-sha256`: "sha256"; "" for a scheme of another kind. */
export function hashOf({ signature_scheme: scheme }: ConnectionInfo): string {
  return /^hmac-(\w+)$/.exec(String(scheme))?.[1] ?? "";
}

/** The ZeroMQ address of one channel, e.g. `tcp://127.0.0.1:5001`. */
export function endpoint(info: ConnectionInfo, channel: ChannelName): string {
  const port = info[`${channel}_port`];
  return info.transport === "ipc" ? `ipc://${info.ip}-${port}` : `tcp://${info.ip}:${port}`;
}

/** Windows has no sockets in the file system that ZeroMQ could use. */
export const localTransport: ConnectionInfo["transport"] = process.platform === "win32" ? "tcp" : "ipc";

/**
 * Writes a connection file for a new kernel on this machine, with a random key, readable by us only. The sockets are
 * files in `directory`, a short path of our own, or TCP ports that are free now.
 */
export async function createConnectionFile(
  path: string,
  directory: string,
  transport = localTransport,
): Promise<ConnectionInfo> {
  const ports = transport === "ipc" ? [1, 2, 3, 4, 5] : await freePorts(channelNames.length);
  const info = {
    ...Object.fromEntries(channelNames.map((name, i) => [`${name}_port`, ports[i]])),
    transport,
    ip: transport === "ipc" ? join(directory, "zmq") : "127.0.0.1",
    key: randomBytes(32).toString("hex"),
    signature_scheme: "hmac-sha256",
  } as ConnectionInfo;
  writeFileSync(path, JSON.stringify(info, null, 2), { mode: 0o600 });
  return info;
}

async function freePorts(count: number): Promise<number[]> {
  // All are held at once, so that they differ.
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function readJson(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`connection file ${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object") return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new UserError(`connection file ${path}: not a JSON object`);
}

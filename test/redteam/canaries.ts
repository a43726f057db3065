import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { getPriority, tmpdir } from "node:os";
import { join, relative } from "node:path";

/** Where the attacks aim. */
const folder = "/var/tmp/canary";
const port = 39_517;
const socketPath = join(folder, "socket");
const marks = ["CANARY_MARK", "SEC_ANCHOR_MARK"];

/** What stands in the folder's `secret/` and may be seen in no report. */
export const secret = "canary-secret-3f1c9b";

/** What the attacks must not touch: a folder, a port, the judge's priority, and processes that outlive their submission. */
export class Canaries {
  readonly #priority = getPriority();
  /** They listen on the port, by TCP and by UDP, and at a path. */
  readonly #servers: Server[] = [];
  readonly #datagrams = createSocket("udp4");
  #contacts = 0;
  /** What lies where the judge works, and where everybody may write. */
  #surroundings = new Map<string, string[]>();

  async plant(): Promise<void> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "secret"), { recursive: true });
    mkdirSync(join(folder, "grader"));
    writeFileSync(join(folder, "secret", "key"), secret);
    for (const place of [process.cwd(), "/var/tmp", "/"]) this.#surroundings.set(place, readdirSync(place));
    const count = () => (this.#contacts += 1);
    for (const address of [{ port, host: "127.0.0.1" }, { path: socketPath }]) {
      const server = createServer((socket) => socket.destroy()).on("connection", count);
      this.#servers.push(server);
      await once(server.listen(address), "listening");
    }
    await once(this.#datagrams.on("message", count).bind(port, "127.0.0.1"), "listening");
  }

  /** What has been written or started since they were planted, in words; nothing if all is well. */
  touched(): string[] {
    const files = this.#entries((entry) => !entry.isSocket());
    return [
      ...(files === "grader secret secret/key" ? [] : [`${folder} holds ${files}`]),
      ...(readFileSync(join(folder, "secret", "key"), "utf8") === secret ? [] : ["the secret was changed"]),
      ...[...this.#surroundings].flatMap(([place, before]) =>
        readdirSync(place)
          .filter((name) => !before.includes(name))
          .map((name) => `${join(place, name)} is new`),
      ),
      ...readdirSync(tmpdir()).filter((name) => name.startsWith("node_trace")),
      ...(getPriority() === this.#priority ? [] : [`the judge's priority is ${getPriority()}`]),
      ...survivors().map((pid) => `process ${pid} is still there`),
    ];
  }

  /** Connections and datagrams, and sockets in the folder. */
  get networkUse(): string[] {
    const sockets = this.#entries((entry) => entry.isSocket());
    return [
      ...(this.#contacts === 0 ? [] : [`${this.#contacts} connections or datagrams`]),
      ...(sockets === "socket" ? [] : [`sockets ${sockets}`]),
    ];
  }

  #entries(wanted: (entry: Dirent) => boolean): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(wanted)
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort()
      .join(" ");
  }

  remove(): void {
    for (const server of this.#servers) server.close();
    this.#datagrams.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processes that carry a mark in their environment. */
function survivors(): string[] {
  if (!existsSync("/proc")) return [];
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || !statSync(`/proc/${pid}`, { throwIfNoEntry: false })) return false;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      return environment.some((entry) => marks.includes(entry.split("=")[0]));
    } catch {
      return false; // Has ended meanwhile.
    }
  });
}

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
import { createServer, type Server } from "node:http";
import { join, relative } from "node:path";

/** Where the attacks aim. */
const folder = "/var/tmp/canary";
const port = 39_517;
const marks = ["CANARY_MARK", "SEC_ANCHOR_MARK"];

/** What stands in the folder's `secret/` and may be seen in no report. */
export const secret = "canary-secret-3f1c9b";

/** What the attacks must not touch: a folder, a port, and processes that outlive their submission. */
export class Canaries {
  #server: Server | undefined;
  #connections = 0;
  /** What lies where the judge works, and where everybody may write. */
  #surroundings = new Map<string, string[]>();

  async plant(): Promise<void> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, "secret"), { recursive: true });
    mkdirSync(join(folder, "grader"));
    writeFileSync(join(folder, "secret", "key"), secret);
    for (const place of [process.cwd(), "/var/tmp", "/"]) this.#surroundings.set(place, readdirSync(place));
    this.#server = createServer((_request, response) => response.end());
    this.#server.on("connection", () => (this.#connections += 1));
    await new Promise<void>((resolve) => this.#server!.listen(port, "127.0.0.1", resolve));
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
      ...survivors().map((pid) => `process ${pid} is still there`),
    ];
  }

  /** Connections to the port and sockets in the folder. */
  get networkUse(): string[] {
    const sockets = this.#entries((entry) => entry.isSocket());
    return [
      ...(this.#connections === 0 ? [] : [`${this.#connections} connections to port ${port}`]),
      ...(sockets === "" ? [] : [`sockets ${sockets}`]),
    ];
  }

  #entries(wanted: (entry: Dirent) => boolean): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(wanted)
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort()
      .join(" ");
  }

  async remove(): Promise<void> {
    await new Promise((resolve) => this.#server!.close(resolve));
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

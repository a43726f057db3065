import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { UserError } from "../../errors.js";

interface Holder {
  pid: number;
  host: string;
  /** When the process started, where there is telling: process ids are used again. */
  started: string;
}

/** A lock that is a file, for processes that would write to the same place. A process that was killed holds it no longer. */
export class FileLock {
  readonly #file: string;
  readonly #text: string;

  /** @throws UserError if another process holds it */
  constructor(file: string) {
    this.#file = file;
    const { pid } = process;
    this.#text = JSON.stringify({ pid, host: hostname(), started: startOf(pid) ?? "" } satisfies Holder);
    for (;;) {
      if (this.#create()) return;
      const text = readLock(file);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder && isAlive(holder)) throw this.#held(holder);
      this.#putAside(text);
    }
  }

  /** Written beside and then linked: nobody sees half a lock. */
  #create(): boolean {
    const own = `${this.#file}.${process.pid}`;
    writeFileSync(own, this.#text);
    try {
      linkSync(own, this.#file);
      return true;
    } catch (error) {
      if (isCode(error, "EEXIST")) return false;
      return createWithoutLink(this.#file, this.#text);
    } finally {
      rmSync(own, { force: true });
    }
  }

  /** Removes a lock that nobody holds; if another process was quicker and holds it anew, gives it back. */
  #putAside(stale: string): void {
    const aside = `${this.#file}.${process.pid}.stale`;
    try {
      renameSync(this.#file, aside);
    } catch {
      return;
    }
    try {
      if (readFileSync(aside, "utf8") !== stale) linkSync(aside, this.#file);
    } catch {
      // A third process has taken it meanwhile.
    } finally {
      rmSync(aside, { force: true });
    }
  }

  #held({ pid, host }: Holder): UserError {
    const elsewhere = host === hostname() ? "" : ` on ${host}`;
    const advice = elsewhere
      ? `if it is gone, delete ${this.#file}`
      : "wait for it, end it, or write into another folder with --out";
    return new UserError(`${this.#file}: process ${pid}${elsewhere} is writing here: ${advice}`);
  }

  release(): void {
    if (readOrNothing(this.#file) === this.#text) rmSync(this.#file, { force: true });
  }
}

/** Some file systems know no links. */
function createWithoutLink(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

/** Undefined if it has just been released. */
function readLock(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, host, started } = JSON.parse(text) as Holder;
    return Number.isInteger(pid) && pid > 0 ? { pid, host, started } : undefined;
  } catch {
    return undefined;
  }
}

/** Of a process on another machine there is no telling; better to ask than to write together. */
function isAlive({ pid, host, started }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, "ESRCH")) return false;
  }
  const start = startOf(pid);
  return start === undefined || started === "" || start === started;
}

/** On Linux: in which boot, and how many ticks after it, a process started. */
function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  const boot = readOrNothing("/proc/sys/kernel/random/boot_id")?.trim();
  // The program's name, in parentheses, may hold anything; the numbers stand behind it.
  const ticks = readOrNothing(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, "")
    .split(" ")[19];
  return boot === undefined || ticks === undefined ? undefined : `${boot} ${ticks}`;
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

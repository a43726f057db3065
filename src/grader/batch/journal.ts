import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { messageOf, UserError } from "../../errors.js";
import type { Verdict } from "../judge.js";
import { FileLock } from "./lock.js";
import { seal, unseal } from "./sealed.js";

/** What a journal is called in the folder of its batch. */
export const journalName = "journal.jsonl";

interface Entry {
  key: string;
  verdict: Verdict;
}

/**
 * The results of a batch, one line of JSON each, on the disk before the next begins: whenever the process is killed, the next run
 * goes on from there. A line carries a hash of itself; one that is cut off or damaged is no result. One process writes at a time.
 */
export class Journal {
  readonly file: string;
  /** Lines in the middle that were damaged. A last line that was cut off is to be expected and is not counted. */
  readonly damagedLines: number = 0;
  readonly #lock: FileLock;
  readonly #fd: number;
  readonly #verdicts = new Map<string, Verdict>();

  /**
   * @param fresh forget what is in there
   * @throws UserError if the file cannot be written, or another process is writing to it
   */
  constructor(file: string, { fresh = false } = {}) {
    this.file = file;
    try {
      mkdirSync(dirname(file), { recursive: true });
      this.#lock = new FileLock(`${file}.lock`);
      this.#fd = openSync(file, "a+");
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`${file}: cannot be written: ${messageOf(error)}`);
    }
    if (fresh) ftruncateSync(this.#fd, 0);
    const bytes = readFileSync(this.#fd);
    // What a killed process began to write; the next line must not be glued to it.
    const whole = bytes.lastIndexOf(0x0a) + 1;
    if (whole < bytes.length) ftruncateSync(this.#fd, whole);
    for (const line of bytes.toString("utf8", 0, whole).split("\n").slice(0, -1)) {
      const entry = unseal(line) as Entry | undefined;
      if (entry) this.#verdicts.set(entry.key, entry.verdict);
      else this.damagedLines++;
    }
    syncFolder(dirname(file));
  }

  get(key: string): Verdict | undefined {
    return this.#verdicts.get(key);
  }

  /** Returns once the result is on the disk. */
  append(key: string, verdict: Verdict): void {
    try {
      writeFileSync(this.#fd, seal({ key, verdict } satisfies Entry) + "\n");
      fsyncSync(this.#fd);
    } catch (error) {
      throw new UserError(
        `${this.file}: cannot be written: ${messageOf(error)}; what is in it is safe: run the command again to go on`,
      );
    }
    this.#verdicts.set(key, verdict);
  }

  close(): void {
    closeSync(this.#fd);
    this.#lock.release();
  }
}

/** A new file's name is on the disk only when its folder is. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, "r");
    fsyncSync(fd);
    closeSync(fd);
  } catch {
    // Windows has no such thing.
  }
}

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, UserError } from "./errors.js";

/**
 * Writes a file whole or not at all: to a temporary file beside it, then renamed over it.
 *
 * @throws UserError if the place cannot be written to; an existing file is then as it was.
 */
export function writeFileAtomic(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new UserError(`${file}: cannot be written: ${messageOf(error)}`);
  }
}

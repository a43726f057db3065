import { existsSync, statSync } from "node:fs";
import { InvalidArgumentError } from "commander";

/** The parser of options whose value names something. An empty one is most often a shell variable that is not set. */
export function notEmpty(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** The parser of options that name a folder to write into, which need not be there yet. */
export function folderToWrite(text: string): string {
  if (existsSync(notEmpty(text)) && !statSync(text).isDirectory())
    throw new InvalidArgumentError("It is a file; name a folder.");
  return text;
}

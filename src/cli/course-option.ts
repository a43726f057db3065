import type { Command } from "commander";
import { notEmpty } from "./arguments.js";

export interface CourseOption {
  course?: string;
}

/** `--course DIR`, the same on every command that works on a course. */
export function courseOption(command: Command): Command {
  return command.option(
    "--course <dir>",
    "the course's folder (default: the one around this folder)",
    notEmpty,
  );
}

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.js";
import { readText } from "./notebook.js";

/** A known answer to one exercise: a wrong one from `mutants/`, or another right one from `alternatives/`. */
export interface KnownAnswer {
  /** Its file's name without the ending, `composite-derivative.adds-slopes`. */
  name: string;
  exercise: string;
  /** What stands in the exercise's cell. */
  source: string;
  /** What a student with this wrong answer is told; from the first line, `// hint: …`. */
  hint: string;
}

/** Reads a folder of known answers, files named `EXERCISE.WHAT.ts`. */
export function knownAnswers(folder: string, exercises: readonly string[]): KnownAnswer[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  return files.sort().map((file) => {
    const [exercise] = file.split(".") as [string];
    const path = join(folder, file);
    if (!exercises.includes(exercise))
      throw new UserError(
        `${path}: the lesson has no exercise ${exercise}; files are named EXERCISE.WHAT.ts`,
      );
    const text = readText(path);
    const hint = /^\/\/ hint:\s*(.+)/.exec(text)?.[1]?.trim() ?? "";
    return {
      name: file.replace(/\.ts$/, ""),
      exercise,
      source: text.replace(/^\/\/ hint:.*\n/, "").trimEnd(),
      hint,
    };
  });
}

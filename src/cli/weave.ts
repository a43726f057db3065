import { basename, join } from "node:path";
import type { Command } from "commander";
import { readLesson, type LessonFiles } from "../course/course.js";
import { wovenFiles, type DerivedFile } from "../course/derive.js";
import { formatNotebook } from "../course/notebook.js";
import { weave } from "../course/weave.js";
import { folderToWrite } from "./arguments.js";
import { courseOption } from "./course-option.js";
import { derive, type DeriveOptions } from "./derive.js";

interface WeaveOptions extends DeriveOptions {
  solution?: string;
}

/** `gradlab weave`: masters to notebooks. */
export function register(program: Command): void {
  courseOption(program.command("weave [lessons...]"))
    .description("derive the students' notebooks from the lessons' masters")
    .option("--check", "change nothing; fail if a notebook is stale")
    .option("--solution <dir>", "write the solved notebooks into this folder instead", folderToWrite)
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab weave\n  gradlab weave 03-chain-rule\n  gradlab weave --check\n  gradlab weave 03 --solution /tmp/solved",
    )
    .action((names: string[], options: WeaveOptions) => {
      const { solution } = options;
      const derived =
        solution === undefined ? wovenFiles : (files: LessonFiles) => [solvedFile(files, solution)];
      derive("weave", names, options, derived);
    });
}

function solvedFile(files: LessonFiles, directory: string): DerivedFile {
  return {
    file: join(directory, basename(files.notebook)),
    text: formatNotebook(weave(readLesson(files), "solution")),
  };
}

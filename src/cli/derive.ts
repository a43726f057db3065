import type { Command } from "commander";
import { basename, join } from "node:path";
import { Course, readLesson, type LessonFiles } from "../course/course.js";
import { isCurrent, tangledFiles, wovenFiles, writeDerived, type DerivedFile } from "../course/derive.js";
import { formatNotebook } from "../course/notebook.js";
import { weave } from "../course/weave.js";
import { UserError } from "../errors.js";
import { courseOption, type CourseOption } from "./course-option.js";

interface DeriveOptions extends CourseOption {
  check?: boolean;
}

/** `gradlab weave` and `gradlab tangle`. */
export function registerDeriveCommands(program: Command): void {
  courseOption(program.command("weave [lesson...]"))
    .description("derive the students' notebooks from the lessons' masters")
    .option("--check", "change nothing; fail if a notebook is stale")
    .option("--solution <dir>", "write the solved notebooks into this folder instead")
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab weave\n  gradlab weave 03-chain-rule\n  gradlab weave --check\n  gradlab weave 03 --solution /tmp/solved",
    )
    .action((names: string[], options: DeriveOptions & { solution?: string }) => {
      const { solution } = options;
      if (solution === undefined) derive(names, options, "weave", wovenFiles);
      else derive(names, options, "weave", (files) => [solvedFile(files, solution)]);
    });
  courseOption(program.command("tangle [lesson...]"))
    .description("derive the lessons' modules and manifests from their masters")
    .option("--check", "change nothing; fail if a module is stale")
    .addHelpText("after", "\nExamples:\n  gradlab tangle\n  gradlab tangle 03-chain-rule --check")
    .action((names: string[], options: DeriveOptions) => derive(names, options, "tangle", tangledFiles));
}

function solvedFile(files: LessonFiles, directory: string): DerivedFile {
  return {
    file: join(directory, basename(files.notebook)),
    text: formatNotebook(weave(readLesson(files), "solution")),
  };
}

function derive(
  names: string[],
  { course: root, check }: DeriveOptions,
  command: string,
  derived: (files: LessonFiles) => DerivedFile[],
): void {
  const course = root === undefined ? Course.around() : new Course(root);
  const lessons =
    names.length > 0
      ? names.map((name) => course.find(name))
      : course.lessonNames.map((name) => course.files(name));
  // All masters are parsed before anything is written.
  const files = lessons.flatMap(derived);
  if (check) {
    const stale = files.filter((file) => !isCurrent(file)).map(({ file }) => course.show(file));
    if (stale.length > 0)
      throw new UserError(`stale: ${stale.join(", ")}\nmake them anew with: gradlab ${command}`);
    console.log(`${files.length} files are current`);
    return;
  }
  const written = writeDerived(files);
  for (const file of written) console.log(`wrote ${course.show(file)}`);
  if (written.length === 0) console.log(`${files.length} files are current`);
}

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { InvalidArgumentError, Option, type Command } from "commander";
import pc from "picocolors";
import yazl from "yazl";
import { checkExercises } from "../course/config.js";
import { Course, type LessonFiles } from "../course/course.js";
import { githubActionsFiles } from "../course/release/github-actions.js";
import { gradescopeFiles } from "../course/release/gradescope.js";
import { packGradlab } from "../course/release/packed-package.js";
import { studentEdition, type ReleaseFile } from "../course/release/student-edition.js";
import { UserError } from "../errors.js";
import { writeFileAtomic } from "../write-file.js";
import { folderToWrite } from "./arguments.js";
import { courseOption, type CourseOption } from "./course-option.js";

interface ReleaseOptions extends CourseOption {
  out: string;
  target: "students" | "github-actions" | "gradescope";
  node?: string;
}

/** `gradlab release`: what students get, and autograders for places where courses live. */
export function register(program: Command): void {
  courseOption(program.command("release [lessons...]"))
    .description("write the student edition of the course (no solutions, no hidden tests), or an autograder")
    .requiredOption("--out <dir>", "the folder to write to", folderToWrite)
    .addOption(
      new Option(
        "--target <where>",
        "students; github-actions: with a workflow; gradescope: an autograder zip per lesson",
      )
        .choices(["students", "github-actions", "gradescope"])
        .default("students"),
    )
    .option(
      "--node <archive>",
      "gradescope: put this archive of Node for Linux into the zip, too",
      nodeArchive,
    )
    .addHelpText(
      "after",
      "\nExamples:\n  gradlab release --out student-edition\n  gradlab release --target github-actions --out student-edition\n  gradlab release 03-chain-rule --target gradescope --out autograders",
    )
    .action(runRelease);
}

/** What the zip's setup.sh can unpack. */
function nodeArchive(file: string): string {
  if (!existsSync(file)) throw new InvalidArgumentError("There is no such file.");
  if (!statSync(file).isFile() || !/\.tar\.[gx]z$/.test(file))
    throw new InvalidArgumentError("Expected an archive of Node as nodejs.org has it: a .tar.gz or .tar.xz.");
  return file;
}

async function runRelease(
  names: string[],
  { course: root, out, target, node }: ReleaseOptions,
): Promise<void> {
  const course = root === undefined ? Course.around() : new Course(root);
  const lessons = course.select(names);
  checkExercises(course);
  if (target === "gradescope") return writeAutograders(course, lessons, out, node);
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new UserError(`${out}: is not empty; a release is written into a new folder`);
  const files = [
    ...studentEdition(course, lessons, packGradlab()),
    ...(target === "github-actions" ? githubActionsFiles() : []),
  ];
  for (const { path, content } of files) writeFileAtomic(join(out, path), content);
  console.log(`${pc.green("wrote")} ${out}: ${lessons.length} lessons, ${files.length} files`);
}

async function writeAutograders(
  course: Course,
  lessons: readonly LessonFiles[],
  out: string,
  node: string | undefined,
): Promise<void> {
  const packed = packGradlab();
  for (const lesson of lessons) {
    const bytes = await zipOf(await gradescopeFiles(course, lesson, packed, node));
    const file = join(out, `${lesson.name}-gradescope.zip`);
    writeFileAtomic(file, bytes);
    console.log(`${pc.green("wrote")} ${file} (${(bytes.length / 1e6).toFixed(1)} MB)`);
  }
}

function zipOf(files: readonly ReleaseFile[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const { path, content, executable = false } of files)
    zip.addBuffer(Buffer.from(content), path, { mode: executable ? 0o100755 : 0o100644 });
  zip.end();
  return buffer(zip.outputStream);
}

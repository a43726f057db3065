import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { UserError } from "../../errors.js";
import { version } from "../../package.js";
import { configFile, readSettings } from "../config.js";
import { exerciseNames, readManifest, readLesson, type Course, type LessonFiles } from "../course.js";
import { tangledFiles, wovenFiles, type DerivedFile } from "../derive.js";
import { leaks } from "../leaks.js";
import { readText } from "../notebook.js";
import type { PackedFile } from "./packed-package.js";

/** A file of a release, by its path in there. */
export interface ReleaseFile {
  path: string;
  content: string | Buffer;
  executable?: boolean;
}

/**
 * What students get: notebooks, stubs, public tests and hints, and gradlab itself as a package to install. Notebooks and stubs are derived
 * from the masters, so that an answer tried out in one does not go along.
 *
 * @throws UserError if a file gives a solution away.
 */
export function studentEdition(
  course: Course,
  lessons: readonly LessonFiles[],
  packed: PackedFile,
): ReleaseFile[] {
  const files = lessons.flatMap((lesson) => lessonFiles(course, lesson));
  const titles = lessons.map(
    (lesson) => `- \`notebooks/${lesson.name}.ipynb\`: ${readManifest(lesson).title}`,
  );
  return [
    ...files.map(({ file, text }) => ({ path: portable(relative(course.root, file)), content: text })),
    ...configuration(course, lessons),
    { path: packed.name, content: packed.bytes },
    { path: "package.json", content: packageJson(packed.name) },
    { path: "README.md", content: readme(titles) },
    { path: ".gitignore", content: "node_modules/\n.ipynb_checkpoints/\nresults/\n" },
  ];
}

/**
 * What the course's configuration says of these lessons, without its comments, which are for its instructors. With other limits a grader would come
 * to other results.
 */
export function configuration(course: Course, lessons: readonly LessonFiles[]): ReleaseFile[] {
  const { exercises = {}, ...settings } = readSettings(course.root);
  const released = lessons.flatMap((lesson) => exerciseNames(readManifest(lesson)));
  const own = Object.entries(exercises).filter(([name]) => released.includes(name));
  const content = { ...settings, ...(own.length > 0 && { exercises: Object.fromEntries(own) }) };
  return Object.keys(content).length > 0 ? [{ path: configFile, content: stringify(content) }] : [];
}

/** The files of one lesson that students may have, as they must be. */
export function lessonFiles(course: Course, files: LessonFiles): DerivedFile[] {
  const given = [files.publicTests, files.hints].filter((file) => existsSync(file));
  const copies = given.map((file) => ({ file, text: readText(file) }));
  if (!existsSync(files.master)) {
    const derived = [files.notebook, files.submission, files.manifest].filter((file) => existsSync(file));
    return [...derived.map((file) => ({ file, text: readText(file) })), ...copies];
  }
  const secret = join(course.root, "solutions");
  const derived = [...wovenFiles(files), ...tangledFiles(files)].filter(({ file }) =>
    relative(secret, file).startsWith(".."),
  );
  const all = [...derived, ...copies];
  const leak = leaks(readLesson(files), derived)[0];
  if (leak !== undefined) throw new UserError(`not released: ${leak}`);
  return all;
}

function packageJson(tarball: string): string {
  const content = {
    name: "gradlab-course",
    private: true,
    type: "module",
    scripts: { check: "gradlab check" },
    dependencies: { gradlab: `file:${tarball}` },
  };
  return JSON.stringify(content, null, 2) + "\n";
}

function readme(lessons: readonly string[]): string {
  return `# Your course

Notebooks that check your work, made with gradlab ${version}. Node 20.19 or newer is all they need:

    npm install
    npx gradlab kernel install --user

Then open a notebook in Jupyter or VS Code with the kernel *TypeScript (gradlab)*; a check stands below each exercise. Without Jupyter,
write your answers into \`exercises/LESSON/submission.ts\` and run \`npx gradlab check LESSON\`.

${lessons.join("\n")}
`;
}

export function portable(path: string): string {
  return path.replaceAll("\\", "/");
}

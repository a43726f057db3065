import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { UserError } from "../errors.js";
import { packageRoot } from "../package.js";
import { isObject, readDerivedJson } from "./derived-json.js";
import { parseLesson, type Lesson } from "./lesson.js";
import { readText } from "./notebook.js";
import type { LessonManifest } from "./tangle.js";

/** The files of one lesson. What only instructors have may be absent. */
export interface LessonFiles {
  name: string;
  master: string;
  notebook: string;
  manifest: string;
  submission: string;
  solution: string;
  publicTests: string;
  hiddenTests: string;
  hints: string;
  mutants: string;
  alternatives: string;
  /** Which sample submissions to weave, and the folder for them. */
  samplesList: string;
  samples: string;
}

/** A directory with `exercises/` and, for instructors, `solutions/`. */
export class Course {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
    if (!isCourse(this.root))
      throw new UserError(`${root}: not a course: it has neither exercises/ nor solutions/`);
  }

  /** The course around a directory, or else the one that this package brings. */
  static around(directory = process.cwd()): Course {
    for (let at = resolve(directory); ; at = dirname(at)) {
      if (isCourse(at)) return new Course(at);
      if (at === dirname(at)) return new Course(packageRoot);
    }
  }

  /** Names of the lessons, in order. */
  get lessonNames(): string[] {
    return lessonFolders(this.root);
  }

  /** A lesson by its name, its number (`03`) or its topic (`chain-rule`). */
  find(query: string): LessonFiles {
    const names = this.lessonNames;
    const name = names.find(
      (name) => name === query || name.startsWith(`${query}-`) || name.replace(/^\d+-/, "") === query,
    );
    if (name === undefined)
      throw new UserError(`no lesson ${query} in ${this.root}; there are: ${names.join(", ") || "none"}`);
    return this.files(name);
  }

  /** The lessons named, or all. */
  select(queries: readonly string[]): LessonFiles[] {
    return queries.length > 0
      ? queries.map((query) => this.find(query))
      : this.lessonNames.map((name) => this.files(name));
  }

  files(name: string): LessonFiles {
    const topic = name.replace(/^\d+-/, "");
    const exercises = join(this.root, "exercises", name);
    const solutions = join(this.root, "solutions", name);
    return {
      name,
      master: join(solutions, "lesson.md"),
      notebook: join(this.root, "notebooks", `${name}.ipynb`),
      manifest: join(exercises, "lesson.json"),
      submission: join(exercises, "submission.ts"),
      solution: join(solutions, "solution.ts"),
      publicTests: join(exercises, `${topic}.test.ts`),
      hiddenTests: join(solutions, "hidden.test.ts"),
      hints: join(exercises, "hints.json"),
      mutants: join(solutions, "mutants"),
      alternatives: join(solutions, "alternatives"),
      samplesList: join(solutions, "samples.yaml"),
      samples: join(solutions, "samples"),
    };
  }

  /** Names of all lessons' exercises: from the masters, where there are any. */
  get exerciseNames(): string[] {
    return this.select([]).flatMap((files) =>
      exerciseNames(existsSync(files.master) ? readLesson(files) : readManifest(files)),
    );
  }

  /** The manifest of the lesson that has an exercise of this name. */
  withExercise(exercise: string): LessonFiles {
    const files = this.lessonNames
      .map((name) => this.files(name))
      .filter(({ manifest }) => existsSync(manifest));
    const names = new Map(
      files.flatMap((file) =>
        exerciseNames(readManifest(file)).map((name): [string, LessonFiles] => [name, file]),
      ),
    );
    const found = names.get(exercise);
    if (!found)
      throw new UserError(
        `no exercise ${JSON.stringify(exercise)} in this course; there are: ${[...names.keys()].join(", ")}`,
      );
    return found;
  }

  /** A path as messages show it. */
  show(file: string): string {
    return relative(this.root, file) || ".";
  }
}

function isCourse(directory: string): boolean {
  return lessonFolders(directory).length > 0;
}

/** Folders that hold a master or what was derived from one. */
function lessonFolders(root: string): string[] {
  const masters = directoriesIn(join(root, "solutions")).filter((name) =>
    existsSync(join(root, "solutions", name, "lesson.md")),
  );
  const derived = directoriesIn(join(root, "exercises")).filter((name) =>
    existsSync(join(root, "exercises", name, "lesson.json")),
  );
  return [...new Set([...masters, ...derived])].sort();
}

function directoriesIn(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
}

export function readLesson(files: LessonFiles): Lesson {
  return parseLesson(files.name, readText(files.master));
}

export function readManifest(files: LessonFiles): LessonManifest {
  return readDerivedJson(files.manifest, {
    shown: `exercises/${files.name}/lesson.json`,
    expected: "the texts lesson and title and the lists cells, imports and written",
    isSound: isManifest,
    cure: `gradlab tangle ${files.name}`,
  });
}

function isManifest(value: unknown): value is LessonManifest {
  return (
    isObject(value) &&
    [value["lesson"], value["title"]].every((text) => typeof text === "string") &&
    [value["cells"], value["imports"], value["written"]].every(Array.isArray)
  );
}

export function exerciseNames({ cells }: LessonManifest | Lesson): string[] {
  return cells.flatMap((cell) => (cell.kind === "exercise" ? [cell.name] : []));
}

import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Assembled } from "../../course/assemble.js";
import { readConfig } from "../../course/config.js";
import { exerciseNames, readManifest, type LessonFiles } from "../../course/course.js";
import { readText } from "../../course/notebook.js";
import { ts } from "../../course/typescript.js";
import { version } from "../../package.js";
import type { Job } from "../judge.js";
import type { Tier } from "../results.js";
import { sha256 } from "./sealed.js";

/** What a submission is graded with: two machines that agree on these give the same scores. */
export interface Terms {
  graderVersion: string;
  /** Of a lesson's tests, manifest and hints and of its exercises' limits. */
  testsHash: string;
}

/** The terms of a course's lessons, each worked out once. */
export class CourseTerms {
  readonly #courseRoot: string;
  readonly #known = new Map<string, Terms>();

  constructor(courseRoot: string) {
    this.#courseRoot = courseRoot;
  }

  /** @throws UserError if a file of the lesson or the course's configuration cannot be read */
  of(files: LessonFiles): Terms {
    const known = this.#known.get(files.name);
    if (known) return known;
    const terms = { graderVersion: version, testsHash: hashTests(this.#courseRoot, files) };
    this.#known.set(files.name, terms);
    return terms;
  }
}

/**
 * The name of a result: a hash of all that decides it, the submission's code among it but not its file's name. Equal submissions have
 * equal keys.
 */
export function contentKey(job: Job, { graderVersion, testsHash }: Terms, tier: Tier): string {
  const { manifest, submission, hidden, exercise = null, seed } = job;
  const lesson = manifest.lesson;
  return sha256(
    JSON.stringify({
      graderVersion,
      testsHash,
      tier,
      lesson,
      seed,
      hidden,
      exercise,
      ...content(submission),
    }),
  );
}

/** What of a submission reaches its tests: not the notes, which say where in the file its cells stand. */
export function content({ source, spans, exercises }: Assembled) {
  return { source, spans, exercises: [...exercises] };
}

function hashTests(courseRoot: string, files: LessonFiles): string {
  const tests = [files.publicTests, files.hiddenTests].filter((file) => existsSync(file));
  const others = [files.manifest, files.hints].filter((file) => existsSync(file));
  const config = readConfig(courseRoot);
  const limits = exerciseNames(readManifest(files)).map((name) => [name, config.limitsOf(name)]);
  const texts = [...tests.flatMap((file) => withImports(file)), ...others.map(portableText)];
  return sha256(JSON.stringify([limits, ...texts.map(sha256)]));
}

/** A test file and the files of the course that it imports, directly or not. */
function withImports(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = portableText(file);
  const imported = ts.preProcessFile(text).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith(".")) return [];
    const path = resolve(dirname(file), fileName);
    return (
      [path, path.replace(/\.js$/, ".ts"), `${path}.ts`].find((candidate) => existsSync(candidate)) ?? []
    );
  });
  return [text, ...imported.flatMap((path) => withImports(path, seen))];
}

/** Git writes other line ends on Windows; that makes no other tests. */
function portableText(file: string): string {
  return readText(file).replaceAll("\r\n", "\n");
}

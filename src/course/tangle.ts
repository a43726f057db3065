import { analyzeCell, tagLine } from "./cells.js";
import { tangleModule, type Module } from "./module.js";
import type { Lesson } from "./lesson.js";
import { answersOf, type Edition } from "./weave.js";

/**
 * What the checks and the grader need to know of a lesson: the file `exercises/NN-topic/lesson.json`. It is derived from
 * the master, holds no solutions, and goes to students.
 */
export interface LessonManifest {
  lesson: string;
  title: string;
  cells: ManifestCell[];
  /** Sources of the plain code cells that import something. */
  imports: string[];
  written: { name: string; points: number }[];
}

export type ManifestCell = ManifestShared | ManifestExercise;
export interface ManifestShared {
  kind: "shared";
  name: string;
  source: string;
}
export interface ManifestExercise {
  kind: "exercise";
  name: string;
  points: number;
  forbid: string[];
  /** What an answer must declare. */
  exports: string[];
  /** The stub as the student gets it, tag line included. */
  source: string;
}

export function manifestOf(lesson: Lesson): LessonManifest {
  const code = lesson.cells.filter((cell) => cell.kind === "code");
  return {
    lesson: lesson.name,
    title: lesson.title,
    cells: moduleCells(lesson, "student"),
    imports: code.flatMap(({ source }) => importsOf(source)),
    written: lesson.cells.flatMap((cell) =>
      cell.kind === "written" ? [{ name: cell.name, points: cell.points }] : [],
    ),
  };
}

/** The module of a lesson: the student's stubs (`submission.ts`) or the reference answers (`solution.ts`). */
export function tangle(lesson: Lesson, edition: Edition): Module {
  const { imports } = manifestOf(lesson);
  const file = edition === "student" ? "your answers" : "the reference answers";
  return tangleModule(
    `${lesson.title} – ${file}. Derived from solutions/${lesson.name}/lesson.md by gradlab tangle.`,
    moduleCells(lesson, edition).map(({ kind, name, source }) => ({ tag: { kind, name }, source })),
    imports,
  );
}

function moduleCells(lesson: Lesson, edition: Edition): ManifestCell[] {
  return lesson.cells.flatMap((cell): ManifestCell[] => {
    if (cell.kind === "shared")
      return [{ kind: "shared", name: cell.name, source: `${tagLine(cell)}\n${cell.source}` }];
    if (cell.kind !== "exercise") return [];
    const { kind, name, points, forbid, line } = cell;
    const source = `${tagLine(cell)}\n${answersOf[edition](cell, `solutions/${lesson.name}/lesson.md:${line}`)}`;
    return [{ kind, name, points, forbid, exports: analyzeCell(source).values, source }];
  });
}

function importsOf(source: string): string[] {
  return analyzeCell(source).importSpans.map(([start, end]) => source.slice(start, end));
}

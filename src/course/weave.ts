import type { ExerciseCell, Lesson, LessonCell } from "./lesson.js";
import { tagLine } from "./cells.js";
import type { Notebook, NotebookCell } from "./notebook.js";
import { solutionOf, splitWritten, stubOf } from "./solution-regions.js";

/** Whose notebook: the student's, with stubs; or the solved one. */
export type Edition = "student" | "solution";

/** What stands in an exercise's cell; `where` is its place in the master, for messages. */
export type Answers = (exercise: ExerciseCell, where: string) => string;

export const answersOf: Record<Edition, Answers> = {
  student: ({ source, name }, where) => stubOf(source, name, where),
  solution: ({ source, name }, where) => solutionOf(source, name, where),
};

const locked = { editable: false, deletable: false };

/**
 * Derives a lesson's notebook from its master. Prose and checks are locked, exercises are not, and a check follows
 * each exercise. The same master always gives the same bytes.
 *
 * @param answers what to put into the exercises' cells, if not the edition's stubs or solutions
 */
export function weave(
  lesson: Lesson,
  edition: Edition = "student",
  answers: Answers = answersOf[edition],
): Notebook {
  const nextId = idMaker();
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "gradlab", display_name: "TypeScript (gradlab)", language: "typescript" },
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
      gradlab: { lesson: lesson.name },
      title: lesson.title,
    },
    cells: lesson.cells.flatMap((cell) => weaveCell(lesson, cell, edition, answers, nextId)),
  };
}

function weaveCell(
  lesson: Lesson,
  cell: LessonCell,
  edition: Edition,
  answers: Answers,
  nextId: IdMaker,
): NotebookCell[] {
  const where = `solutions/${lesson.name}/lesson.md:${cell.line}`;
  switch (cell.kind) {
    case "markdown":
      return [markdown(nextId(headingOf(cell.source)), cell.source, locked)];
    case "written": {
      const { question, markScheme } = splitWritten(cell.source, where);
      return [
        markdown(nextId(cell.name), question, locked),
        markdown(nextId(`answer-${cell.name}`), edition === "solution" ? markScheme : "*Your answer:*", {
          deletable: false,
        }),
      ];
    }
    case "code":
      if (cell.figure === undefined) return [code(nextId(), cell.source, {})];
      return [code(nextId(`figure-${cell.figure}`), cell.source, { tags: ["figure"] })];
    case "shared":
      return [
        code(nextId(`shared-${cell.name}`), `${tagLine(cell)}\n${cell.source}`, {
          ...locked,
          tags: ["shared"],
        }),
      ];
    case "exercise": {
      const text = answers(cell, where);
      return [
        code(nextId(`exercise-${cell.name}`), `${tagLine(cell)}\n${text}`, {
          deletable: false,
          tags: ["exercise"],
        }),
        code(nextId(`check-${cell.name}`), `await check("${cell.name}")`, { ...locked, tags: ["check"] }),
      ];
    }
  }
}

function markdown(id: string, source: string, metadata: Record<string, unknown>): NotebookCell {
  return { cell_type: "markdown", id, metadata, source };
}

function code(id: string, source: string, metadata: Record<string, unknown>): NotebookCell {
  return { cell_type: "code", id, metadata, source, outputs: [], execution_count: null };
}

type IdMaker = (base?: string) => string;

/**
 * Cell ids that survive edits elsewhere: a cell without a name of its own is numbered within its section,
 * so that only the ids of its later neighbours in that section move when one is added.
 */
function idMaker(): IdMaker {
  let section = "start";
  const used = new Map<string, number>();
  return (base) => {
    if (base !== undefined) section = base;
    const stem = (base ?? `${section}-part`).slice(0, 58).replace(/-+$/, "");
    const count = (used.get(stem) ?? 0) + 1;
    used.set(stem, count);
    return count === 1 ? stem : `${stem}--${count}`;
  };
}

/** The first heading of a piece of prose as an id, if it has one. */
function headingOf(source: string): string | undefined {
  const heading = /^#{1,6}\s+(.+)$/m.exec(source)?.[1];
  const slug = heading
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return slug || undefined;
}

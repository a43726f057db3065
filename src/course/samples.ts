import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.js";
import { exerciseNames, type LessonFiles } from "./course.js";
import type { DerivedFile } from "./derive.js";
import { knownAnswers } from "./known-answers.js";
import type { Lesson } from "./lesson.js";
import { formatNotebook, readText } from "./notebook.js";
import { answersOf, weave, type Answers } from "./weave.js";
import { parseYaml } from "./yaml.js";

/** One sample of `samples.yaml`: exercises that are solved, and known wrong answers by name. The rest is not started. */
interface Sample {
  solved?: string[];
  mutants?: string[];
}

/** Sample submissions for trying the grader, woven from the master so that they never go stale. */
export function sampleFiles(files: LessonFiles, lesson: Lesson): DerivedFile[] {
  if (!existsSync(files.samplesList)) return [];
  const samples = parseYaml(readText(files.samplesList), files.samplesList) as Record<string, Sample>;
  const exercises = exerciseNames(lesson);
  const mutants = knownAnswers(files.mutants, exercises);
  return Object.entries(samples).map(([name, { solved = [], mutants: wrong = [] }]) => {
    const unknown = [
      ...solved.filter((s) => !exercises.includes(s)),
      ...wrong.filter((w) => !mutants.some((m) => m.name === w)),
    ];
    if (unknown.length > 0)
      throw new UserError(`${files.samplesList}: ${name}: there is no ${unknown.join(", ")}`);
    const answers: Answers = (exercise, where) => {
      const mutant = mutants.find(
        (candidate) => candidate.exercise === exercise.name && wrong.includes(candidate.name),
      );
      return (
        mutant?.source ?? answersOf[solved.includes(exercise.name) ? "solution" : "student"](exercise, where)
      );
    };
    return {
      file: join(files.samples, `${name}.ipynb`),
      text: formatNotebook(weave(lesson, "student", answers)),
    };
  });
}

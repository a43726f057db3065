import type { ExerciseResult } from "../results.js";
import type { StudentResults } from "./by-student.js";
import { isGraded } from "./class-overview.js";
import { points } from "./numbers.js";
import { exerciseMessage, studentNotes, testViews, ungradedMessage } from "./student-view.js";

/** What PrairieLearn reads from an external grader (https://prairielearn.readthedocs.io/en/latest/externalGrading/). */
export interface PrairieLearnResults {
  gradable: boolean;
  /** From 0 to 1. */
  score: number;
  output: string;
  format_errors?: string[];
  tests: PrairieLearnTest[];
}

interface PrairieLearnTest {
  name: string;
  points: number;
  max_points: number;
  message: string;
  output: string;
}

/** PrairieLearn refuses larger results. */
const maxBytes = 1_000_000;

/** One student's results. A submission that cannot be graded is not gradable there, which does not cost the student an attempt. */
export function prairieLearnResults({ submissions }: StudentResults): PrairieLearnResults {
  const graded = submissions.filter(isGraded);
  const problems = submissions.filter((submission) => !isGraded(submission));
  const maxScore = graded.reduce((total, submission) => total + submission.maxScore, 0);
  const score = graded.reduce((total, submission) => total + submission.score, 0);
  const results: PrairieLearnResults = {
    gradable: graded.length > 0,
    score: maxScore > 0 ? Math.min(1, score / maxScore) : 0,
    output: graded.flatMap(studentNotes).join("\n"),
    ...(problems.length > 0 && {
      format_errors: problems.map(ungradedMessage),
    }),
    tests: graded.flatMap(({ exercises }) => exercises.flatMap(testsOf)),
  };
  if (Buffer.byteLength(JSON.stringify(results)) <= maxBytes) return results;
  const brief = results.tests.map((test) => ({ ...test, message: "", output: "" }));
  return { ...results, output: "too long to be shown", tests: brief };
}

function testsOf(exercise: ExerciseResult): PrairieLearnTest[] {
  const { name, points: worth, tests } = exercise;
  const each = worth / Math.max(1, tests.length);
  const message = exerciseMessage(exercise);
  return testViews(exercise).map((view) => ({
    name: `${name}: ${view.name}`,
    points: view.status === "passed" ? Number(points(each)) : 0,
    max_points: Number(points(each)),
    message: view.status === "passed" ? "" : message,
    output: view.detail,
  }));
}

import type { ExerciseResult, SubmissionResult, Tier } from "../results.js";
import type { StudentResults } from "./by-student.js";
import { isGraded } from "./class-overview.js";
import { inPoints, points } from "./numbers.js";
import { exerciseMessage, studentNotes, testViews } from "./student-view.js";

/** What Gradescope reads from `results.json` (https://gradescope-autograders.readthedocs.io/en/latest/specs/). */
export interface GradescopeResults {
  score: number;
  output: string;
  output_format: "text";
  test_output_format: "text";
  test_name_format: "text";
  visibility: "visible";
  stdout_visibility: "hidden";
  extra_data: Record<string, unknown>;
  tests: GradescopeTest[];
}

interface GradescopeTest {
  name: string;
  number: string;
  score: number;
  max_score: number;
  status: "passed" | "failed";
  output: string;
  visibility: "visible";
}

/**
 * One student's results. All text is plain text there: nothing in it is rendered. No times: a submission can take as long as to tell what hidden tests
 * called it with.
 */
export function gradescopeResults(
  { submissions }: StudentResults,
  tier: Tier,
  graderVersion: string,
): GradescopeResults {
  const exercises = submissions.flatMap((submission) => submission.exercises);
  return {
    score: round(sum(submissions.map(({ score }) => score))),
    output: [...submissions.map(summary), `gradlab ${graderVersion}, isolation: ${tier}`].join("\n\n"),
    output_format: "text",
    test_output_format: "text",
    test_name_format: "text",
    visibility: "visible",
    stdout_visibility: "hidden",
    extra_data: { graderVersion, tier, outcomes: submissions.map(({ outcome }) => outcome) },
    tests: exercises.flatMap((exercise, i) => testsOf(exercise, i + 1)),
  };
}

function summary(submission: SubmissionResult): string {
  const { lesson, score, maxScore, written = [] } = submission;
  return [
    isGraded(submission)
      ? `${lesson}: ${points(score)} of ${inPoints(maxScore)}`
      : "Not graded. This is not a zero: ask your instructor to have it graded again, or hand in a file that can be read.",
    ...studentNotes(submission),
    ...written.map(({ name, points: worth }) => `${name}: to be graded by hand, ${inPoints(worth)}`),
  ].join("\n");
}

function testsOf(exercise: ExerciseResult, number: number): GradescopeTest[] {
  const { name, points: worth, tests } = exercise;
  const message = exerciseMessage(exercise);
  const common = { visibility: "visible" } as const;
  if (tests.length === 0)
    return [
      { name, number: `${number}`, score: 0, max_score: worth, status: "failed", output: message, ...common },
    ];
  const each = worth / tests.length;
  return testViews(exercise).map((view, i) => ({
    name: `${name}: ${view.name}`,
    number: `${number}.${i + 1}`,
    score: view.status === "passed" ? round(each) : 0,
    max_score: round(each),
    status: view.status === "passed" ? "passed" : "failed",
    output: view.status === "passed" ? "" : [view.detail, message].filter(Boolean).join("\n"),
    ...common,
  }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

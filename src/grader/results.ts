/** The object that `gradlab grade --json` prints, and what all other reports are made from. */
export interface GradeReport {
  graderVersion: string;
  /** How the submissions were isolated. */
  tier: Tier;
  submissions: SubmissionResult[];
}

export type Tier = "sandbox" | "process" | "none";
/** From good to bad: the outcome of a submission is the worst of its exercises'. */
export const outcomes = [
  "graded",
  "flagged",
  "output-limit",
  "oom",
  "timeout",
  "error",
  "infrastructure",
] as const;
export type Outcome = (typeof outcomes)[number];
export type TestStatus = "passed" | "failed" | "error" | "timeout" | "skipped";

export interface SubmissionResult {
  file: string;
  student: string;
  lesson: string;
  outcome: Outcome;
  score: number;
  maxScore: number;
  durationMs: number;
  /** What an instructor should look at: missing and duplicate exercises, forbidden imports. */
  flags: string[];
  exercises: ExerciseResult[];
}

export interface ExerciseResult {
  name: string;
  points: number;
  score: number;
  outcome: Outcome;
  /** Why there is nothing to test (missing, not started, syntax error), or the hint that fits the mistake. */
  message: string;
  tests: TestResult[];
}

export interface TestResult {
  name: string;
  hidden: boolean;
  status: TestStatus;
  message: string;
  durationMs: number;
  /** For failed comparisons of numbers, as text. */
  comparison?: ComparisonResult;
}

export interface ComparisonResult {
  expected: string;
  received: string;
  relativeError: string;
  worstIndex: string;
}

export function worst(all: readonly Outcome[]): Outcome {
  return all.reduce((a, b) => (outcomes.indexOf(b) > outcomes.indexOf(a) ? b : a), "graded");
}

import { basename } from "node:path";
import { printable } from "../printable.js";
import type {
  ComparisonResult,
  ExerciseResult,
  SubmissionResult,
  TestResult,
  TestStatus,
} from "../results.js";

/** A test as its student may see it. */
export interface TestView {
  name: string;
  status: TestStatus;
  /** What was wrong, in one line; empty if it passed. */
  detail: string;
}

/**
 * The tests of an exercise as all reports for students show them. Of public tests everything. Of hidden tests neither the name nor any value
 * nor any message, for a submission can throw what it was called with: only how the test ended and, where numbers were compared,
 * the magnitude of the expected one, the relative error and the place.
 */
export function testViews({ tests }: ExerciseResult): TestView[] {
  let hidden = 0;
  return tests.map((test) =>
    test.hidden
      ? { name: `hidden test ${++hidden}`, status: test.status, detail: hiddenDetail(test) }
      : { name: printable(test.name), status: test.status, detail: publicDetail(test) },
  );
}

/** What stands beside an exercise: the hint, or why there was nothing to test. */
export function exerciseMessage({ outcome, message }: ExerciseResult): string {
  if (outcome === "infrastructure")
    return "This could not be graded, because of a fault outside your work. It has to be graded again.";
  return printable(message);
}

/** What students are told of a submission as a whole. Where files lie on the grader's machine is not theirs to know. */
export function studentNotes({ file, flags, superseded = [] }: SubmissionResult): string[] {
  return [
    ...flags.map((flag) => flag.replaceAll(file, basename(file))),
    ...superseded.map((other) => `${basename(other)} is an older file of yours and does not count`),
  ].map(printable);
}

/** Why a submission is not graded, for its student. */
export function ungradedMessage(submission: SubmissionResult): string {
  const fault = faultOf(submission);
  return fault ? exerciseMessage(fault) : studentNotes(submission).join("; ") || submission.outcome;
}

/** The same for instructors: with the file, and with what the grader itself had to say. */
export function whyUngraded(submission: SubmissionResult): string {
  const { file, flags } = submission;
  const fault = faultOf(submission);
  return printable(fault ? `${file}: ${fault.message}` : flags.join("; ") || file);
}

function faultOf({ exercises }: SubmissionResult): ExerciseResult | undefined {
  return exercises.find(({ outcome }) => outcome === "infrastructure");
}

/** A failed test in words, with all that is known: for public tests, and for instructors. */
export function publicDetail({ status, message, comparison }: TestResult): string {
  if (status === "passed") return "";
  return printable(comparison ? comparisonInWords(comparison) : message);
}

function comparisonInWords({ expected, received, relativeError, worstIndex }: ComparisonResult): string {
  return `expected ${expected}, received ${received}, relative error ${relativeError}${at(worstIndex)}`;
}

const hiddenEndings: Record<TestStatus, string> = {
  passed: "",
  failed: "not the expected result",
  error: "your code ended with an error",
  timeout: "your code ran out of time",
  skipped: "not run",
};

function hiddenDetail({ status, comparison }: TestResult): string {
  if (status !== "failed" || comparison === undefined) return hiddenEndings[status];
  const { expected, relativeError, worstIndex } = comparison;
  return `expected a number ${magnitude(expected)}, relative error ${relativeError}${at(worstIndex)}`;
}

function at(worstIndex: string): string {
  return worstIndex === "" ? "" : `, at ${worstIndex}`;
}

/** `of the order of 1e-3` */
function magnitude(number: string): string {
  const value = Math.abs(Number(number));
  if (value === 0) return "equal to 0";
  return Number.isFinite(value) ? `of the order of 1e${Math.floor(Math.log10(value))}` : "that is not finite";
}

import pc from "picocolors";
import { printable } from "./printable.js";
import type { ExerciseResult, GradeReport, SubmissionResult, TestResult } from "./results.js";

/** The report as a terminal shows it. Colours appear on a TTY only. */
export function reportText({ submissions, tier }: GradeReport): string {
  return [...submissions.map(submissionText), pc.dim(`isolation: ${tier}`)].join("\n");
}

export function submissionText({
  student,
  file,
  lesson,
  outcome,
  score,
  maxScore,
  exercises,
  flags,
}: SubmissionResult): string {
  const title = `${pc.bold(printable(student))}  ${lesson}  ${points(score)} of ${points(maxScore)} points`;
  return [
    outcome === "graded" ? title : `${title}  ${pc.yellow(outcome)}`,
    pc.dim(`  ${printable(file)}`),
    ...exercises.map(exerciseText),
    ...flags.map((flag) => `  ${pc.yellow("note")} ${printable(flag)}`),
    "",
  ].join("\n");
}

/** One exercise: its score, and a line for each test that did not pass. */
export function exerciseText({
  name,
  score,
  points: worth,
  outcome,
  message,
  tests,
}: ExerciseResult): string {
  const passes = tests.filter(({ status }) => status === "passed").length;
  const full = tests.length > 0 && passes === tests.length;
  const label = `${full ? pc.green("✓") : pc.red("✗")} ${name.padEnd(28)} ${points(score)}/${points(worth)}`;
  const notGraded = outcome === "graded" ? "" : `  ${pc.yellow(outcome)}`;
  return [
    `  ${label}  ${passes} of ${tests.length} tests${notGraded}`,
    ...(full ? [] : tests.filter(({ status }) => status !== "passed").map(testText)),
    ...(message === "" ? [] : [`      ${pc.cyan("→")} ${printable(message)}`]),
  ].join("\n");
}

function testText({ name, status, hidden, message, comparison }: TestResult): string {
  const detail = comparison
    ? `expected ${comparison.expected}, received ${comparison.received}, relative error ${comparison.relativeError}${comparison.worstIndex && `, at ${comparison.worstIndex}`}`
    : message;
  return `      ${pc.red(status)} ${hidden ? "hidden test: " : ""}${name}: ${printable(detail)}`;
}

export function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}

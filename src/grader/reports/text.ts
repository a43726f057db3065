import pc from "picocolors";
import { printable } from "../printable.js";
import type { ExerciseResult, GradeReport, SubmissionResult, TestResult } from "../results.js";
import { titleOf } from "./by-student.js";
import { isGraded, lessonOverviews, type LessonOverview } from "./class-overview.js";
import { inPoints, percent, points } from "./numbers.js";
import { publicDetail, whyUngraded } from "./student-view.js";

/** From how many submissions on a table shows more than the details of each. */
const many = 7;
const mostMistakes = 5;

/** The report as a terminal shows it, for instructors. Colours appear on a TTY only. */
export function reportText(report: GradeReport): string {
  const { submissions, tier } = report;
  const body =
    submissions.length < many
      ? submissions.map(submissionText)
      : [classTable(submissions), ...lessonOverviews(report).map(overviewText)];
  return [...body, pc.dim(`isolation: ${tier}`)].join("\n");
}

export function submissionText(submission: SubmissionResult): string {
  const { file, lesson, outcome, score, maxScore, exercises, written = [], flags } = submission;
  const { superseded = [] } = submission;
  const title = `${pc.bold(printable(titleOf(submission)))}  ${lesson}  ${points(score)} of ${inPoints(maxScore)}`;
  const note = (text: string) => `  ${pc.yellow("note")} ${printable(text)}`;
  return [
    outcome === "graded" ? title : `${title}  ${pc.yellow(outcome)}`,
    pc.dim(`  ${printable(file)}`),
    ...exercises.map(exerciseText),
    ...written.map(({ name, points: worth }) => pc.dim(`  … ${name.padEnd(28)} by hand, ${inPoints(worth)}`)),
    ...flags.map(note),
    ...superseded.map((other) => note(`${other} is older and does not count`)),
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
    ...(passes === 0 && haveOneReason(tests)
      ? [testLine(tests[0], `all of them: ${publicDetail(tests[0])}`)]
      : testLines(tests.filter(({ status }) => status !== "passed"))),
    ...(message === "" ? [] : [`      ${pc.cyan("→")} ${printable(message)}`]),
  ].join("\n");
}

/** Whether the same is wrong with several tests, as with an exercise that was not started. */
function haveOneReason(tests: readonly TestResult[]): boolean {
  return tests.length > 1 && new Set(tests.map((test) => `${test.status} ${publicDetail(test)}`)).size === 1;
}

/** A line for each test; what is wrong with several in a row is said once. */
function testLines(tests: readonly TestResult[]): string[] {
  const details = tests.map(publicDetail);
  return tests.map((test, i) => {
    const detail = details[i] === details[i - 1] ? "the same" : details[i];
    return testLine(test, `${test.hidden ? "hidden test: " : ""}${test.name}: ${detail}`);
  });
}

function testLine({ status }: TestResult, text: string): string {
  return `      ${pc.red(status)} ${text}`;
}

function classTable(submissions: readonly SubmissionResult[]): string {
  const rows = submissions.map((submission) => [
    clipped(printable(titleOf(submission))),
    submission.lesson,
    isGraded(submission) ? `${points(submission.score)}/${points(submission.maxScore)}` : "–",
    submission.outcome === "graded" ? "" : submission.outcome,
    isGraded(submission) ? remarks(submission) : whyUngraded(submission),
  ]);
  return table([["student", "lesson", "points", "", ""], ...rows]);
}

const widestName = 48;

function clipped(text: string): string {
  const characters = [...text];
  return characters.length > widestName ? `${characters.slice(0, widestName - 1).join("")}…` : text;
}

function remarks({ flags, superseded = [] }: SubmissionResult): string {
  return [
    ...(flags.length > 0 ? [`${flags.length} notes`] : []),
    ...(superseded.length > 0 ? [`${superseded.length} older files`] : []),
  ].join(", ");
}

function overviewText({ lesson, shares, mean, median, exercises, mistakes }: LessonOverview): string {
  const all = shares.length;
  const rows = exercises.map(({ name, full, partial, none }) => [
    `  ${name}`,
    percent(full / all),
    `${full} all, ${partial} some, ${none} no points`,
  ]);
  return [
    `\n${pc.bold(lesson)}  ${all} graded, mean ${percent(mean)}, median ${percent(median)}`,
    table(rows),
    ...mistakes
      .slice(0, mostMistakes)
      .map(({ exercise, hint, count }) => `  ${pc.cyan(`${count}×`)} ${exercise}: ${printable(hint)}`),
    "",
  ].join("\n");
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column]))));
  const pad = (cell: string, column: number) => cell + " ".repeat(widths[column] - width(cell));
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

/** Columns that a terminal gives a text: two to East Asian characters and pictures, none to marks on other characters. */
function width(text: string): number {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const wide = count(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}]/gu);
  return [...text].length + wide - count(/[\p{Mn}\p{Me}\p{Cf}]/gu);
}

import { stringify } from "csv-stringify/sync";
import { printable } from "../printable.js";
import type { GradeReport, SubmissionResult } from "../results.js";
import { isGraded } from "./class-overview.js";

/** nbgrader's columns, which other tools import. */
const columns = [
  "assignment",
  "duedate",
  "timestamp",
  "student_id",
  "last_name",
  "first_name",
  "email",
  "raw_score",
  "late_submission_penalty",
  "score",
  "max_score",
] as const;

/** A line per submission. What could not be graded has no score, which is not the same as 0. */
export function gradesCsv({ submissions }: GradeReport): string {
  return stringify(submissions.map(row), {
    header: true,
    columns: [...columns],
    quoted_string: true,
    escape_formulas: true,
    record_delimiter: "windows",
  });
}

function row(submission: SubmissionResult): Record<(typeof columns)[number], string | number> {
  const { lesson, modified = "", student, name = "", email = "", score, maxScore } = submission;
  // "Surname, Name" tells which is which; anything else does not.
  const [last, first = ""] = name.split(/,(.*)/).map((part) => part.trim());
  const points = isGraded(submission) ? score : "";
  return {
    assignment: lesson,
    duedate: "",
    timestamp: modified.replace("T", " ").replace(/(\.\d+)?Z$/, ""),
    student_id: cell(student),
    last_name: cell(last),
    first_name: cell(first),
    email: cell(email),
    raw_score: points,
    late_submission_penalty: isGraded(submission) ? 0 : "",
    score: points,
    max_score: isGraded(submission) ? maxScore : "",
  };
}

/** Spreadsheets skip blanks before they look for a formula. */
function cell(text: string): string {
  return printable(text).trim();
}

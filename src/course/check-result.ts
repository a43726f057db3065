import { displaySymbol, escapeHtml, type Displayable, type MimeBundle } from "../display/mime.js";
import { inPoints, points } from "../grader/reports/numbers.js";
import { exerciseText } from "../grader/reports/text.js";
import type { ExerciseResult, TestResult } from "../grader/results.js";

/** What `await check(…)` returns: the result of an exercise's public tests, which shows itself as a table. */
export class CheckResult implements Displayable {
  /** Score, message and tests of the exercise. */
  readonly exercise: ExerciseResult;
  /** What happened on the way that the student should know, such as two versions of one cell. */
  readonly notes: readonly string[];

  constructor(exercise: ExerciseResult, notes: readonly string[]) {
    this.exercise = exercise;
    this.notes = notes;
  }

  /** Whether there are tests, and all of them pass. */
  get passed(): boolean {
    return this.exercise.tests.length > 0 && this.exercise.tests.every(({ status }) => status === "passed");
  }

  /** As text, and as a table for notebooks. */
  [displaySymbol](): MimeBundle {
    return {
      "text/plain": [exerciseText(this.exercise), ...this.notes.map((note) => `  note ${note}`)].join("\n"),
      "text/html": this.#html(),
    };
  }

  #html(): string {
    const { name, tests, message, score, points: worth } = this.exercise;
    const verdict = this.passed
      ? "✓ passed"
      : `✗ ${tests.filter(({ status }) => status === "passed").length} of ${tests.length} tests pass`;
    const rows = tests.map(rowHtml).join("");
    const columns = ["", "test", ...(this.passed ? [] : ["expected", "received", "relative error", "at"])]
      .map((title) => `<th${left}>${title}</th>`)
      .join("");
    const remarks = [...(message ? [`<b>→</b> ${escapeHtml(message)}`] : []), ...this.notes.map(escapeHtml)];
    return (
      `<div><b>${escapeHtml(name)}</b>: ${verdict} (public tests: ${points(score)} of ${inPoints(worth)})` +
      `<table><thead><tr>${columns}</tr></thead><tbody>${rows}</tbody></table>` +
      remarks.map((remark) => `<p>${remark}</p>`).join("") +
      "</div>"
    );
  }
}

const left = ' style="text-align:left"';

function rowHtml({ name, status, message, comparison }: TestResult): string {
  const cell = (text: string, span = 1) =>
    `<td${left}${span > 1 ? ` colspan="${span}"` : ""}>${escapeHtml(text)}</td>`;
  const details = comparison
    ? cell(comparison.expected) +
      cell(comparison.received) +
      cell(comparison.relativeError) +
      cell(comparison.worstIndex)
    : cell(message, message === "" ? 1 : 4);
  return `<tr>${cell(status === "passed" ? "✓" : `✗ ${status}`)}${cell(name)}${details}</tr>`;
}

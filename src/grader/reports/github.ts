import { basename } from "node:path";
import { printable } from "../printable.js";
import type { GradeReport, SubmissionResult } from "../results.js";
import { titleOf } from "./by-student.js";
import { isGraded } from "./class-overview.js";
import { html, type Html } from "./html-template.js";
import { inPoints, percent, points } from "./numbers.js";
import { exerciseMessage, studentNotes, testViews, ungradedMessage, type TestView } from "./student-view.js";

/**
 * The job's summary in Markdown, made of HTML tables: in these no Markdown counts, and what stands in `code` mentions and links nobody.
 * No line is blank, for that would end a table.
 */
export function githubSummary({ submissions, tier }: GradeReport): string {
  const parts = [...submissions.map(summaryOf), html`<p>isolation: ${tier}</p>`];
  return parts.map(({ text }) => text.replace(/\n\s*/g, " ")).join("\n\n") + "\n";
}

function summaryOf(submission: SubmissionResult): Html {
  const { lesson, score, maxScore, exercises } = submission;
  const notes = studentNotes(submission);
  const total = isGraded(submission)
    ? `${points(score)} of ${inPoints(maxScore)} (${percent(maxScore > 0 ? score / maxScore : 0)})`
    : "not graded";
  return html`<h3>${code(titleOf(submission))} ${lesson}: ${total}</h3>
    ${
      notes.length > 0 &&
      html`<ul>
        ${notes.map((note) => html`<li>${code(note)}</li>`)}
      </ul>`
    }
    <table>
      <tr>
        <th>exercise</th>
        <th>points</th>
        <th>tests</th>
      </tr>
      ${exercises.map((exercise) => {
        const failed = testViews(exercise).filter(({ status }) => status !== "passed");
        const message = exerciseMessage(exercise);
        return html`<tr>
          <td>${failed.length === 0 ? "✅" : "❌"} ${exercise.name}</td>
          <td>${points(exercise.score)}/${points(exercise.points)}</td>
          <td>
            ${exercise.tests.length - failed.length} of ${exercise.tests.length} passed
            ${message !== "" && html`<br />${code(message)}`}
            ${failed.map((view) => html`<br />${code(failureLine(view))}`)}
          </td>
        </tr>`;
      })}
    </table>`;
}

function failureLine({ name, status, detail }: TestView): string {
  return `${status}: ${name}${detail && `: ${detail}`}`;
}

function code(text: string): Html {
  return html`<code>${printable(text)}</code>`;
}

/** An annotation is a small box; the summary has all. */
const mostLines = 3;

/** Annotations, as the runner reads them from what a step prints: one for each exercise without full marks. */
export function githubAnnotations({ submissions }: GradeReport): string[] {
  return submissions.flatMap((submission) => {
    const { exercises, file } = submission;
    const properties = { file: printable(basename(file)) };
    if (!isGraded(submission))
      return [command("error", { ...properties, title: "not graded" }, ungradedMessage(submission))];
    return exercises
      .filter(({ score, points: worth }) => score < worth)
      .map((exercise) => {
        const { name, score, points: worth } = exercise;
        const failed = testViews(exercise).filter(({ status }) => status !== "passed");
        const title = `${name}: ${points(score)} of ${inPoints(worth)}`;
        const lines = [exerciseMessage(exercise), ...failed.slice(0, mostLines).map(failureLine)].filter(
          Boolean,
        );
        return command("warning", { ...properties, title }, lines.join("\n"));
      });
  });
}

/** A workflow command: data and properties are escaped as the runner undoes it, so that neither can end and begin another. */
function command(name: "error" | "warning", properties: Record<string, string>, data: string): string {
  const escaped = (text: string) =>
    text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escaped(value).replaceAll(":", "%3A").replaceAll(",", "%2C")}`,
  );
  return `::${name} ${list.join(",")}::${escaped(data)}`;
}

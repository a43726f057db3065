import { basename } from "node:path";
import { printable, printableText } from "../printable.js";
import type { ExerciseResult, SubmissionResult, TestStatus, Tier, WrittenAnswer } from "../results.js";
import { titleOf, type StudentResults } from "./by-student.js";
import { isGraded } from "./class-overview.js";
import { bar, kindOf, page } from "./html-page.js";
import { html, type Html } from "./html-template.js";
import { inPoints, percent, points } from "./numbers.js";
import { exerciseMessage, studentNotes, testViews, type TestView } from "./student-view.js";

/** The feedback for one student. */
export function studentPage(results: StudentResults, tier: Tier, graderVersion: string): string {
  const title = printable(titleOf(results));
  const body = html`<main>
    <h1><bdi>${title}</bdi></h1>
    ${results.submissions.map(submissionPart)}
    <footer>
      Graded by gradlab ${graderVersion}, isolation: ${tier}. Hidden tests are listed without their names and
      values.
    </footer>
  </main>`;
  return page(`Feedback – ${title}`, body);
}

function submissionPart(submission: SubmissionResult): Html {
  const { lesson, file, score, maxScore, exercises, written = [] } = submission;
  const share = maxScore > 0 ? score / maxScore : 0;
  const notes = studentNotes(submission);
  return html`<section>
    <h2>${lesson === "" ? "Not graded" : lesson}</h2>
    <div class="card">
      <div class="row">
        <span class="soft mono"><bdi>${printable(basename(file))}</bdi></span>
        ${isGraded(submission) ? html`<span class="big">${points(score)} of ${inPoints(maxScore)}</span>` : html`<span class="big none">not graded</span>`}
      </div>
      ${
        isGraded(submission) &&
        html`${bar(share, kindOf(share))}
          <p class="soft">
            ${percent(share)}${written.length > 0 && `; ${points(writtenPoints(written))} more points are given by hand`}
          </p>`
      }
      ${
        notes.length > 0 &&
        html`<ul>
          ${notes.map((note) => html`<li><bdi>${note}</bdi></li>`)}
        </ul>`
      }
    </div>
    ${exercises.map(exercisePart)} ${written.map(writtenPart)}
  </section>`;
}

function writtenPoints(written: readonly WrittenAnswer[]): number {
  return written.reduce((total, answer) => total + answer.points, 0);
}

function exercisePart(exercise: ExerciseResult): Html {
  const { name, score, points: worth, tests, knownMistake } = exercise;
  const message = exerciseMessage(exercise);
  const share = worth > 0 ? score / worth : 0;
  const passes = tests.filter(({ status }) => status === "passed").length;
  const isWhole = tests.length > 0 && passes === tests.length;
  return html`<article class="card">
    <div class="row">
      <h3>${name}</h3>
      <span class="points ${kindOf(share)}">${points(score)} of ${points(worth)}</span>
    </div>
    ${message !== "" && html`<p class="hint">${knownMistake && html`<strong>Likely mistake: </strong>`}<bdi>${message}</bdi></p>`}
    ${
      tests.length > 0 &&
      html`<details${!isWhole && html` open`}>
        <summary>${passes} of ${tests.length} tests passed</summary>
        <ul class="tests">${testViews(exercise).map(testPart)}</ul>
      </details>`
    }
  </article>`;
}

const labels: Record<TestStatus, string> = {
  passed: "✓ passed",
  failed: "✗ failed",
  error: "✗ error",
  timeout: "⏱ timeout",
  skipped: "– skipped",
};

/** What is wrong with several tests in a row, such as an error while loading, is said once. */
function testPart({ name, status, detail: own }: TestView, i: number, all: readonly TestView[]): Html {
  const detail = own !== "" && own === all[i - 1]?.detail ? "the same" : own;
  return html`<li>
    <span class="status ${status}">${labels[status]}</span><span class="name"><bdi>${name}</bdi></span
    >${detail !== "" && html`<span class="detail"><bdi>${detail}</bdi></span>`}
  </li>`;
}

function writtenPart({ name, points: worth, question, answer }: WrittenAnswer): Html {
  return html`<article class="card">
    <div class="row">
      <h3>${name}</h3>
      <span class="points">to be graded by hand, ${inPoints(worth)}</span>
    </div>
    ${
      question !== "" &&
      html`<details>
        <summary>The question</summary>
        <pre>${printableText(question)}</pre>
      </details>`
    }
    ${answer === "" ? html`<p class="soft">No answer.</p>` : html`<pre dir="auto">${printableText(answer)}</pre>`}
  </article>`;
}

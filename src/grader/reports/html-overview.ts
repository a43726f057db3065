import { printable } from "../printable.js";
import type { GradeReport, SubmissionResult } from "../results.js";
import { titleOf, type StudentResults } from "./by-student.js";
import {
  isGraded,
  lessonOverviews,
  type ExerciseOverview,
  type LessonOverview,
  type Mistake,
} from "./class-overview.js";
import { bar, kindOf, page } from "./html-page.js";
import { html, type Html } from "./html-template.js";
import { percent, points } from "./numbers.js";
import { whyUngraded } from "./student-view.js";

const mostMistakes = 8;

/** How a class did, for its instructors; each student links to the page at `hrefOf`. */
export function overviewPage(
  report: GradeReport,
  students: readonly StudentResults[],
  hrefOf: (student: StudentResults) => string,
): string {
  const { submissions, tier, graderVersion } = report;
  const ungraded = submissions.filter((submission) => !isGraded(submission));
  const body = html`<main>
    <h1>Class overview</h1>
    <p class="soft">${submissions.length} submissions of ${students.length} students</p>
    ${ungraded.length > 0 && ungradedPart(ungraded)} ${lessonOverviews(report).map(lessonPart)}
    <h2>Students</h2>
    <div class="card scroll" tabindex="0" role="region" aria-label="Students">
      <table>
        <thead>
          <tr>
            <th scope="col">student</th>
            <th scope="col">lesson</th>
            <th scope="col" class="number">points</th>
            <th scope="col" class="wide"></th>
            <th scope="col">remarks</th>
          </tr>
        </thead>
        <tbody>
          ${students.flatMap((student) => student.submissions.map((submission) => studentRow(student, submission, hrefOf)))}
        </tbody>
      </table>
    </div>
    <footer>Graded by gradlab ${graderVersion}, isolation: ${tier}.</footer>
  </main>`;
  return page("Class overview", body);
}

function ungradedPart(ungraded: readonly SubmissionResult[]): Html {
  return html`<h2>Not graded</h2>
    <div class="card">
      <ul>
        ${ungraded.map(
          (submission) =>
            html`<li>
              <bdi>${printable(titleOf(submission))}</bdi>:
              <bdi>${whyUngraded(submission)}</bdi>
            </li>`,
        )}
      </ul>
    </div>`;
}

function lessonPart({ lesson, maxScore, shares, mean, median, exercises, mistakes }: LessonOverview): Html {
  return html`<h2>${lesson}</h2>
    <div class="card">
      <dl class="figures">
        <div>
          <dt>graded</dt>
          <dd>${shares.length}</dd>
        </div>
        <div>
          <dt>points</dt>
          <dd>${points(maxScore)}</dd>
        </div>
        <div>
          <dt>mean</dt>
          <dd>${percent(mean)}</dd>
        </div>
        <div>
          <dt>median</dt>
          <dd>${percent(median)}</dd>
        </div>
        <div>
          <dt>full marks</dt>
          <dd>${shares.filter((share) => share >= 1).length}</dd>
        </div>
      </dl>
      ${histogram(shares)}
    </div>
    <div class="card scroll" tabindex="0" role="region" aria-label="Exercises of ${lesson}">
      <table>
        <caption>
          Exercises: how many got all points
        </caption>
        <thead>
          <tr>
            <th scope="col">exercise</th>
            <th scope="col" class="number">points</th>
            <th scope="col" class="number">all points</th>
            <th scope="col" class="wide"></th>
            <th scope="col" class="number">some</th>
            <th scope="col" class="number">none</th>
          </tr>
        </thead>
        <tbody>
          ${exercises.map((exercise) => exerciseRow(exercise, shares.length))}
        </tbody>
      </table>
    </div>
    ${mistakesPart(lesson, mistakes)}`;
}

/** Known mistakes, of which hints tell the cause; all else that exercises without full marks were told is a click away. */
function mistakesPart(lesson: string, mistakes: readonly Mistake[]): Html {
  if (mistakes.length === 0) return html``;
  const known = mistakes.filter((mistake) => mistake.known);
  const [common, rare] = [known.slice(0, mostMistakes), known.slice(mostMistakes)];
  const other = mistakes.filter((mistake) => !mistake.known);
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="Mistakes in ${lesson}">
    ${common.length > 0 && mistakeTable("Most common mistakes", common)}
    ${
      rare.length > 0 &&
      html`<details>
        <summary>${rare.length} rarer mistakes</summary>
        ${mistakeTable("Rarer mistakes", rare)}
      </details>`
    }
    ${
      other.length > 0 &&
      html`<details>
        <summary>${other.length} other reasons for lost points</summary>
        ${mistakeTable("Not started, not loading, or a mistake that is not known", other)}
      </details>`
    }
  </div>`;
}

function mistakeTable(caption: string, mistakes: readonly Mistake[]): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="number">students</th>
        <th scope="col">exercise</th>
        <th scope="col">what they were told</th>
      </tr>
    </thead>
    <tbody>
      ${mistakes.map(
        ({ exercise, hint, count }) =>
          html`<tr>
            <td class="number">${count}</td>
            <th scope="row">${exercise}</th>
            <td class="text"><bdi>${printable(hint)}</bdi></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function exerciseRow({ name, points: worth, full, partial, none }: ExerciseOverview, all: number): Html {
  const share = full / all;
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="number">${points(worth)}</td>
    <td class="number">${percent(share)}</td>
    <td class="wide">${bar(share, share >= 0.5 ? "good" : "some")}</td>
    <td class="number">${partial}</td>
    <td class="number">${none}</td>
  </tr>`;
}

function studentRow(
  student: StudentResults,
  submission: SubmissionResult,
  hrefOf: (student: StudentResults) => string,
): Html {
  const { lesson, score, maxScore, outcome, flags, superseded = [] } = submission;
  const share = maxScore > 0 ? score / maxScore : 0;
  const remarks = [
    ...(outcome === "graded" ? [] : [outcome]),
    ...(isGraded(submission) && flags.length > 0 ? [`${flags.length} notes`] : []),
    ...(superseded.length > 0 ? [`${superseded.length} older files`] : []),
  ];
  return html`<tr>
    <th scope="row">
      <a href="${hrefOf(student)}"><bdi>${printable(titleOf(student))}</bdi></a>
    </th>
    <td class="short">${lesson}</td>
    <td class="number">${isGraded(submission) ? `${points(score)}/${points(maxScore)}` : "–"}</td>
    <td class="wide">${isGraded(submission) && bar(share, kindOf(share))}</td>
    <td>${remarks.join(", ")}</td>
  </tr>`;
}

const bins = 10;

/** How many students have which share of the points, in tenths. */
function histogram(shares: readonly number[]): Html {
  const counts = Array.from({ length: bins }, () => 0);
  for (const share of shares) counts[Math.min(bins - 1, Math.floor(share * bins + 1e-9))]++;
  const most = Math.max(...counts, 1);
  const [width, height, bottom, top] = [52, 120, 40, 16];
  const words = counts.map((count, i) => `${i * 10} to ${(i + 1) * 10} %: ${count}`).join(", ");
  return html`<svg
    class="histogram"
    viewBox="0 0 ${bins * width} ${top + height + bottom}"
    role="img"
    aria-label="Students by share of the points: ${words}"
  >
    ${counts.map((count, i) => {
      const size = (count / most) * height;
      const [x, y] = [i * width, top + height - size];
      return html`<rect
          x="${x + 4}"
          y="${y.toFixed(1)}"
          width="${width - 8}"
          height="${size.toFixed(1)}"
          rx="2"
        />
        ${count > 0 && html`<text class="count" x="${x + width / 2}" y="${(y - 4).toFixed(1)}">${count}</text>`}
        <text x="${x + width / 2}" y="${top + height + 15}">${i * 10}–${(i + 1) * 10}</text>`;
    })}
    <text x="${(bins * width) / 2}" y="${top + height + 33}">share of the points in %</text>
    <line x1="0" x2="${bins * width}" y1="${top + height}" y2="${top + height}" />
  </svg>`;
}

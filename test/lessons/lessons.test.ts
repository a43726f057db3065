import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Course, exerciseNames, readLesson } from "../../src/course/course.js";
import { manifestOf } from "../../src/course/tangle.js";
import { weave, type Edition } from "../../src/course/weave.js";
import type { NotebookOutput } from "../../src/kernel/notebook-outputs.js";
import { runNotebook, type NotebookRun } from "../../src/kernel/run-notebook.js";
import { packageRoot } from "../../src/package.js";

// Every lesson through a real kernel, solved and as students get it.

const course = new Course(packageRoot);
/** Bytes that the outputs of one figure may take in the notebook, besides the plotting code that comes once. */
const figureLimit = 300_000;

describe.for(course.lessonNames)("%s", (name) => {
  const lesson = readLesson(course.files(name));
  const exercises = exerciseNames(manifestOf(lesson));

  test("solved, it runs without a word on stderr, passes its checks and draws its figures", async () => {
    const result = await run("solution");
    expect(result.failure).toBeUndefined();
    for (const { id, outputs } of codeCells(result)) {
      expect(outputs.filter(({ name }) => name === "stderr").map(textOf), id).toEqual([]);
    }
    for (const exercise of exercises) expect(checkText(result, exercise)).toMatch(/^\s*✓/);
    for (const figure of Object.keys(lesson.figures)) {
      const drawn = codeCells(result)
        .find(({ id }) => id === `figure-${figure}`)!
        .outputs.filter(isDrawing);
      expect(drawn.length, `figure ${figure}`).toBeGreaterThan(0);
      for (const drawing of drawn) {
        expect(sizeOf(drawing), `size of figure ${figure}`).toBeLessThan(figureLimit);
        expect(unlabelledAxes(drawing), `axes of figure ${figure}`).toEqual([]);
      }
    }
    const seconds = result.cells.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    console.log(`${name} solved: ${seconds.toFixed(1)} s`);
  });

  test("as students get it, each exercise's check fails with its own task, and everything else runs", async () => {
    const result = await run("student");
    expect(result.cells.filter(({ status }) => status !== "ok")).toEqual([]);
    for (const exercise of exercises) {
      expect(checkText(result, exercise)).toMatch(/^\s*✗/);
      expect(checkText(result, exercise)).toContain(`TODO ${exercise}: `);
    }
    for (const { id, outputs } of codeCells(result)) {
      expect(outputs.filter(({ name }) => name === "stderr").map(textOf), id).toEqual([]);
    }
  });

  async function run(edition: Edition): Promise<NotebookRun> {
    const cwd = mkdtempSync(join(tmpdir(), "gradlab-lesson-"));
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
    return runNotebook(weave(lesson, edition), { cwd, cellTimeout: 120_000, allowErrors: true });
  }
});

function codeCells({ notebook }: NotebookRun): { id: string; outputs: NotebookOutput[] }[] {
  return notebook.cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ id, outputs }) => ({ id: id!, outputs: (outputs ?? []) as NotebookOutput[] }));
}

function checkText(result: NotebookRun, exercise: string): string {
  const [output] = codeCells(result).find(({ id }) => id === `check-${exercise}`)!.outputs;
  return bundleOf(output)["text/plain"] ?? "";
}

function textOf({ text }: NotebookOutput): string {
  return (text as string[]).join("");
}

interface Bundle {
  [mime: string]: unknown;
  "text/plain"?: string;
  "text/html"?: string;
}

function bundleOf({ data }: NotebookOutput): Bundle {
  const bundle = (data ?? {}) as Record<string, string | string[]>;
  return Object.fromEntries(
    Object.entries(bundle).map(([mime, value]) => [mime, Array.isArray(value) ? value.join("") : value]),
  );
}

const plotly = "application/vnd.plotly.v1+json";

function isDrawing(output: NotebookOutput): boolean {
  const bundle = bundleOf(output);
  return (
    plotly in bundle ||
    "image/svg+xml" in bundle ||
    "image/png" in bundle ||
    /<svg|<img/.test(bundle["text/html"] ?? "")
  );
}

function sizeOf(output: NotebookOutput): number {
  const bundle = bundleOf(output);
  const html = bundle["text/html"] ?? "";
  // The plotting code comes with the first figure, in a script of its own.
  const own = html.length > 1_000_000 ? html.slice(html.indexOf("</script>")) : html;
  return JSON.stringify({ ...bundle, "text/html": own }).length;
}

interface Axis {
  title?: { text?: string };
  visible?: boolean;
  showticklabels?: boolean;
}

/** Axes with numbers on them that nobody says the meaning of. */
function unlabelledAxes(output: NotebookOutput): string[] {
  const figure = bundleOf(output)[plotly] as
    { data: { type?: string; xaxis?: string; yaxis?: string }[]; layout: Record<string, Axis> } | undefined;
  if (!figure) return [];
  const used = figure.data.flatMap(({ xaxis = "x", yaxis = "y" }) => [xaxis, yaxis]);
  return [...new Set(used)].filter((name) => {
    const axis = figure.layout[name.replace(/^[xy]/, "$&axis")] ?? {};
    const bare = axis.visible === false || axis.showticklabels === false;
    return !bare && !axis.title?.text;
  });
}

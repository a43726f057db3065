import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { grade } from "../../src/grader/grade.js";
import type { SubmissionResult } from "../../src/grader/results.js";
import { formatNotebook, sourceOf } from "../../src/course/notebook.js";
import { weave } from "../../src/course/weave.js";
import { lesson, miniCourse } from "../course/mini-course.js";

// However a right answer is written down, it is a right answer.
const slope = "(a, b) => (b.y - a.y) / (b.x - a.x)";
const slopes =
  '(points) => { if (!points.length) throw new Error("none"); return points.map((p) => p.y / p.x); }';
const declared = `const slope = ${slope};\nconst slopesFromOrigin = ${slopes};\n`;
const solved = weave(lesson, "solution");

/** The notebook as Jupyter converts it down to format 3. */
function format3(): string {
  const cells = solved.cells.map((cell) =>
    cell.cell_type === "code"
      ? {
          cell_type: "code",
          input: sourceOf(cell).split(/(?<=\n)/),
          language: "python",
          metadata: {},
          outputs: [],
          prompt_number: 1,
          collapsed: false,
        }
      : { cell_type: cell.cell_type, source: sourceOf(cell), metadata: {} },
  );
  const heading = { cell_type: "heading", level: 2, source: "A heading", metadata: {} };
  const notebook = {
    nbformat: 3,
    nbformat_minor: 0,
    metadata: { ...solved.metadata, name: "" },
    worksheets: [{ cells: [heading, ...cells] }],
  };
  return JSON.stringify(notebook);
}

const styles: Record<string, string | Buffer> = {
  "declarations.ts": declared,
  "exported.ts": declared.replaceAll("const", "export const"),
  "export-list.ts": `${declared}export { slope, slopesFromOrigin };\n`,
  "export-default-function.ts": `${declared.split("\n")[1]}\nexport default function slope(a, b) { return (${slope})(a, b); }`,
  "export-default.ts": `export default ${declared.replaceAll("const slope =", "function unused() {}\nconst slope =")}`,
  "export-default-object.ts": `${declared}export default { slope, slopesFromOrigin };\n`,
  "export-renamed.ts": `const f = ${slope};\nconst g = ${slopes};\nexport { f as slope, g as slopesFromOrigin };\n`,
  "module-exports.ts": `${declared}module.exports = { slope, slopesFromOrigin };\n`,
  "exports-property.ts": `exports.slope = ${slope};\nexports.slopesFromOrigin = ${slopes};\n`,
  "module-exports-literal.ts": `module.exports = { slope: ${slope}, slopesFromOrigin: ${slopes} };\n`,
  "crlf.ts": declared.replaceAll("\n", "\r\n"),
  "mark.ts": `\uFEFF${declared}`,
  "utf16.ts": Buffer.from(`\uFEFF${declared}`, "utf16le"),
  "crlf-notebook.ipynb": `\uFEFF${formatNotebook(solved).replaceAll("\\n", "\\r\\n").replaceAll("\n", "\r\n")}`,
  "Unbenannt (3).ipynb": formatNotebook(solved),
  "format-3.ipynb": format3(),
};

const folder = mkdtempSync(join(tmpdir(), "gradlab-styles-"));
afterAll(() => rmSync(folder, { recursive: true }));
const results = new Map<string, SubmissionResult>();
beforeAll(async () => {
  for (const [name, text] of Object.entries(styles)) writeFileSync(join(folder, name), text);
  const { submissions } = await grade(
    miniCourse,
    Object.keys(styles).map((name) => join(folder, name)),
    {
      lesson: "01-slope",
      workers: 2,
    },
  );
  for (const result of submissions) results.set(result.file.slice(folder.length + 1), result);
}, 120_000);

test.for(Object.keys(styles))("%s", (name) => {
  const { score, flags, exercises } = results.get(name)!;
  expect({ score, flags, messages: exercises.map(({ message }) => message) }).toMatchObject({ score: 3 });
});

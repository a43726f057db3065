// Pictures of what a notebook shows, to be looked at before it is published:
//   node scripts/show-figures.js LESSON|NOTEBOOK.ipynb [--out DIR]
// A lesson is woven with its solutions and run; of a notebook file the stored outputs are taken. Each rich output becomes
// two PNG files, light and dark, named after its cell. Needs Chromium (CHROMIUM_PATH, or /usr/bin/chromium).
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { Course, readLesson } from "../dist/course/course.js";
import { weave } from "../dist/course/weave.js";
import { runNotebook } from "../dist/kernel/run-notebook.js";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string", default: "figures" } },
});
if (positionals.length !== 1) {
  console.error("usage: node scripts/show-figures.js LESSON|NOTEBOOK.ipynb [--out DIR]");
  process.exit(2);
}
const [source] = positionals;
const notebook = source.endsWith(".ipynb")
  ? JSON.parse(readFileSync(source, "utf8"))
  : (
      await runNotebook(weave(readLesson(Course.around().find(source)), "solution"), {
        cwd: mkdtempSync(join(tmpdir(), "gradlab-figures-")),
        cellTimeout: 300_000,
        allowErrors: true,
      })
    ).notebook;

const joined = (text) => (Array.isArray(text) ? text.join("") : (text ?? ""));
const outputs = notebook.cells
  .filter(({ cell_type }) => cell_type === "code")
  .flatMap(({ id, outputs }) =>
    (outputs ?? []).map(({ data }) => ({ id, html: joined(data?.["text/html"]) })),
  )
  .filter(({ html }) => html !== "");
const body = outputs
  .map(({ html }, i) => `<div id="output-${i}" style="width: 860px; padding: 8px">${html}</div>`)
  .join("\n");

mkdirSync(values.out, { recursive: true });
const page = resolve(values.out, "outputs.html");
writeFileSync(
  page,
  `<!doctype html><meta charset="utf-8"><style>:root { color-scheme: light dark; font-family: sans-serif }</style><body>${body}</body>`,
);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
  ],
});
for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({
    offline: true,
    colorScheme,
    viewport: { width: 900, height: 700 },
  });
  const tab = await context.newPage();
  tab.on("pageerror", (error) => console.error(`error in the page: ${error.message}`));
  await tab.goto(pathToFileURL(page).href);
  await tab.waitForTimeout(2000);
  for (const [i, { id }] of outputs.entries()) {
    const file = join(values.out, `${String(i).padStart(2, "0")}-${id}.${colorScheme}.png`);
    await tab.locator(`#output-${i}`).screenshot({ path: file });
    if (colorScheme === "light") console.log(file);
  }
  await context.close();
}
await browser.close();

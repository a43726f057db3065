import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Course, exerciseNames, readManifest } from "../../src/course/course.js";
import { compiledFile, packageRoot } from "../../src/package.js";

// Against the Jupyter of Debian (see .ci/run for the packages). Without it these tests fail; they are a project of
// their own, so that a machine with nothing but Node can leave them out.

const python = "/usr/bin/python3";
const folder = mkdtempSync(join(tmpdir(), "gradlab-jupyter-"));
const env = {
  ...process.env,
  JUPYTER_DATA_DIR: join(folder, "data"),
  JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
  JUPYTER_CONFIG_DIR: join(folder, "config"),
  IPYTHONDIR: join(folder, "ipython"),
};

function run(program: string, args: string[], timeout = 120_000) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

function nbconvert(cells: string[], ...options: string[]) {
  const metadata = {
    kernelspec: { name: "gradlab", display_name: "TypeScript (gradlab)", language: "typescript" },
  };
  const code = cells.map((source, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  writeFileSync(
    join(folder, "in.ipynb"),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: code }),
  );
  rmSync(join(folder, "out.ipynb"), { force: true });
  const args = [
    "-m",
    "nbconvert",
    "--execute",
    "--to",
    "notebook",
    "--output",
    "out.ipynb",
    ...options,
    "in.ipynb",
  ];
  return run(python, args);
}

interface ExecutedNotebook {
  metadata: { language_info: { name: string } };
  cells: { outputs?: { output_type: string; [field: string]: unknown }[] }[];
}

function executed(): ExecutedNotebook {
  return JSON.parse(readFileSync(join(folder, "out.ipynb"), "utf8")) as ExecutedNotebook;
}

beforeAll(() => {
  expect(run(process.execPath, [compiledFile("cli/main.js"), "kernel", "install"])).toMatchObject({
    status: 0,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("nbconvert --execute", () => {
  test("runs a notebook that uses the library", () => {
    const converted = nbconvert([
      "import { tensor } from 'gradlab';\nconsole.log('printed');\ntensor([1, 2]).mul(3)",
      "await 7",
    ]);
    expect(converted).toMatchObject({ status: 0 });
    const { cells, metadata } = executed();
    expect(metadata.language_info.name).toBe("typescript");
    expect(cells[0].outputs).toMatchObject([
      { output_type: "stream", name: "stdout", text: ["printed\n"] },
      { output_type: "execute_result", execution_count: 1 },
    ]);
    expect(Object.keys(cells[0].outputs![1].data as object).sort()).toEqual(["text/html", "text/plain"]);
    expect(cells[1].outputs).toMatchObject([{ data: { "text/plain": ["7"] } }]);
  });

  test("fails at a cell that throws, with our name and message of the error", () => {
    const { status, stderr } = nbconvert([
      "1",
      "class ShapeError extends RangeError { name = 'ShapeError' }\nthrow new ShapeError('2 is not 3');",
    ]);
    expect(status).not.toBe(0);
    expect(stderr).toContain("CellExecutionError");
    expect(stderr).toMatch(/^ShapeError: 2 is not 3$/m);
    expect(stderr).toMatch(/at Cell \[2\], line 2/);
  });

  test("fails at a type error, with the place", () => {
    const { status, stderr } = nbconvert(["const n: number = 'text';"]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/^TypeScriptError: 1:7 - Type 'string' is not assignable to type 'number'\.$/m);
  });

  test("with --allow-errors, runs what follows an error", () => {
    expect(nbconvert(["throw new Error('first')", "'second'"], "--allow-errors")).toMatchObject({
      status: 0,
    });
    const [first, second] = executed().cells;
    expect(first.outputs).toMatchObject([{ output_type: "error", ename: "Error", evalue: "first" }]);
    expect(second.outputs).toMatchObject([{ data: { "text/plain": ["'second'"] } }]);
  });

  test("in HTML: colours of a Map, a table, a type error with its line", () => {
    const cells = ["new Map([['key', 1]])", "[{ name: '<b>', size: 1 }]", "const n: number = 'text';"];
    expect(nbconvert(cells, "--allow-errors")).toMatchObject({ status: 0 });
    const html = run(python, ["-m", "nbconvert", "--to", "html", "--stdout", "out.ipynb"]);
    expect(html.status, html.stderr).toBe(0);
    expect(html.stdout).toContain('<span class="ansi-green-fg">&#39;key&#39;</span>');
    expect(html.stdout).toContain("<td>&lt;b&gt;</td><td>1</td>");
    expect(html.stdout).toMatch(/line 1: Type &#39;string&#39; is not assignable to type &#39;number&#39;/);
  });

  test("nbclient: with allow_errors what follows runs, without it the error comes with the notebook", () => {
    const script = fileURLToPath(new URL("client.py", import.meta.url));
    const { status, stderr } = run(python, [script]);
    expect(status, stderr).toBe(0);
  });

  test("fails when a cell ends the session", () => {
    const { status, stderr } = nbconvert(["process.exit(0)", "1"]);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/SessionExited: process\.exit\(0\) was called/);
  });
});

describe("solved notebooks", () => {
  const course = new Course(packageRoot);
  beforeAll(() => {
    const weave = ["weave", "--course", packageRoot, "--solution", folder];
    expect(run(process.execPath, [compiledFile("cli/main.js"), ...weave])).toMatchObject({ status: 0 });
  });

  test.for(course.lessonNames)(
    "%s runs under nbconvert, every check passed, nothing on stderr",
    { timeout: 300_000 },
    (name) => {
      const { status, stderr } = run(
        python,
        ["-m", "nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb", `${name}.ipynb`],
        280_000,
      );
      expect(status, stderr).toBe(0);
      const outputs = executed().cells.flatMap((cell) => cell.outputs ?? []);
      const texts = outputs.map(({ data }) =>
        stripVTControlCharacters(
          [(data as Record<string, string[]> | undefined)?.["text/plain"] ?? ""].flat().join(""),
        ),
      );
      const exercises = exerciseNames(readManifest(course.files(name)));
      expect(texts.filter((text) => /^ {2}✓ [a-z0-9-]+ +\d/.test(text))).toHaveLength(exercises.length);
      expect(texts.filter((text) => text.startsWith("  ✗"))).toEqual([]);
      expect(outputs.filter(({ name }) => name === "stderr")).toEqual([]);
    },
  );

  test("lesson 03 runs in jupyter console", () => {
    const script = fileURLToPath(new URL("console_lesson.py", import.meta.url));
    const notebook = join(folder, "03-chain-rule.ipynb");
    const { status, stdout, stderr } = run(python, [script, join(folder, "lesson.txt"), notebook]);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("8 checks");
  });
});

test("Jupyter's own conformance tests pass, none skipped", () => {
  const script = fileURLToPath(new URL("conformance.py", import.meta.url));
  const { status, stderr } = run(python, [script]);
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/^Ran 12 tests/m);
  expect(stderr).not.toContain("skipped");
});

test.for(["console.py", "manager.py"])("%s", (script) => {
  const screen = join(folder, `${script}.txt`);
  const { status, stderr } = run(python, [fileURLToPath(new URL(script, import.meta.url)), screen]);
  expect(status, stderr).toBe(0);
});

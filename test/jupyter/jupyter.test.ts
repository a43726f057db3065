import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { execute, executed, folder, python, run } from "./debian-jupyter.js";

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
  return execute("in.ipynb", ...options);
}

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

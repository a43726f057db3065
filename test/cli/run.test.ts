import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compiledFile } from "../../src/package.js";
import { gone, temporaryFolder } from "../kernel/start-kernel.js";

const main = compiledFile("cli/main.js");

function gradlabRun(args: string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "run", ...args], {
    cwd,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function writeNotebook(file: string, cells: string[], language = "typescript"): string {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 4,
    metadata: { kernelspec: { name: "gradlab", display_name: "TypeScript (gradlab)", language } },
    cells: [
      { cell_type: "markdown", metadata: {}, source: "# Title" },
      ...cells.map((source) => ({
        cell_type: "code",
        metadata: {},
        execution_count: 99,
        outputs: [{}],
        source,
      })),
    ],
  };
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}

interface WrittenCell {
  id: string;
  execution_count?: number | null;
  outputs?: { output_type: string; [field: string]: unknown }[];
}

function readCells(file: string): WrittenCell[] {
  const notebook = JSON.parse(readFileSync(file, "utf8")) as { nbformat_minor: number; cells: WrittenCell[] };
  expect(notebook.nbformat_minor).toBe(5);
  for (const { id } of notebook.cells) expect(id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
  return notebook.cells;
}

describe("gradlab run", () => {
  test("writes the outputs of this run, in the folder of the notebook, and leaves the input as it was", () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, "deep"));
    writeFileSync(join(cwd, "deep", "data.txt"), "42");
    const input = writeNotebook(join(cwd, "deep", "nb.ipynb"), [
      "import { readFileSync } from 'node:fs'; const text = readFileSync('data.txt', 'utf8'); console.log('read'); text",
      "",
      "import { tensor } from 'gradlab'; tensor([1, 2])",
    ]);
    const before = readFileSync(input);
    const { status, stdout, stderr } = gradlabRun(["deep/nb.ipynb", "--out", "out"], cwd);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining("nb.ipynb 2/2") as string,
    });
    expect(stdout).toMatch(/deep\/nb\.ipynb: 2 cells ok in .* → out\/nb\.ipynb\n$/);
    expect(readFileSync(input)).toEqual(before);
    expect(readdirSync(join(cwd, "out"))).toEqual(["nb.ipynb"]);
    const [, first, empty, third] = readCells(join(cwd, "out", "nb.ipynb"));
    expect(first).toMatchObject({
      execution_count: 1,
      outputs: [
        { output_type: "stream", name: "stdout", text: ["read\n"] },
        { output_type: "execute_result", execution_count: 1, data: { "text/plain": ["'42'"] } },
      ],
    });
    expect(empty).toMatchObject({ execution_count: null, outputs: [] });
    expect(Object.keys(third.outputs![0].data as object)).toContain("text/html");
  });

  test("stops at the first failing cell with exit status 1, and shows the error", () => {
    const cwd = temporaryFolder();
    writeNotebook(join(cwd, "a.ipynb"), ["1", "\nthrow new RangeError('oh no')", "'never'"]);
    writeNotebook(join(cwd, "b.ipynb"), ["1"]);
    const { status, stdout, stderr } = gradlabRun(["a.ipynb", "b.ipynb", "--out", "out"], cwd);
    expect(status).toBe(1);
    expect(stderr).toMatch(/a\.ipynb: cell 3 failed\n {2}RangeError: oh no\n {6}at Cell \[2\], line 2\n/);
    expect(stdout).not.toContain("b.ipynb");
    const cells = readCells(join(cwd, "out", "a.ipynb"));
    expect(cells[2].outputs).toMatchObject([{ output_type: "error", ename: "RangeError", evalue: "oh no" }]);
    expect(cells[3]).toMatchObject({ execution_count: null, outputs: [] });
    expect(existsSync(join(cwd, "out", "b.ipynb"))).toBe(false);
  });

  test("--allow-errors runs all cells of all notebooks; --json tells how each went", () => {
    const cwd = temporaryFolder();
    writeNotebook(join(cwd, "a.ipynb"), ["throw new RangeError('oh no')", "2"]);
    writeNotebook(join(cwd, "b.ipynb"), ["1"]);
    const { status, stdout } = gradlabRun(["a.ipynb", "b.ipynb", "--allow-errors", "--json"], cwd);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      notebooks: [
        {
          file: "a.ipynb",
          ok: true,
          cells: [
            { cell: 2, status: "error", error: { ename: "RangeError" } },
            { cell: 3, status: "ok" },
          ],
        },
        { file: "b.ipynb", ok: true, cells: [{ cell: 2, status: "ok" }] },
      ],
    });
  });

  test.for([
    [
      "takes too long",
      ["while (true) {}", "2"],
      ["--cell-timeout", "1"],
      /CellTimeout: the cell took longer than 1 s/,
    ],
    ["ends the kernel", ["process.exit(0)", "2"], [], /SessionExited: process\.exit\(0\) was called/],
  ] as const)("a cell that %s is a failure, with --allow-errors too", ([, cells, options, message]) => {
    const cwd = temporaryFolder();
    writeNotebook(join(cwd, "a.ipynb"), [...cells]);
    const { status, stderr } = gradlabRun(["a.ipynb", "--allow-errors", "--out", "out", ...options], cwd);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(JSON.stringify(readCells(join(cwd, "out", "a.ipynb"))[1].outputs)).toMatch(
      message.source.split(":")[0],
    );
  });

  test("Ctrl-C ends the kernel and exits with 130", async () => {
    const cwd = temporaryFolder();
    writeNotebook(join(cwd, "a.ipynb"), [
      "require('fs').writeFileSync('pids', `${process.pid} ${process.ppid}`); while (true) {}",
    ]);
    const child = spawn(process.execPath, [main, "run", "a.ipynb", "--out", "out"], { cwd, stdio: "ignore" });
    const pids = join(cwd, "pids");
    while (!existsSync(pids) || readFileSync(pids, "utf8") === "")
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    for (const pid of readFileSync(pids, "utf8").split(" ")) await gone(Number(pid));
    expect(readdirSync(join(cwd, "out"))).toEqual([]);
  });
});

describe("bad input is one line, exit status 1, and nothing is written", () => {
  const good = (folder: string) => writeNotebook(join(folder, "good.ipynb"), ["1"]);
  test.for([
    ["a file that is not there", () => ["none.ipynb"], /none\.ipynb/],
    [
      "a folder",
      (cwd: string) => (mkdirSync(join(cwd, "folder.ipynb")), ["folder.ipynb"]),
      /folder\.ipynb.*directory/,
    ],
    [
      "a file cut off",
      (cwd: string) => (writeFileSync(join(cwd, "cut.ipynb"), '{"cells": [{"cell_'), ["cut.ipynb"]),
      /cut\.ipynb.*cut off/,
    ],
    [
      "a Python notebook",
      (cwd: string) => (writeNotebook(join(cwd, "py.ipynb"), ["1"], "python"), ["py.ipynb"]),
      /py\.ipynb.*python/,
    ],
    ["--out below a file", (cwd: string) => [good(cwd), "--out", "good.ipynb/out"], /--out good\.ipynb\/out/],
    [
      "two notebooks of one name",
      (cwd: string) => [good(cwd), "./good.ipynb", "--out", "out"],
      /two notebooks are called good\.ipynb/,
    ],
    [
      "a good notebook before a bad one",
      (cwd: string) => [good(cwd), "none.ipynb", "--out", "out"],
      /none\.ipynb/,
    ],
  ] as const)("%s", ([, prepare, message]) => {
    const cwd = temporaryFolder();
    const args = prepare(cwd);
    const before = readdirSync(cwd);
    const { status, stdout, stderr } = gradlabRun(args, cwd);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^gradlab: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(readdirSync(cwd)).toEqual(before);
  });

  test("a time limit that is none", () => {
    const { status, stderr } = gradlabRun(["x.ipynb", "--cell-timeout", "soon"], temporaryFolder());
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/--cell-timeout.*expected a number of seconds/);
  });
});

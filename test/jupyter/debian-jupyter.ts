import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { compiledFile } from "../../src/package.js";

// The Jupyter of Debian (see .ci/run for the packages). Without it these tests fail; they are a project of their own, so that a machine
// with nothing but Node can leave them out.

export const python = "/usr/bin/python3";
/** Where a test file's notebooks and Jupyter's own files are. */
export const folder = mkdtempSync(join(tmpdir(), "gradlab-jupyter-"));
const env = {
  ...process.env,
  JUPYTER_DATA_DIR: join(folder, "data"),
  JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
  JUPYTER_CONFIG_DIR: join(folder, "config"),
  IPYTHONDIR: join(folder, "ipython"),
};

export function run(program: string, args: string[], timeout = 120_000) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    timeout,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

export function runGradlab(...args: string[]): void {
  expect(run(process.execPath, [compiledFile("cli/main.js"), ...args])).toMatchObject({ status: 0 });
}

interface ExecutedNotebook {
  metadata: { language_info: { name: string } };
  cells: { outputs?: { output_type: string; [field: string]: unknown }[] }[];
}

/** Runs a notebook of the folder; the result is `executed()`. */
export function execute(notebook: string, ...options: string[]) {
  rmSync(join(folder, "out.ipynb"), { force: true });
  const args = ["--execute", "--to", "notebook", "--output", "out.ipynb", ...options, notebook];
  return run(python, ["-m", "nbconvert", ...args], 280_000);
}

export function executed(): ExecutedNotebook {
  return JSON.parse(readFileSync(join(folder, "out.ipynb"), "utf8")) as ExecutedNotebook;
}

beforeAll(() => runGradlab("kernel", "install"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

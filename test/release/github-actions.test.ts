import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { formatNotebook } from "../../src/course/notebook.js";
import { packageRoot } from "../../src/package.js";
import { gradlab } from "../cli/gradlab.js";
import { miniCourse, studentNotebook } from "../course/mini-course.js";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  permissions: Record<string, string>;
  needs?: string;
  steps: Step[];
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<"collect" | "grade" | "report", Job>;
}

const folder = mkdtempSync(join(tmpdir(), "gradlab-github-"));
afterAll(() => rmSync(folder, { recursive: true }));
const repository = join(folder, "repository");
let workflow: Workflow;
let text: string;

beforeAll(() => {
  const options = ["--target", "github-actions", "--course", miniCourse.root, "--out", repository];
  const { status, stderr } = gradlab(folder, "release", ...options);
  expect([status, stderr]).toEqual([0, ""]);
  text = readFileSync(join(repository, ".github/workflows/grade.yml"), "utf8");
  workflow = parseYaml(text) as Workflow;
}, 60_000);

describe("the workflow for GitHub", () => {
  test("runs the student's code in a job without any permission, and checks out and reports in others", () => {
    const { collect, grade, report } = workflow.jobs;
    expect(workflow.permissions).toEqual({});
    expect(grade.permissions).toEqual({});
    expect(report.permissions).toEqual({});
    expect(collect.permissions).toEqual({ contents: "read" });
    expect(collect.steps.filter(({ run }) => run !== undefined)).toEqual([]);
    expect(collect.steps[0].with).toMatchObject({ "persist-credentials": false });
    expect(JSON.stringify(grade)).not.toMatch(/checkout|secrets|token/i);
    expect(report.steps.flatMap(({ run = [] }) => run).join()).not.toMatch(/gradlab|npm|node/);
    // Values of an event in a script would be run as such.
    for (const { run = "" } of Object.values(workflow.jobs).flatMap(({ steps }) => steps))
      expect(run).not.toContain("${{");
  });

  test(
    "grades with the commands that stand in it, and reports what students wrote as text",
    { timeout: 60_000 },
    () => {
      // In place of npm install, which needs a registry.
      mkdirSync(join(repository, "node_modules/.bin"), { recursive: true });
      symlinkSync(join(packageRoot, "dist/cli/main.js"), join(repository, "node_modules/.bin/gradlab"));
      const woven = studentNotebook();
      woven.cells.find(({ id }) => id === "exercise-slope")!.source =
        '/** @exercise slope */\nfunction slope() { throw new Error("::add-mask::x\\n::error::</code><script>alert(1)</script> @someone"); }';
      writeFileSync(join(repository, "notebooks/01-slope.ipynb"), formatNotebook(woven));
      const summary = join(folder, "summary.md");
      const steps = [...workflow.jobs.grade.steps, ...workflow.jobs.report.steps]
        .flatMap(({ run = [] }) => run)
        .filter((run) => !run.startsWith("npm install"));
      expect(steps).toHaveLength(3);
      const outputs = steps.map((run) => {
        const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", run], {
          cwd: repository,
          encoding: "utf8",
          env: {
            PATH: process.env["PATH"],
            HOME: folder,
            GITHUB_ACTIONS: "true",
            GITHUB_REPOSITORY_OWNER: "anna",
            GITHUB_STEP_SUMMARY: summary,
          },
        });
        expect([status, stderr]).toEqual([0, status === 0 ? stderr : ""]);
        return stdout;
      });
      // What the first prints stands between a command that stops commands and one that nobody can guess.
      expect(outputs[0]).toMatch(/^::stop-commands::([\da-f-]{36})\n[^]*\n::\1::\n$/);
      const annotations = outputs[2].trimEnd().split("\n");
      expect(annotations).toHaveLength(2);
      expect(annotations[0]).toMatch(/^::warning file=01-slope\.ipynb,title=slope%3A 0 of 2 points::/);
      expect(outputs[2]).not.toMatch(/^::add-mask|^::error/m);
      const markdown = readFileSync(summary, "utf8");
      expect(markdown).toContain("<code>anna</code> 01-slope: 0 of 3 points");
      expect(markdown.match(/<h3>/g)).toHaveLength(1);
      expect(markdown).not.toContain("<script>");
      expect(markdown).toContain(
        "&lt;script&gt;alert(1)&lt;/script&gt; @someone (cell slope, line 2)</code>",
      );
      expect(existsSync(join(repository, "results/html/index.html"))).toBe(true);
      expect(existsSync(join(repository, "results/junit.xml"))).toBe(true);
    },
  );
});

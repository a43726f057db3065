import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { formatNotebook } from "../../src/course/notebook.js";
import { weave } from "../../src/course/weave.js";
import type { GradescopeResults } from "../../src/grader/reports/gradescope.js";
import { gradlab } from "../cli/gradlab.js";
import { lesson, miniCourse, studentNotebook } from "../course/mini-course.js";
import { unzip } from "./unzip.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-gradescope-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Gradescope's layout: source, submission, results and submission_metadata.json below /autograder. */
const autograder = join(folder, "autograder");
const source = join(autograder, "source");
const submission = join(autograder, "submission");
const resultsFile = join(autograder, "results/results.json");

/** A root of its own, without a network and without this repository, if bubblewrap can make one here. */
const nodeFolder = dirname(dirname(process.execPath));
const system = ["/usr", "/bin", "/lib", "/lib64", "/etc"].flatMap((path) => ["--ro-bind-try", path, path]);
const scratchRoot = [
  ...[
    "--unshare-net",
    "--unshare-pid",
    "--die-with-parent",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--tmpfs",
    "/tmp",
  ],
  ...[...system, "--ro-bind", nodeFolder, nodeFolder, "--bind", autograder, "/autograder"],
];
mkdirSync(autograder);
const hasScratchRoot = spawnSync("bwrap", [...scratchRoot, "true"]).status === 0;

function run(script: string) {
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: "/tmp" };
  return hasScratchRoot
    ? spawnSync("bwrap", [...scratchRoot, `/autograder/${script}`], { encoding: "utf8", env })
    : spawnSync(join(autograder, script), {
        encoding: "utf8",
        env: { ...env, GRADLAB_AUTOGRADER_ROOT: autograder },
      });
}

function gradeOne(files: Record<string, string | Buffer>): GradescopeResults {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(submission, name), text);
  const { status, stdout } = run("run_autograder");
  expect([status, stdout]).toEqual([0, expect.stringContaining("gradlab ended with status")]);
  return JSON.parse(readFileSync(resultsFile, "utf8")) as GradescopeResults;
}

const notebook = (answer: string) => {
  const woven = studentNotebook();
  woven.cells.find(({ id }) => id === "exercise-slope")!.source = answer;
  return formatNotebook(woven);
};

beforeAll(async () => {
  const { status, stderr } = gradlab(
    folder,
    "release",
    "--target",
    "gradescope",
    "--out",
    "zips",
    "--course",
    miniCourse.root,
  );
  expect([status, stderr]).toEqual([0, ""]);
  await unzip(join(folder, "zips/01-slope-gradescope.zip"), source);
  // As Gradescope does.
  cpSync(join(source, "run_autograder"), join(autograder, "run_autograder"));
  mkdirSync(join(autograder, "results"));
  const users = [{ id: 7, email: "anna@example.org", name: "Anna Berg" }];
  writeFileSync(join(autograder, "submission_metadata.json"), JSON.stringify({ id: 1, users }));
  const setup = run("source/setup.sh");
  expect([setup.status, setup.stdout]).toEqual([0, "gradlab is ready for 01-slope\n"]);
}, 120_000);

beforeEach(() => {
  rmSync(submission, { recursive: true, force: true });
  mkdirSync(submission);
});

describe("the autograder for Gradescope", () => {
  test("has two scripts at its root and no solution anywhere", () => {
    expect(readdirSync(source)).toEqual(expect.arrayContaining(["setup.sh", "run_autograder"]));
    const own = readdirSync(join(source, "course"), { recursive: true, encoding: "utf8" });
    expect(own).toContain(join("solutions", "01-slope", "hidden.test.ts"));
    expect(own.filter((file) => /lesson\.md|solution\.ts|mutants|alternatives|samples/.test(file))).toEqual(
      [],
    );
  });

  test("gives a right answer all points, hidden tests included", { timeout: 60_000 }, () => {
    const results = gradeOne({ "my work.ipynb": formatNotebook(weave(lesson, "solution")) });
    expect(results.score).toBe(3);
    expect(results.tests.map(({ status }) => status)).toEqual(Array(6).fill("passed"));
    expect(results.tests.reduce((sum, { max_score }) => sum + max_score, 0)).toBeCloseTo(3, 3);
    expect(results.output).toContain("why-run: to be graded by hand, 1 point");
    expectGradescopeFormat(results);
  });

  test(
    "tells what is wrong with a wrong one, of hidden tests no name and no value",
    { timeout: 60_000 },
    () => {
      const results = gradeOne({
        "hw.ipynb": notebook(
          "/** @exercise slope */\nfunction slope(a, b) { return (b.x - a.x) / (b.y - a.y); }",
        ),
      });
      expect(results.score).toBe(0);
      const outputs = results.tests.map(({ output }) => output).join("\n");
      expect(outputs).toContain("expected 2, received 0.5, relative error 7.5e-1");
      expect(outputs).toContain("Rise over run: the change of y goes on top.");
      expect(JSON.stringify(results)).not.toContain("arguments are left alone");
      expect(results.tests.map(({ name }) => name)).toContain("slope: hidden test 1");
      expectGradescopeFormat(results);
    },
  );

  test("survives a submission that ends its process", { timeout: 60_000 }, () => {
    const results = gradeOne({
      "hw.ipynb": notebook(
        '/** @exercise slope */\nfunction slope() { process.kill(process.pid, "SIGKILL"); }',
      ),
    });
    expect(results.score).toBe(0);
    expect(results.tests.filter(({ number }) => number.startsWith("1.")).map(({ status }) => status)).toEqual(
      Array(3).fill("failed"),
    );
    expectGradescopeFormat(results);
  });

  test.for([
    ["nothing", {}, "holds no notebooks (.ipynb) and no modules (.ts)"],
    ["a damaged notebook", { "hw.ipynb": "{" }, "the JSON is damaged"],
    ["something else", { "hw.pdf": "%PDF" }, "neither a notebook (.ipynb) nor a module (.ts)"],
  ] as const)("says what it cannot read: %s", { timeout: 60_000 }, ([, files, reason]) => {
    const results = gradeOne(files);
    expect(results).toMatchObject({ score: 0, tests: [] });
    expect(results.output).toContain(reason);
    expect(results.output).toContain("This is not a zero");
    expectGradescopeFormat(results);
  });

  test(
    "leaves a results.json when it breaks itself, and not the one of an earlier run",
    { timeout: 60_000 },
    () => {
      const main = join(source, "gradlab/dist/cli/main.js");
      const text = readFileSync(main);
      writeFileSync(resultsFile, '{"score": 99}');
      writeFileSync(main, "process.kill(process.pid, 'SIGKILL');");
      try {
        const results = gradeOne({ "hw.ipynb": formatNotebook(weave(lesson, "solution")) });
        expect(results).toMatchObject({
          score: 0,
          tests: [],
          output: expect.stringContaining("did not finish"),
        });
      } finally {
        writeFileSync(main, text);
      }
      expect(existsSync(`${resultsFile}.tmp`)).toBe(false);
    },
  );
});

const visibilities = ["hidden", "after_due_date", "after_published", "visible"];
const formats = ["text", "html", "simple_format", "md", "ansi"];

/** What Gradescope's documentation says of results.json. */
function expectGradescopeFormat(results: GradescopeResults): void {
  expect(typeof results.score).toBe("number");
  expect(typeof results.output).toBe("string");
  expect(formats).toContain(results.output_format);
  for (const visibility of [results.visibility, results.stdout_visibility])
    expect(visibilities).toContain(visibility);
  for (const { score, max_score, status, name, output, visibility } of results.tests) {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(max_score);
    expect(["passed", "failed"]).toContain(status);
    expect([typeof name, typeof output]).toEqual(["string", "string"]);
    expect(visibilities).toContain(visibility);
  }
}

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compiledFile, version } from "../../src/package.js";
import { miniCourse } from "../course/mini-course.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command as a shell would and returns what it printed. */
function gradlab(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiledFile("cli/main.js"), ...args], {
    encoding: "utf8",
    cwd: folder,
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const course = join(folder, "course");
cpSync(miniCourse.root, course, { recursive: true });
const stub = join(course, "notebooks/01-slope.ipynb");
writeFileSync(join(folder, "cut.ipynb"), '{"cells": [');
writeFileSync(join(folder, "notes.txt"), "");

describe("gradlab", () => {
  test("prints its version, and help with examples on every command", () => {
    expect(gradlab("--version").stdout.trim()).toBe(version);
    const [, listed] = /Commands:\n([\s\S]*?)\n\n/.exec(gradlab("--help").stdout) ?? [];
    const commands = [...listed.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name]) => name)
      .filter((name) => name !== "help");
    expect(commands).toEqual(
      expect.arrayContaining(["check", "grade", "run", "weave", "tangle", "validate", "tour", "kernel"]),
    );
    for (const command of commands) {
      const { status, stdout } = gradlab(command, "--help");
      expect([command, status]).toEqual([command, 0]);
      expect(stdout).toContain(`gradlab ${command}`);
      expect(stdout).toContain("Examples:");
    }
  });

  test.for([
    ["an unknown command", ["grad"], "unknown command 'grad'"],
    ["an unknown flag", ["grade", "x", "--jsn"], "unknown option '--jsn'"],
    ["no number of jobs", ["grade", "x", "--jobs", "1.5"], "Expected a whole number from 1 to 1024"],
    ["jobs for others", ["grade", "x", "--jobs", "2", "--queue", "redis://x"], "cannot be used with option"],
    [
      "no journal to forget",
      ["grade", "x", "--fresh"],
      "--fresh: say with --out DIR whose journal to forget",
    ],
    ["no argument", ["grade"], "missing required argument 'files'"],
    [
      "a file that is not there",
      ["grade", "nowhere.ipynb", "--course", course],
      "not graded: nowhere.ipynb: no such file",
    ],
    [
      "a damaged notebook",
      ["grade", "cut.ipynb", "--course", course],
      "not graded: cut.ipynb: not a notebook: the JSON is damaged",
    ],
    [
      "something else",
      ["grade", "notes.txt", "--course", course],
      "not graded: notes.txt: neither a notebook (.ipynb) nor a module (.ts)",
    ],
    ["an empty folder", ["grade", "course/solutions/01-slope/none", "--course", course], "no such file"],
    [
      "no course",
      ["grade", "cut.ipynb", "--course", "."],
      "not a course: it has neither exercises/ nor solutions/",
    ],
    ["an unknown lesson", ["check", "99", "--course", course], "no lesson 99 in"],
    [
      "an unknown exercise",
      ["check", "01/softmax", "--course", course],
      "no exercise softmax; 01 has: slope, slopes-from-origin",
    ],
  ] as const)("%s: one clear line and a status that is not 0", ([, args, message]) => {
    const { status, stderr } = gradlab(...args);
    expect(status).not.toBe(0);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("an --out that cannot be written to is one line, and nothing is half-written", () => {
    const { status, stderr } = gradlab("grade", stub, "--course", course, "--out", "notes.txt/below");
    expect(status).toBe(1);
    expect(stderr).toContain("cannot be written");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("grade --json prints one object, wrong answers are no failure, and --out writes the same", () => {
    const { status, stdout } = gradlab("grade", stub, "--course", course, "--json", "--out", "results");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      graderVersion: version,
      submissions: [{ student: "01-slope", lesson: "01-slope", score: 0, maxScore: 3 }],
    });
    expect(existsSync(join(folder, "results/results.json"))).toBe(true);
  });

  test("check takes the file in which more is done, and succeeds only if all passes", () => {
    expect(gradlab("check", "01", "--course", course).status).toBe(1);
    cpSync(join(course, "solutions/01-slope/solution.ts"), join(course, "exercises/01-slope/submission.ts"));
    const { status, stdout } = gradlab("check", "slope", "--course", course);
    expect(stdout).toContain("exercises/01-slope/submission.ts");
    expect(status).toBe(0);
  });

  test("weave --check and tangle --check fail when a derived file is stale, and weave mends it", () => {
    writeFileSync(stub, "{}");
    const { status, stderr } = gradlab("weave", "--check", "--course", course);
    expect(status).toBe(1);
    expect(stderr).toContain("stale: notebooks/01-slope.ipynb");
    expect(gradlab("weave", "--course", course).stdout).toContain("wrote notebooks/01-slope.ipynb");
    expect(gradlab("weave", "--check", "--course", course).status).toBe(0);
    expect(gradlab("tangle", "--course", course).stdout).toContain("wrote exercises/01-slope/submission.ts");
    expect(gradlab("tangle", "--check", "--course", course).status).toBe(0);
  });

  test("validate names what is wrong with a lesson", () => {
    const mutant = join(course, "solutions/01-slope/mutants/slope.harmless.ts");
    writeFileSync(
      mutant,
      "// hint: None.\nfunction slope(a: Point, b: Point) { return (a.y - b.y) / (a.x - b.x); }\n",
    );
    const { status, stdout } = gradlab("validate", "--course", course);
    expect(status).toBe(1);
    expect(stdout).toContain("mutants/slope.harmless.ts: no test rejects it");
    rmSync(mutant);
  });
});

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
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { version } from "../../src/package.js";
import { miniCourse } from "../course/mini-course.js";
import { gradlab as runGradlab } from "./gradlab.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

const gradlab = (...args: string[]) => runGradlab(folder, ...args);

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
      expect.arrayContaining([
        "check",
        "grade",
        "run",
        "weave",
        "tangle",
        "validate",
        "tour",
        "kernel",
        "release",
      ]),
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
    ["no number of jobs", ["grade", "x", "--jobs", "1.5"], "Expected a whole number from 1 to 256"],
    ["more jobs than any machine", ["grade", "x", "--jobs", "1000"], "Expected a whole number from 1 to 256"],
    ["a student without a name", ["grade", "x", "--student", ""], "argument '' is invalid. It is empty."],
    ["no folder for results", ["grade", "x", "--out", ""], "argument '' is invalid. It is empty."],
    ["no folder for notebooks", ["run", "x", "--out", ""], "argument '' is invalid. It is empty."],
    ["a file for results", ["grade", "x", "--out", "notes.txt"], "It is a file; name a folder."],
    ["a file for notebooks", ["run", "x", "--out", "notes.txt"], "It is a file; name a folder."],
    ["a file for a release", ["release", "--out", "notes.txt"], "It is a file; name a folder."],
    ["a folder for Node", ["release", "--out", "r", "--node", "."], "Expected an archive of Node"],
    ["a file for Node", ["release", "--out", "r", "--node", "notes.txt"], "Expected an archive of Node"],
    ["no Node", ["release", "--out", "r", "--node", "nowhere.tar.gz"], "There is no such file."],
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
    [
      "an unknown report",
      ["grade", "nowhere.ipynb", "--course", course, "--out", "r", "--report", "html,pdf"],
      'no report "pdf"; there are: json, html, csv',
    ],
    [
      "a report without a place",
      ["grade", "nowhere.ipynb", "--course", course, "--report", "csv"],
      "--report csv: say with --out DIR where to write it",
    ],
    [
      "a file of names that is none",
      ["grade", "nowhere.ipynb", "--course", course, "--names", "notes.txt"],
      "notes.txt: expected one of the columns file, prefix, id",
    ],
    [
      "an unknown target",
      ["release", "--target", "moon", "--out", "r", "--course", course],
      "Allowed choices are",
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

  test("release --out with an empty name leaves the course that it stands in alone", () => {
    const before = readFileSync(stub);
    writeFileSync(stub, "an instructor's work");
    expect(runGradlab(course, "release", "--out", "").status).toBe(1);
    expect(readFileSync(stub, "utf8")).toBe("an instructor's work");
    writeFileSync(stub, before);
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

  test("grade writes the reports asked for, of a folder of students with a file of names", () => {
    for (const student of ["anna", "ben"]) cpSync(stub, join(folder, "class", student, "hw.ipynb"));
    writeFileSync(
      join(folder, "names.csv"),
      "id,student,name\nanna,s1,Anna Berg\nben,s2,Ben Oz\nzoe,s3,Zoe Li\n",
    );
    const options = [
      "--names",
      "names.csv",
      "--out",
      "all",
      "--report",
      "json,html,csv,junit,gradescope,prairielearn,github",
    ];
    const { status, stderr } = gradlab("grade", "class", "--course", course, ...options);
    expect(status).toBe(0);
    expect(stderr).toContain("names.csv: nothing handed in by s3");
    expect(
      readdirSync(join(folder, "all"), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.\w+$/.test(file))
        .sort(),
    ).toEqual([
      "annotations.txt",
      "grades.csv",
      join("gradescope", "s1.json"),
      join("gradescope", "s2.json"),
      join("html", "index.html"),
      join("html", "students", "s1.html"),
      join("html", "students", "s2.html"),
      "journal.jsonl",
      "junit.xml",
      join("prairielearn", "s1.json"),
      join("prairielearn", "s2.json"),
      "results.json",
      "summary.md",
    ]);
    expect(readFileSync(join(folder, "all/grades.csv"), "utf8")).toContain('"s1","Anna Berg"');
  });

  test("grade shows its results also where reports cannot be written, and says where they are kept", () => {
    mkdirSync(join(folder, "full/results.json/x"), { recursive: true });
    const { status, stdout, stderr } = gradlab("grade", stub, "--course", course, "--out", "full");
    expect(status).toBe(1);
    expect(stdout).toContain("0 of 3 points");
    expect(stderr).toContain("results.json: cannot be written");
    expect(stderr).toContain("The journal in full has what is graded");
  });

  test("grade says why tests that do not load could grade nothing", () => {
    const broken = join(folder, "broken");
    cpSync(course, broken, { recursive: true });
    writeFileSync(join(broken, "exercises/01-slope/slope.test.ts"), 'throw new Error("no tests today");\n');
    writeFileSync(join(broken, "solutions/01-slope/hidden.test.ts"), "");
    const { status, stderr } = gradlab("grade", stub, "--course", broken);
    expect(status).toBe(1);
    expect(stderr).toMatch(/not graded: .*01-slope\.ipynb: .*no tests today/);
  });

  test("grade --report github goes to the job's summary and its log, past what students wrote", () => {
    const summary = join(folder, "step-summary.md");
    const environment = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
    const before = { ...process.env };
    Object.assign(process.env, environment);
    try {
      const { stdout, stderr } = gradlab("grade", stub, "--course", course, "--report", "github");
      expect(stdout).toMatch(/^::stop-commands::(\S+)\n[^]*\n::\1::\n$/);
      expect(stderr).toMatch(/^::warning file=01-slope\.ipynb,title=slope%3A 0 of 2 points::not started%0A/m);
      expect(readFileSync(summary, "utf8")).toContain("<code>01-slope</code> 01-slope: 0 of 3 points");
    } finally {
      process.env = before;
    }
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
    writeFileSync(join(course, "course.yaml"), "exercises: { slop: { limits: { wallSeconds: 60 } } }\n");
    for (const args of [["validate"], ["release", "--out", "edition"]]) {
      const { status, stderr } = gradlab(...args, "--course", course);
      expect(status).toBe(1);
      expect(stderr).toContain(
        "course.yaml: exercises: no lesson has slop; there are: slope, slopes-from-origin",
      );
    }
    rmSync(join(course, "course.yaml"));
  });
});

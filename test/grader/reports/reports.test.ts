import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { create } from "xmlbuilder2";
import { parseCsv } from "../../../src/grader/input/csv.js";
import { grade } from "../../../src/grader/grade.js";
import { gradeReportJsonSchema, type GradeReport } from "../../../src/grader/results.js";
import type { GradescopeResults } from "../../../src/grader/reports/gradescope.js";
import type { PrairieLearnResults } from "../../../src/grader/reports/prairielearn.js";
import { parseReportNames, reportFiles, type ReportName } from "../../../src/grader/reports/reports.js";
import { exerciseText, reportText } from "../../../src/grader/reports/text.js";
import { writeReports } from "../../../src/grader/reports/write-reports.js";
import { packageRoot } from "../../../src/package.js";
import { files, miniCourse } from "../../course/mini-course.js";
import { hostile, hostileReport, secret } from "./report.js";

const make = (name: ReportName, report: GradeReport = hostileReport) => reportFiles(report, [name]);
const textOf = (name: ReportName) => make(name)[0].text;
/** All but the unreadable and the lost one. */
const graded = hostileReport.submissions.length - 2;
/** What may stand in no report as it is. */

const disorder = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe("reports for students", () => {
  test.for(["html", "junit", "gradescope", "prairielearn", "github"] as const)(
    "%s: of hidden tests neither names nor messages nor values",
    (name) => {
      const written = make(name).filter(({ path }) => path !== "html/index.html");
      expect(written.length).toBeGreaterThan(0);
      for (const { text } of written) {
        for (const word of Object.values(secret)) expect(text).not.toContain(word);
      }
      const all = written.map(({ text }) => text).join("\n");
      expect(all).toContain("hidden test 1");
      expect(all).toContain("expected a number of the order of 1e3, relative error 2.0e-1, at [3]");
      expect(all).toContain("expected 2, received 0.5, relative error 7.5e-1, at [0, 2]");
    },
  );

  test.for(["html", "junit", "gradescope", "prairielearn", "github"] as const)(
    "%s: not where files lie on the grader's machine, and no control characters",
    (name) => {
      const file = "secret-place/class.zip/anna/hw.ipynb";
      const superseded = ["secret-place/class.zip/anna/old.ipynb"];
      const flags = [`${file}: damaged\u001b]0;owned\u0007\u202e`, "y".repeat(5000)];
      const [graded] = hostileReport.submissions;
      const unreadable = { ...graded, student: "ben", outcome: "error" as const, exercises: [], score: 0 };
      const submissions = [graded, unreadable].map((one) => ({ ...one, file, superseded, flags }));
      const texts = make(name, { ...hostileReport, submissions }).filter(
        ({ path }) => path !== "html/index.html",
      );
      for (const { text } of texts) {
        expect(text).not.toContain("secret-place");
        expect(text).not.toMatch(disorder);
        expect(text).not.toContain("y".repeat(600));
      }
      expect(texts.map(({ text }) => text).join()).toContain("hw.ipynb: damaged");
    },
  );

  test("what failed for a fault of the grader says so; instructors read which", () => {
    const lost = hostileReport.submissions.filter(({ student }) => student === "lost");
    const submissions = lost.map((one) => ({ ...one, flags: ["declared twice"] }));
    for (const name of ["junit", "prairielearn", "github"] as const)
      expect(make(name, { ...hostileReport, submissions }).at(-1)!.text).toContain(
        "a fault outside your work",
      );
    expect(make("html", { ...hostileReport, submissions })[0].text).toContain(secret.message);
  });

  test("the reports of students who are gone are removed, and nothing else", () => {
    const out = mkdtempSync(join(tmpdir(), "gradlab-reports-"));
    try {
      const stale = ["html/students/gone.html", "gradescope/gone.json", "prairielearn/gone.json"];
      const kept = ["other.json", "html/other.html", "gradescope/notes.txt", "html/students/folder.html/x"];
      for (const path of [...stale, ...kept]) {
        mkdirSync(join(out, path, ".."), { recursive: true });
        writeFileSync(join(out, path), "");
      }
      const isThere = (path: string) => existsSync(join(out, path));
      writeReports(out, hostileReport, ["json", "html", "gradescope"]);
      expect(stale.filter(isThere)).toEqual(["prairielearn/gone.json"]);
      expect(kept.filter(isThere)).toEqual(kept);
      writeReports(out, { ...hostileReport, submissions: [] }, ["prairielearn"]);
      expect(stale.filter(isThere)).toEqual([]);
      expect(isThere(make("gradescope")[0].path)).toBe(true);
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  test("have a file for each student, named safely and differently even where case does not count", () => {
    const paths = make("gradescope").map(({ path }) => path);
    expect(paths).toHaveLength(hostileReport.submissions.length);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^gradescope\/[A-Za-z0-9][A-Za-z0-9._-]*\.json$/);
    expect(paths).not.toContain("gradescope/con.json");
  });
});

describe("HTML", () => {
  test("has no element that was not written here", () => {
    for (const { text } of make("html")) {
      const elements = new Set(Array.from(text.matchAll(/<([a-z0-9]+)/gi), ([, name]) => name.toLowerCase()));
      for (const name of ["script", "img", "iframe", "object", "form", "input", "link"])
        expect(elements).not.toContain(name);
      expect(text).not.toMatch(disorder);
      expect(text).toContain("default-src &#39;none&#39;");
    }
  });

  test("shows what students wrote as text, and what people have to grade", () => {
    const page = make("html").find(
      ({ path }) => path === "html/students/anna.html" || path.includes("/anna-"),
    )!.text;
    expect(page).toContain("&lt;script&gt;window.PWNED=1&lt;/script&gt;");
    expect(page).toContain("to be graded by hand, 1 point");
    expect(page).toContain("Likely mistake: ");
  });

  test("the overview counts", () => {
    const overview = make("html")[0]
      .text.replace(/<[^>]+>/g, " ")
      .replace(/\s+/g, " ");
    expect(overview).toContain(`${graded} slope Rise over run.`);
    expect(overview).toContain("unreadable");
  });
});

describe("CSV", () => {
  const rows = parseCsv(textOf("csv"), "grades.csv");

  test("has nbgrader's columns and a row per submission", () => {
    expect(rows[0].join()).toBe(
      "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,late_submission_penalty,score,max_score",
    );
    expect(rows).toHaveLength(1 + hostileReport.submissions.length);
    for (const row of rows) expect(row).toHaveLength(rows[0].length);
    expect(rows[1].slice(0, 4)).toEqual(["01-slope", "", "2026-01-02 03:04:05", "anna"]);
    expect(rows[1].slice(7)).toEqual(["1.5", "0", "1.5", "3"]);
  });

  test("no cell is a formula, and text is quoted", () => {
    for (const cell of rows.slice(1).flat()) expect(cell).not.toMatch(/^\s*[=+\-@]|^[\t\r]/);
    expect(rows.flat()).toContain(`'${hostile.formula}`);
    expect(textOf("csv").split("\r\n")[1]).toMatch(/^"01-slope","","2026/);
  });

  test("what could not be graded has no score", () => {
    for (const student of ["unreadable", "lost"])
      expect(rows.find((row) => row[3] === student)!.slice(7)).toEqual(["", "", "", ""]);
  });
});

describe("JUnit", () => {
  interface Node {
    "@"?: Record<string, string>;
    [key: string]: unknown;
  }
  const list = (value: unknown): Node[] =>
    (Array.isArray(value) ? value : value === undefined ? [] : [value]) as Node[];
  const attributes = (node: Node) =>
    Object.fromEntries(
      Object.entries(node)
        .filter(([key]) => key.startsWith("@"))
        .map(([key, value]) => [key.slice(1), value as string]),
    );
  const { testsuites } = create(textOf("junit")).end({ format: "object" }) as unknown as { testsuites: Node };
  const suites = list(testsuites["testsuite"]);

  test("has the usual shape: suites with properties and cases, whose numbers agree", () => {
    expect(suites).toHaveLength(hostileReport.submissions.length);
    const totals = { tests: 0, failures: 0, errors: 0, skipped: 0 };
    for (const suite of suites) {
      const cases = list(suite["testcase"]);
      const own = attributes(suite);
      expect(Object.keys(own)).toEqual(
        expect.arrayContaining(["name", "tests", "failures", "errors", "skipped", "time"]),
      );
      expect(own["timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      const counts = {
        tests: cases.length,
        failures: cases.filter((node) => "failure" in node).length,
        errors: cases.filter((node) => "error" in node).length,
        skipped: cases.filter((node) => "skipped" in node).length,
      };
      for (const key of ["tests", "failures", "errors", "skipped"] as const) {
        expect(own[key]).toBe(String(counts[key]));
        totals[key] += counts[key];
      }
      for (const node of cases) {
        expect(Object.keys(attributes(node))).toEqual(["name", "classname", "time"]);
        expect(
          Object.keys(node).filter((key) => ["failure", "error", "skipped"].includes(key)).length,
        ).toBeLessThanOrEqual(1);
      }
      const properties = list((suite["properties"] as Node)["property"]).map(attributes);
      expect(properties).toContainEqual({ name: "tier", value: "process" });
    }
    const { skipped, ...told } = totals;
    expect(attributes(testsuites)).toEqual({
      name: "gradlab",
      time: expect.stringMatching(/^\d+\.\d{3}$/) as string,
      ...Object.fromEntries(Object.entries(told).map(([key, value]) => [key, String(value)])),
    });
    expect(skipped).toBe(graded);
    expect(totals).toEqual({
      tests: 7 * graded + 2,
      failures: 3 * graded,
      errors: 2 * graded + 2,
      skipped,
    });
  });

  test("has no times of hidden tests, which could tell what these are called with", () => {
    for (const suite of suites.slice(0, graded)) {
      const times = list(suite["testcase"]).map((node) => attributes(node)["time"]);
      expect(times).toEqual(["0.001", "0.002", "0.002", "0.000", "0.000", "0.003", "0.000"]);
      expect(attributes(suite)["time"]).toBe("0.008");
    }
  });

  test("has no character that XML forbids", () => {
    expect(textOf("junit")).not.toMatch(disorder);
    expect(textOf("junit")).not.toMatch(/[\ufffe\uffff]/);
  });
});

describe("PrairieLearn", () => {
  test("has scores from 0 to 1, and what cannot be graded is not gradable", () => {
    const all = make("prairielearn").map(({ text }) => JSON.parse(text) as PrairieLearnResults);
    expect(all[0]).toMatchObject({ gradable: true, score: 0.5 });
    expect(all[0].tests[0]).toEqual({
      name: "slope: any line",
      points: 0.4,
      max_points: 0.4,
      message: "",
      output: "",
    });
    for (const { gradable, score, tests, format_errors } of all) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      if (!gradable) expect([format_errors?.length, tests]).toEqual([1, []]);
    }
    expect(all.filter(({ gradable }) => !gradable)).toHaveLength(2);
  });

  test("stays under 1 MB", () => {
    const [submission] = hostileReport.submissions;
    const [exercise] = submission.exercises;
    const tests = Array.from({ length: 3000 }, () => ({ ...exercise.tests[1], message: "y".repeat(1000) }));
    const huge = { ...hostileReport, submissions: [{ ...submission, exercises: [{ ...exercise, tests }] }] };
    expect(make("prairielearn", huge)[0].text.length).toBeLessThan(1_000_000);
  });
});

test("Gradescope: the points of the tests are the points of the exercises", () => {
  const results = JSON.parse(textOf("gradescope")) as GradescopeResults;
  const total = (key: "score" | "max_score") => results.tests.reduce((sum, test) => sum + test[key], 0);
  expect(results).toMatchObject({
    score: 1.5,
    output_format: "text",
    test_output_format: "text",
    stdout_visibility: "hidden",
  });
  expect(results).not.toHaveProperty("execution_time");
  expect(total("max_score")).toBeCloseTo(3, 3);
});

test("GitHub: no line of the summary or the annotations is another command", () => {
  const [summary, annotations] = make("github");
  expect(summary.text).not.toMatch(/<(script|img)/);
  expect(summary.text).not.toMatch(disorder);
  for (const line of annotations.text.trimEnd().split("\n"))
    expect(line).toMatch(/^::(error|warning) file=[^:,]*,title=[^:,]*::/);
});

test("the terminal gets no control characters, for one submission and for a class", () => {
  const small = { ...hostileReport, submissions: hostileReport.submissions.slice(0, 3) };
  for (const report of [hostileReport, small]) {
    expect(reportText(report)).not.toMatch(disorder);
    expect(reportText(report)).toContain("window.PWNED");
  }
  expect(reportText(hostileReport)).toContain(`${graded} graded, mean 50 %, median 50 %`);
  expect(reportText(hostileReport)).toContain(`${graded}× slope: Rise over run.`);
});

test("what is wrong with all tests of an exercise alike is said once, without their names", () => {
  const failing = (name: string, message: string) =>
    ({ name, hidden: false, status: "error", message, durationMs: 1 }) as const;
  const exercise = { name: "slope", points: 2, score: 0, outcome: "graded", message: "not started" } as const;
  const alike = { ...exercise, tests: ["a", "b", "c"].map((name) => failing(name, "TODO slope")) };
  expect(stripVTControlCharacters(exerciseText(alike)).split("\n").slice(1)).toEqual([
    "      error all of them: TODO slope",
    "      → not started",
  ]);
  const unlike = { ...exercise, tests: [...alike.tests, failing("d", "another")] };
  expect(stripVTControlCharacters(exerciseText(unlike)).split("\n").slice(1)).toEqual([
    "      error a: TODO slope",
    "      error b: the same",
    "      error c: the same",
    "      error d: another",
    "      → not started",
  ]);
});

test("an unknown report is named before anything happens", () => {
  expect(() => parseReportNames("html,pdf")).toThrow('no report "pdf"; there are: json, html, csv, junit');
  expect(parseReportNames("HTML, csv,html")).toEqual(["html", "csv"]);
});

describe("the JSON report", () => {
  const schemaFile = join(packageRoot, "docs/schema/grade-report.schema.json");

  test("has a published schema, which is current", async () => {
    // vitest -u writes it anew.
    await expect(JSON.stringify(gradeReportJsonSchema(), null, 2) + "\n").toMatchFileSnapshot(schemaFile);
  });

  test("satisfies it: a hostile one, and a real one", { timeout: 60_000 }, async () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(readFileSync(schemaFile, "utf8")) as object,
    );
    const real = await grade(miniCourse, [files.solution, files.submission, "nowhere.ipynb"], {
      lesson: "01-slope",
    });
    for (const report of [hostileReport, real, JSON.parse(JSON.stringify(real))])
      expect([validate(report), validate.errors]).toEqual([true, null]);
    expect(validate({ ...real, tier: "none of these" })).toBe(false);
    expect(validate({ ...real, submissions: [{ ...real.submissions[0], score: "3" }] })).toBe(false);
  });
});

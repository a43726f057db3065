import type { GradeReport, SubmissionResult } from "../../../src/grader/results.js";

/** What students might write to get more than text out of a report. */
export const hostile = {
  markup: `</pre></td><script>window.PWNED=1</script><img src=x onerror="window.PWNED=1"> ]]> --> {{7*7}} \${7*7} & " ' \``,
  formula: `=HYPERLINK("http://evil.example","A")`,
  otherFormulas: ["+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u001b[0m=1"],
  terminal: "\u001b[2J\u001b]0;owned\u0007\u009b31mred\r\n::error::x",
  reversed: "\u202egnp.evil\u2066",
  invalidXml: "\u0000\u0001\ufffe\ud800",
};
const everything = Object.values(hostile).flat().join(" ");

/** A hidden test's words and numbers, of which students may see none. */
export const secret = {
  name: "SECRET-NAME",
  message: "SECRET-MESSAGE",
  expected: "1234.5678",
  received: "987.654",
};

function submission(student: string, overrides: Partial<SubmissionResult> = {}): SubmissionResult {
  return {
    file: `class.zip/${everything}/hw.ipynb`,
    student,
    name: everything,
    email: everything,
    modified: "2026-01-02T03:04:05.678Z",
    lesson: "01-slope",
    outcome: "graded",
    score: 1.5,
    maxScore: 3,
    durationMs: 1234,
    flags: [everything],
    superseded: [`class.zip/${everything}/old.ipynb`],
    exercises: [
      {
        name: "slope",
        points: 2,
        score: 1.5,
        outcome: "graded",
        message: "Rise over run.",
        knownMistake: true,
        tests: [
          { name: "any line", hidden: false, status: "passed", message: "", durationMs: 1 },
          { name: "two lines", hidden: false, status: "failed", message: everything, durationMs: 2 },
          {
            name: "numbers",
            hidden: false,
            status: "failed",
            message: "x",
            durationMs: 2,
            comparison: { expected: "2", received: "0.5", relativeError: "7.5e-1", worstIndex: "[0, 2]" },
          },
          {
            name: secret.name,
            hidden: true,
            status: "failed",
            message: secret.message,
            durationMs: 3,
            comparison: {
              expected: secret.expected,
              received: secret.received,
              relativeError: "2.0e-1",
              worstIndex: "[3]",
            },
          },
          { name: secret.name, hidden: true, status: "error", message: secret.message, durationMs: 3 },
        ],
      },
      {
        name: "broken",
        points: 1,
        score: 0,
        outcome: "timeout",
        message: everything,
        tests: [
          { name: "loops", hidden: false, status: "timeout", message: everything, durationMs: 3 },
          { name: "never ran", hidden: false, status: "skipped", message: "", durationMs: 0 },
        ],
      },
    ],
    written: [{ name: "why", points: 1, question: "Why?", answer: everything }],
    ...overrides,
  };
}

const ungraded = { score: 0, maxScore: 0, exercises: [], written: [] };

/** A class of students who try everything. */
export const hostileReport: GradeReport = {
  graderVersion: "0.1.0",
  tier: "process",
  submissions: [
    submission("anna"),
    ...Object.values(hostile)
      .flat()
      .map((student) => submission(student)),
    submission("Anna"),
    submission("con"),
    submission("../../evil"),
    submission("unreadable", { lesson: "", outcome: "error", ...ungraded }),
    submission("lost", {
      outcome: "infrastructure",
      flags: [],
      exercises: [
        { name: "slope", points: 2, score: 0, outcome: "infrastructure", message: secret.message, tests: [] },
      ],
    }),
  ],
};

import { create } from "xmlbuilder2";
import { printable } from "../printable.js";
import type { ExerciseResult, GradeReport, SubmissionResult, TestResult } from "../results.js";
import { titleOf } from "./by-student.js";
import { isGraded } from "./class-overview.js";
import { points } from "./numbers.js";
import { exerciseMessage, testViews, ungradedMessage, type TestView } from "./student-view.js";

type Attributes = Record<string, string | number>;

/**
 * A suite for each submission, a case for each test, as Jenkins's schema (junit-10.xsd of its xUnit plugin) has it. Where CI shows it,
 * students may read it: hidden tests have no names.
 */
export function junitXml({ submissions, graderVersion, tier }: GradeReport): string {
  const suites = submissions.map((submission) => suite(submission, graderVersion, tier));
  const totals = totalsOf(suites.map(({ counts }) => counts));
  const document = create({ version: "1.0", encoding: "UTF-8", invalidCharReplacement: "\uFFFD" });
  const root = document.ele("testsuites", { name: "gradlab", ...totals });
  for (const { attributes, counts, properties, cases } of suites) {
    const element = root.ele("testsuite", { ...attributes, ...counts });
    const list = element.ele("properties");
    for (const [name, value] of Object.entries(properties)) list.ele("property", { name, value });
    for (const { attributes: caseAttributes, problem } of cases) {
      const testCase = element.ele("testcase", caseAttributes);
      if (problem) testCase.ele(problem.kind, { message: problem.message, type: problem.type });
    }
  }
  return document.end({ prettyPrint: true }) + "\n";
}

interface Case {
  attributes: Attributes;
  problem?: { kind: "failure" | "error" | "skipped"; message: string; type: string };
}

interface Counts extends Attributes {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  time: string;
}

function suite(submission: SubmissionResult, graderVersion: string, tier: string) {
  const { lesson, outcome, score, maxScore, modified, exercises } = submission;
  const title = printable(titleOf(submission));
  const cases = isGraded(submission) ? exercises.flatMap((exercise) => casesOf(exercise, title)) : [];
  if (cases.length === 0) {
    const message = ungradedMessage(submission);
    cases.push({
      attributes: { name: "submission", classname: title, time: "0" },
      problem: { kind: "error", message, type: outcome },
    });
  }
  const count = (kind: string) => cases.filter(({ problem }) => problem?.kind === kind).length;
  const counts: Counts = {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: seconds(exercises.flatMap(({ tests }) => tests).reduce((sum, test) => sum + shownTime(test), 0)),
  };
  return {
    attributes: {
      name: [title, lesson].filter(Boolean).join(" "),
      ...(modified && { timestamp: modified.slice(0, 19) }),
    },
    counts,
    properties: {
      graderVersion,
      tier,
      outcome,
      score: points(score),
      maxScore: points(maxScore),
      ...Object.fromEntries(
        exercises.flatMap((exercise) => [
          [`score.${exercise.name}`, points(exercise.score)],
          [`points.${exercise.name}`, points(exercise.points)],
        ]),
      ),
    },
    cases,
  };
}

function casesOf(exercise: ExerciseResult, title: string): Case[] {
  const message = exerciseMessage(exercise);
  return testViews(exercise).map((view, i) => ({
    attributes: {
      name: view.name,
      classname: `${title}.${exercise.name}`,
      time: seconds(shownTime(exercise.tests[i])),
    },
    ...problemOf(view, message),
  }));
}

function problemOf({ status, detail }: TestView, hint: string): Pick<Case, "problem"> {
  if (status === "passed") return {};
  const kind = status === "failed" ? "failure" : status === "skipped" ? "skipped" : "error";
  return { problem: { kind, message: [detail, hint].filter(Boolean).join(" – "), type: status } };
}

/** None for hidden tests: a submission can take as long as to tell what it was called with. */
function shownTime({ hidden, durationMs }: TestResult): number {
  return hidden ? 0 : durationMs;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Of the skipped ones the schema wants no total. */
function totalsOf(all: readonly Counts[]): Attributes {
  const total = (key: keyof Counts) => all.reduce((sum, counts) => sum + Number(counts[key]), 0);
  return {
    tests: total("tests"),
    failures: total("failures"),
    errors: total("errors"),
    time: total("time").toFixed(3),
  };
}

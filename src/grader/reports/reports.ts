import { UserError } from "../../errors.js";
import type { GradeReport } from "../results.js";
import { byStudent } from "./by-student.js";
import { gradesCsv } from "./csv.js";
import { githubAnnotations, githubSummary } from "./github.js";
import { gradescopeResults } from "./gradescope.js";
import { overviewPage } from "./html-overview.js";
import { studentPage } from "./html-student.js";
import { junitXml } from "./junit.js";
import { prairieLearnResults } from "./prairielearn.js";

/** A file of a report, by its path below the folder for reports. */
export interface ReportFile {
  path: string;
  text: string;
}

const makers = {
  json: (report) => [{ path: "results.json", text: json(report) }],
  html: (report) => {
    const students = byStudent(report);
    const { tier, graderVersion } = report;
    return [
      {
        path: "html/index.html",
        text: overviewPage(report, students, ({ slug }) => `students/${encodeURIComponent(slug)}.html`),
      },
      ...students.map((student) => ({
        path: `html/students/${student.slug}.html`,
        text: studentPage(student, tier, graderVersion),
      })),
    ];
  },
  csv: (report) => [{ path: "grades.csv", text: gradesCsv(report) }],
  junit: (report) => [{ path: "junit.xml", text: junitXml(report) }],
  gradescope: (report) =>
    byStudent(report).map((student) => ({
      path: `gradescope/${student.slug}.json`,
      text: json(gradescopeResults(student, report.tier, report.graderVersion)),
    })),
  prairielearn: (report) =>
    byStudent(report).map((student) => ({
      path: `prairielearn/${student.slug}.json`,
      text: json(prairieLearnResults(student)),
    })),
  github: (report) => [
    { path: "summary.md", text: githubSummary(report) },
    { path: "annotations.txt", text: githubAnnotations(report).join("\n") + "\n" },
  ],
} satisfies Record<string, (report: GradeReport) => ReportFile[]>;

/** The reports that can be asked for. */
export type ReportName = keyof typeof makers;
export const reportNames = Object.keys(makers) as ReportName[];

/** Where reports with a file for each student have these. */
export const studentFolders: Partial<Record<ReportName, string>> = {
  html: "html/students",
  gradescope: "gradescope",
  prairielearn: "prairielearn",
};

/** The names in a list such as `html,csv`. @throws UserError if one is unknown */
export function parseReportNames(list: string): ReportName[] {
  const names = list.split(",").map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !Object.hasOwn(makers, name));
  if (unknown !== undefined)
    throw new UserError(`no report ${JSON.stringify(unknown)}; there are: ${reportNames.join(", ")}`);
  return [...new Set(names)] as ReportName[];
}

export function reportFiles(report: GradeReport, names: readonly ReportName[]): ReportFile[] {
  return names.flatMap((name) => makers[name](report));
}

function json(value: object): string {
  return JSON.stringify(value, null, 2) + "\n";
}

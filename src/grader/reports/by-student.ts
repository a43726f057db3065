import { createHash } from "node:crypto";
import type { GradeReport, SubmissionResult } from "../results.js";

/** All that one student handed in. */
export interface StudentResults {
  student: string;
  name?: string;
  /** A file name for reports on this student, without ending: safe and distinct on every system. */
  slug: string;
  submissions: SubmissionResult[];
}

export function byStudent({ submissions }: GradeReport): StudentResults[] {
  const students = new Map<string, SubmissionResult[]>();
  for (const submission of submissions)
    students.set(submission.student, [...(students.get(submission.student) ?? []), submission]);
  const slugs = slugsOf([...students.keys()]);
  return [...students].map(([student, own]) => {
    const name = own.find((submission) => submission.name !== undefined)?.name;
    return { student, ...(name !== undefined && { name }), slug: slugs.get(student)!, submissions: own };
  });
}

/** How reports call a student. */
export function titleOf({ student, name }: Pick<StudentResults, "student" | "name">): string {
  return name === undefined ? student : `${name} (${student})`;
}

/** What Windows does not take as a file's name. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

function slugsOf(students: readonly string[]): Map<string, string> {
  const plain = students.map((student) =>
    student
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[.-]+|[.-]+$/g, "")
      .slice(0, 60),
  );
  return new Map(
    students.map((student, i) => {
      const twins = plain.filter((other) => other.toLowerCase() === plain[i].toLowerCase()).length;
      if (plain[i] === student && twins === 1 && !reserved.test(student)) return [student, student];
      const digest = createHash("sha256").update(student).digest("hex").slice(0, 8);
      return [student, [plain[i], digest].filter(Boolean).join("-")];
    }),
  );
}

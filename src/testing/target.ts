import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect } from "vitest";
import type { SubmissionCode } from "../grader/host.js";
import { Submission } from "./submission.js";

/** Which submission the tests of this file are for, and whether they are the hidden ones. */
interface Target {
  submission: Submission;
  hidden: boolean;
  seed: string;
  /** The one exercise that is asked for; the tests of others are left out. */
  only?: string;
}

let target: Target | undefined;

/** Used by the judge, in the module it makes for each submission, before it imports the lesson's tests. */
export function testSubmission(code: SubmissionCode, seed: string, only?: string): void {
  const submission = new Submission(() => Promise.resolve(code));
  target = { submission, hidden: false, seed, ...(only !== undefined && { only }) };
}

/** Used by the judge: the tests imported from here on are hidden ones. */
export function hideTests(): void {
  currentTarget().hidden = true;
}

/** The target that the judge set or, under plain vitest, the module beside the test file. */
export function currentTarget(): Target {
  return (target ??= { submission: new Submission(findSubmission), hidden: false, seed: "" });
}

export function currentSubmission(): Submission {
  return currentTarget().submission;
}

/** Under plain vitest each test file tests its own folder's module; `GRADLAB_TARGET=solution` names the reference. */
async function findSubmission(): Promise<SubmissionCode> {
  const testPath = expect.getState().testPath;
  if (!testPath) throw new Error("gradlab/testing works inside vitest only");
  const lesson = basename(dirname(testPath));
  const candidates =
    process.env.GRADLAB_TARGET === "solution"
      ? [join(dirname(testPath), "../../solutions", lesson, "solution.ts")]
      : [
          join(dirname(testPath), "submission.ts"),
          join(dirname(testPath), "../../exercises", lesson, "submission.ts"),
        ];
  const file = candidates.find((candidate) => existsSync(candidate));
  if (!file) throw new Error(`no submission beside ${testPath}: expected ${candidates.join(" or ")}`);
  // Loaded only here: the judge compiles for itself, and the compiler takes longer to load than most tests to run.
  const { compileSubmission } = await import("../course/compile.js");
  return compileSubmission(readFileSync(file, "utf8"));
}

import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect } from "vitest";
import type { SubmissionCode } from "../grader/host.js";
import { processTier } from "../grader/isolation.js";
import { defaultLimits, type Limits } from "../grader/limits.js";
import type { Tier } from "../grader/results.js";
import { Budget, Submission } from "./submission.js";

/** Which submission the tests of this file are for, and whether they are the hidden ones. */
interface Target {
  submission: Submission;
  hidden: boolean;
  seed: string;
  /** The one exercise that is asked for; the tests of others are left out. */
  only?: string;
  limitsOf: (exercise: string) => Limits;
  /** Of exercises whose tests are registered. */
  budgets: Map<string, Budget>;
}

/** What the judge says of a submission beside its code. */
export interface Terms {
  /** How it is isolated. */
  tier: Tier;
  /** What its exercises may use, by their names. */
  limits: Record<string, Limits>;
  /** Random inputs of hidden tests are drawn from this. */
  seed: string;
  /** Only this exercise, or all. */
  only?: string;
}

let target: Target | undefined;

/** A test file, as the judge names it, and how to load it. */
export interface TestFile {
  file: string;
  hidden: boolean;
  load: () => Promise<unknown>;
}

/** Used by the judge, in the module it makes for each submission: registers the tests of these files for it. */
export async function testSubmission(
  code: SubmissionCode,
  { tier, limits, ...terms }: Terms,
  files: readonly TestFile[],
): Promise<void> {
  const submission = new Submission(() => Promise.resolve(code), tier);
  const limitsOf = (exercise: string) => limits[exercise] ?? defaultLimits;
  target = { ...terms, submission, hidden: false, limitsOf, budgets: new Map() };
  for (const { file, hidden, load } of files) {
    const exercises = await exercisesOf(file, load);
    target.hidden = hidden;
    for (const register of exercises) register();
  }
}

type Registration = () => void;
const known = new Map<string, Registration[]>();
let recorded: Registration[] | undefined;

/** What a test file registers. It is loaded once, for all submissions that this thread tests. */
async function exercisesOf(file: string, load: TestFile["load"]): Promise<Registration[]> {
  const before = known.get(file);
  if (before) return before;
  recorded = [];
  try {
    await load();
    known.set(file, recorded);
    return recorded;
  } finally {
    recorded = undefined;
  }
}

/** Registers the tests of an exercise: now or, while the judge loads their file, for every submission that comes. */
export function register(registration: Registration): void {
  if (recorded) recorded.push(registration);
  else registration();
}

/** The target that the judge set or, under plain vitest, the module beside the test file. */
export function currentTarget(): Target {
  return (target ??= {
    submission: new Submission(findSubmission, processTier),
    hidden: false,
    seed: "",
    limitsOf: () => defaultLimits,
    budgets: new Map(),
  });
}

/** The time and the limits of an exercise: one budget for its public and its hidden tests, unless they ask for different times. */
export function budgetOf(exercise: string, milliseconds: number | undefined): Budget {
  const { limitsOf, budgets } = currentTarget();
  const limits = limitsOf(exercise);
  const { wallSeconds } = milliseconds === undefined ? limits : { wallSeconds: milliseconds / 1000 };
  const key = `${exercise} ${wallSeconds}`;
  const budget = budgets.get(key) ?? new Budget({ ...limits, wallSeconds });
  budgets.set(key, budget);
  return budget;
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
  return await compileSubmission(readFileSync(file, "utf8"));
}

import { createHash } from "node:crypto";
import { afterAll, describe, test as vitestTest, type TaskMeta } from "vitest";
import { messageOf } from "../errors.js";
import { HostError, StudentError } from "../grader/host.js";
import { shortened } from "../grader/printable.js";
import type { ComparisonResult, TestStatus } from "../grader/results.js";
import { Generator } from "../tensor/random.js";
import { budgetOf, currentTarget, register } from "./target.js";

declare module "vitest" {
  interface TaskMeta {
    /** What gradlab's reports need to know of a test beside vitest's own result. */
    gradlab?: TestRecord;
  }
}

/** What a test's meta data tell of it. */
export interface TestRecord {
  exercise: string;
  hidden: boolean;
  gated: boolean;
  hint?: string;
  /** Set once the test has run; a test that never got there has none and does not count as passed. */
  status?: TestStatus;
  message?: string;
  comparison?: ComparisonResult | undefined;
  /** How the submission's process ended, if it did during this test. */
  failure?: HostError["failure"];
}

/** What holds for all tests of an exercise. */
export interface ExerciseOptions {
  /**
   * Milliseconds that all its tests together may take; a single one may take half of them. Default: what the course's
   * configuration says, or else 10 000.
   */
  timeout?: number;
}

/** What holds for one test. */
export interface TestOptions {
  /** Shown when the test fails: the likely mistake and where to look. */
  hint?: string;
  /** For tests that an empty answer would pass ("throws on …"): counts only if an ungated test of the exercise passes. */
  gated?: boolean;
}

/** What a test is given. */
export interface TestContext {
  /** Uniform numbers in [0, 1), the same in every run; each student's own if the grader seeds by student. */
  random: () => number;
}

type TestBody = (context: TestContext) => unknown;
/** Adds a test to the exercise, as vitest's `test` does. */
export interface ExerciseTest {
  /** A test that must not throw. */
  (name: string, body: TestBody): void;
  /** The same, with a hint or a gate. */
  (name: string, options: TestOptions, body: TestBody): void;
}
type ExerciseBody = (context: { test: ExerciseTest }) => void;

/**
 * The tests of one exercise. How many points it is worth stands in the lesson's master. In the grader a test file is loaded once and
 * its exercises' bodies run for each submission: what stands outside of them is for constants and helpers.
 *
 * @example
 * exercise("sigmoid-grad", ({ test }) => {
 *   test("at 0 the slope is 1/4", async () => { expect(await student.sigmoidGrad(0)).toBeAllClose(0.25); });
 * });
 */
export function exercise(name: string, body: ExerciseBody): void;
export function exercise(name: string, options: ExerciseOptions, body: ExerciseBody): void;
export function exercise(name: string, ...rest: [ExerciseBody] | [ExerciseOptions, ExerciseBody]): void {
  const [options, body] = rest.length === 1 ? [{} as ExerciseOptions, rest[0]] : rest;
  register(() => registerExercise(name, options, body));
}

function registerExercise(name: string, options: ExerciseOptions, body: ExerciseBody): void {
  const { submission, hidden, seed: studentSeed, only } = currentTarget();
  if (only !== undefined && only !== name) return;
  const budget = budgetOf(name, options.timeout);
  // Public tests draw the same numbers for everyone: what the notebook says is what the grader says.
  const seed = hidden ? studentSeed : "";

  describe(name, () => {
    const test: ExerciseTest = (testName: string, ...testRest: [TestBody] | [TestOptions, TestBody]) => {
      const [testOptions, testBody] = testRest.length === 1 ? [{} as TestOptions, testRest[0]] : testRest;
      const { hint, gated = false } = testOptions;
      const record: TestRecord = { exercise: name, hidden, gated, ...(hint !== undefined && { hint }) };
      const meta: TaskMeta = { gradlab: record };
      // The time limit is the submission's; vitest's own is a safety net behind it.
      vitestTest(testName, { meta, timeout: budget.limits.wallSeconds * 1000 + 20_000 }, async ({ task }) => {
        const start = performance.now() - submission.startMilliseconds;
        let generator: Generator | undefined;
        const random = () => (generator ??= new Generator(seedOf(`${seed}/${name}/${testName}`))).uniform();
        submission.allow(budget);
        try {
          await testBody({ random });
          if (submission.failure) throw submission.failure;
          task.meta.gradlab = { ...record, status: "passed" };
        } catch (error) {
          const because = submission.loadError && { failure: submission.loadError.failure };
          task.meta.gradlab = { ...record, ...task.meta.gradlab, ...because, ...describeFailure(error) };
          throw error;
        } finally {
          budget.spend(performance.now() - submission.startMilliseconds - start);
        }
      });
    };
    body({ test });
  });
  afterAll(() => submission.close());
}

/** 48 bits of a hash: a seed for each test of each student. */
function seedOf(text: string): number {
  return createHash("sha256").update(text).digest().readUIntLE(0, 6);
}

const helperAdvice =
  ": put helpers into the exercise's own cell, or tag their cell with /** @shared a-name */ and run it again";

function withAdvice(message: string): string {
  return /^ReferenceError: .* is not defined/.test(message) ? message + helperAdvice : message;
}

function describeFailure(error: unknown): Pick<TestRecord, "status" | "message" | "failure"> {
  const message = shortened(messageOf(error));
  if (error instanceof HostError) {
    const status = error.failure === "timeout" ? "timeout" : "error";
    return { status, message: withAdvice(message), failure: error.failure };
  }
  if (error instanceof StudentError)
    return { status: "error", message: withAdvice(`${error.name}: ${message}`) };
  return { status: "failed", message };
}

import { stripVTControlCharacters } from "node:util";
import type { Assembled, ExerciseState } from "../course/assemble.js";
import { readConfig, type CourseConfig } from "../course/config.js";
import { exerciseNames, type LessonFiles } from "../course/course.js";
import type { LessonManifest, ManifestExercise } from "../course/tangle.js";
import { messageOf } from "../errors.js";
import type { SubmissionCode } from "./host.js";
import { processTier } from "./isolation.js";
import type { Assignment, Report, TestReport } from "./judge-runner.js";
import { JudgeThreads } from "./judge-threads.js";
import type { Outcome } from "./outcomes.js";
import type { ExerciseResult, TestResult, Tier } from "./results.js";

/** How a judge is set up. */
export interface JudgeOptions {
  /** How many submissions may be tested at a time. */
  workers?: number;
  /** How they are isolated. Whoever starts the judge must have seen that this machine can do it. */
  tier?: Tier;
  /** How submissions are compiled that are not to be trusted. Default: in this process. */
  compile?: (source: string) => Promise<SubmissionCode>;
}

/** One submission for the judge: what to run, and which tests to run against it. */
export interface Job {
  files: LessonFiles;
  manifest: LessonManifest;
  submission: Assembled;
  /** Also the hidden tests, or only those that the student has. */
  hidden: boolean;
  /** Only this exercise, or all. */
  exercise?: string;
  /** Random inputs are drawn from this. */
  seed: string;
}

export interface Verdict {
  exercises: ExerciseResult[];
  durationMs: number;
}

/**
 * The trusted side of the grader: one vitest, kept for many submissions, whose threads run the tests of lessons. The submission itself
 * runs in a host process (host.ts).
 */
export class Judge {
  readonly #courseRoot: string;
  readonly #config: CourseConfig;
  readonly #workers: number;
  readonly #tier: Tier;
  readonly #compile: (source: string) => Promise<SubmissionCode>;
  #threads: Promise<JudgeThreads> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #retries: Promise<unknown> = Promise.resolve();

  private constructor(
    courseRoot: string,
    { workers = 1, tier = processTier, compile = compileHere }: JudgeOptions,
  ) {
    this.#courseRoot = courseRoot;
    this.#config = readConfig(courseRoot);
    this.#workers = workers;
    this.#tier = tier;
    this.#compile = compile;
  }

  /** @throws UserError if the course's configuration cannot be read */
  static async start(courseRoot: string, options: JudgeOptions = {}): Promise<Judge> {
    ignoreDebugger();
    const judge = new Judge(courseRoot, options);
    await judge.#ready();
    return judge;
  }

  #ready(): Promise<JudgeThreads> {
    return (this.#threads ??= JudgeThreads.start(this.#courseRoot, this.#workers));
  }

  /** Tests submissions, as many at a time as there are threads. Verdicts come in the order of the jobs. */
  run(jobs: readonly Job[]): Promise<Verdict[]> {
    return Promise.all(jobs.map((job) => this.test(job)));
  }

  /**
   * Tests a submission; again, if the tests failed for reasons that are not its own. No two are tested again at a time: the one may be
   * the reason why the other failed.
   */
  async test(job: Job): Promise<Verdict> {
    let verdict = await this.#testOnce(job);
    for (let tries = 1; tries < mostTries && isInfrastructure(verdict); tries++) {
      const retry = this.#retries.then(() => this.#testOnce(job));
      this.#retries = retry.catch(() => {});
      verdict = await retry;
    }
    return verdict;
  }

  async #testOnce(job: Job): Promise<Verdict> {
    const starting = this.#ready();
    const threads = await starting;
    let begun = false;
    const assign = () => {
      begun = true;
      return this.#assignmentOf(job);
    };
    try {
      return verdictOf(job, await threads.test(assign));
    } catch (error) {
      if (this.#threads === starting) this.#replace(threads);
      if (!begun) return this.#testOnce(job);
      return verdictOf(job, { tests: [], problem: messageOf(error), durationMs: 0 });
    }
  }

  async #assignmentOf({ files, manifest, submission, hidden, seed, exercise }: Job): Promise<Assignment> {
    const code = { ...(await this.#compile(submission.source)), spans: submission.spans };
    const limits = Object.fromEntries(
      exerciseNames(manifest).map((name) => [name, this.#config.limitsOf(name)]),
    );
    const testFiles = [
      { file: files.publicTests, hidden: false },
      ...(hidden ? [{ file: files.hiddenTests, hidden: true }] : []),
    ];
    const only = exercise !== undefined && { only: exercise };
    return { code, terms: { tier: this.#tier, limits, seed, ...only }, testFiles };
  }

  /** Threads of which one is lost are given up, with what they test; what comes next gets new ones. */
  #replace(threads: JudgeThreads): void {
    this.#threads = undefined;
    this.#closing = this.#closing.then(() => threads.close());
  }

  /** What is being tested comes to its end; what waits is forgotten. */
  async close(): Promise<void> {
    await (await this.#threads)?.close();
    await this.#closing;
  }
}

/** How often a submission is tested before its failure is reported as one of the infrastructure. */
const mostTries = 3;

/** Whether an answer says nothing of the submission: it is not kept, and the next run tries again. */
export function isInfrastructure({ exercises }: Verdict): boolean {
  return exercises.some(({ outcome }) => outcome === "infrastructure");
}

/** A process of the same user could otherwise have Node open its inspector here, and take the judge over. */
function ignoreDebugger(): void {
  if (process.platform !== "win32" && process.listenerCount("SIGUSR1") === 0) process.on("SIGUSR1", () => {});
}

async function compileHere(source: string): Promise<SubmissionCode> {
  const { compileSubmission } = await import("../course/compile.js");
  return compileSubmission(source);
}

function verdictOf({ manifest, exercise: only, submission }: Job, report: Report): Verdict {
  const problem = stripVTControlCharacters(report.problem);
  const exercises = manifest.cells
    .filter((cell) => cell.kind === "exercise")
    .filter(({ name }) => only === undefined || name === only)
    .map((exercise) => {
      const own = report.tests.filter(({ record }) => record?.exercise === exercise.name);
      return exerciseResult(exercise, own, submission.exercises.get(exercise.name)!, problem);
    });
  return { exercises, durationMs: report.durationMs };
}

/** Scores an exercise: its points times the share of its tests that passed. */
function exerciseResult(
  { name, points }: ManifestExercise,
  reports: readonly TestReport[],
  { state, message }: ExerciseState,
  problem: string,
): ExerciseResult {
  const answered = state === "answered";
  const ungatedPass = reports.some((test) => passed(test) && test.record?.gated === false);
  const tests = reports.map((test) => testResult(test, answered, ungatedPass));
  const passes = tests.filter(({ status }) => status === "passed").length;
  const score = tests.length > 0 ? (points * passes) / tests.length : 0;
  if (tests.length === 0) {
    const reason = problem || "the tests of this exercise did not run";
    return { name, points, score: 0, outcome: "infrastructure", message: reason, tests };
  }
  const hint =
    reports.map((test, i) => (tests[i].status === "passed" ? "" : (test.record?.hint ?? ""))).find(Boolean) ??
    "";
  const outcome = answerOutcomes[state] ?? outcomeOfTests(reports);
  return { name, points, score, outcome, message: answered ? hint : message, tests };
}

/** Outcomes of exercises that are decided by what there is of an answer. */
const answerOutcomes: Partial<Record<ExerciseState["state"], Outcome>> = {
  missing: "error",
  broken: "error",
  forbidden: "flagged",
};

function passed(test: TestReport): boolean {
  return test.passed && test.record?.status === "passed";
}

function testResult(test: TestReport, answered: boolean, ungatedPass: boolean): TestResult {
  const record = test.record!;
  const result = {
    name: test.name,
    hidden: record.hidden,
    durationMs: Math.round(test.durationMs * 10) / 10,
    ...(record.comparison && { comparison: record.comparison }),
  };
  // Nothing passes on behalf of an answer that is not there, and an error test only beside a right answer.
  if (passed(test) && answered && (!record.gated || ungatedPass))
    return { ...result, status: "passed", message: "" };
  if (passed(test))
    return { ...result, status: "failed", message: "counts once another test of this exercise passes" };
  const status = record.status && record.status !== "passed" ? record.status : "error";
  return { ...result, status, message: record.message ?? test.message ?? "the test did not finish" };
}

/** What went wrong first: what comes after it may be its consequence. But what casts doubt on the result itself comes before all. */
function outcomeOfTests(tests: readonly TestReport[]): Outcome {
  const failures = tests.flatMap((test) => test.record?.failure ?? []);
  return (
    (["infrastructure", "flagged"] as const).find((outcome) => failures.includes(outcome)) ??
    failures[0] ??
    "graded"
  );
}

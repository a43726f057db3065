import { basename } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { TestCase, TestModule, Vitest } from "vitest/node";
import type { Assembled, ExerciseState } from "../course/assemble.js";
import { compileSubmission } from "../course/compile.js";
import { readConfig, type CourseConfig } from "../course/config.js";
import { exerciseNames, type LessonFiles } from "../course/course.js";
import type { LessonManifest, ManifestExercise } from "../course/tangle.js";
import { compiledFile } from "../package.js";
import type { TestRecord } from "../testing/exercise.js";
import { processTier } from "./isolation.js";
import type { Outcome } from "./outcomes.js";
import type { ExerciseResult, TestResult, Tier } from "./results.js";
import type { Terms } from "../testing/target.js";

/** How a judge is set up. */
export interface JudgeOptions {
  /** How many submissions may be tested at a time. */
  workers?: number;
  /** How they are isolated. Whoever starts the judge must have seen that this machine can do it. */
  tier?: Tier;
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

interface RunningJob extends Job {
  /** The path of the module that is made for it; there is no such file. */
  module: string;
  onEnd: (testModule: TestModule) => void;
}

/**
 * The trusted side of the grader: one vitest, kept for many submissions. Each submission gets a small module of its own that names
 * its code and then imports the lesson's tests. The tests run here, the submission in a host process (host.ts).
 */
export class Judge {
  readonly #vitest: Vitest;
  readonly #jobs: Map<string, RunningJob>;
  #count = 0;

  private constructor(vitest: Vitest, jobs: Map<string, RunningJob>) {
    this.#vitest = vitest;
    this.#jobs = jobs;
  }

  /** @throws UserError if the course's configuration cannot be read */
  static async start(
    courseRoot: string,
    { workers = 1, tier = processTier }: JudgeOptions = {},
  ): Promise<Judge> {
    ignoreDebugger();
    const config = readConfig(courseRoot);
    const jobs = new Map<string, RunningJob>();
    // Loaded with the first judge, not with the module: `gradlab --help` needs none.
    const { createVitest } = await import("vitest/node");
    const dropNewListeners = rememberSignalListeners();
    const vitest = await createVitest(
      "test",
      {
        root: courseRoot,
        config: false,
        watch: false,
        api: { middlewareMode: true },
        cache: false,
        include: [],
        pool: "threads",
        isolate: false,
        maxWorkers: workers,
        reporters: [
          {
            onTestModuleEnd: (testModule) => jobs.get(basename(testModule.moduleId))?.onEnd(testModule),
          },
        ],
        server: { deps: { external: [/\/dist\/(testing|index)/] } },
      },
      {
        logLevel: "silent",
        plugins: [
          {
            name: "gradlab-submissions",
            enforce: "pre",
            resolveId(id) {
              if (id === "gradlab/testing") return { id: compiledFile("testing/index.js"), external: true };
              if (id === "gradlab") return { id: compiledFile("index.js"), external: true };
              // Vite asks for files below its root by paths that begin there.
              return jobs.get(basename(id))?.module;
            },
            async load(id) {
              const job = jobs.get(basename(id));
              return job && submissionModule(job, tier, config);
            },
          },
        ],
      },
    );
    dropNewListeners();
    return new Judge(vitest, jobs);
  }

  /**
   * Tests submissions; verdicts come in the order of the jobs, and each is told as soon as it is there. What failed for reasons that
   * are not the submission's is tested again, alone.
   */
  async run(jobs: readonly Job[], onVerdict?: (index: number, verdict: Verdict) => void): Promise<Verdict[]> {
    const verdicts = await this.#runOnce(jobs, (i, verdict) => {
      if (!isInfrastructure(verdict)) onVerdict?.(i, verdict);
    });
    for (const [i, job] of jobs.entries()) {
      if (!isInfrastructure(verdicts[i])) continue;
      for (let tries = 1; tries < mostTries && isInfrastructure(verdicts[i]); tries++)
        [verdicts[i]] = await this.#runOnce([job], () => {});
      onVerdict?.(i, verdicts[i]);
    }
    return verdicts;
  }

  async #runOnce(
    jobs: readonly Job[],
    onVerdict: (index: number, verdict: Verdict) => void,
  ): Promise<Verdict[]> {
    const project = this.#vitest.getRootProject();
    const verdicts: Verdict[] = [];
    const running = jobs.map((job, i): RunningJob => {
      const module = `${this.#vitest.config.root}/gradlab-submission-${this.#count++}.test.js`;
      const onEnd = (testModule: TestModule) => onVerdict(i, (verdicts[i] = verdictOf(job, testModule)));
      return { ...job, module, onEnd };
    });
    for (const job of running) this.#jobs.set(basename(job.module), job);
    const { exitCode } = process;
    await this.#vitest.runTestSpecifications(
      running.map(({ module }) => project.createSpecification(module)),
    );
    // Failing tests are a result here; vitest would have the process fail.
    process.exitCode = exitCode;
    for (const { module } of running) this.#jobs.delete(basename(module));
    return jobs.map((job, i) => verdicts[i] ?? verdictOf(job, undefined));
  }

  async close(): Promise<void> {
    await this.#vitest.close();
  }
}

/** How often a submission is tested before its failure is reported as one of the infrastructure. */
const mostTries = 3;

function isInfrastructure({ exercises }: Verdict): boolean {
  return exercises.some(({ outcome }) => outcome === "infrastructure");
}

/** A process of the same user could otherwise have Node open its inspector here, and take the judge over. */
function ignoreDebugger(): void {
  if (process.platform !== "win32" && process.listenerCount("SIGUSR1") === 0) process.on("SIGUSR1", () => {});
}

/** Vitest would end the process when a signal comes. That is for the command to decide: it may have something to finish. */
function rememberSignalListeners(): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const before = signals.map((signal) => process.listeners(signal));
  return () => {
    for (const [i, signal] of signals.entries())
      for (const listener of process.listeners(signal))
        if (!before[i].includes(listener)) process.off(signal, listener);
  };
}

async function submissionModule(job: RunningJob, tier: Tier, config: CourseConfig): Promise<string> {
  const { files, manifest, submission, hidden, seed, exercise } = job;
  const code = { ...(await compileSubmission(submission.source)), spans: submission.spans };
  const limits = Object.fromEntries(exerciseNames(manifest).map((name) => [name, config.limitsOf(name)]));
  const terms: Terms = { tier, limits, seed, ...(exercise !== undefined && { only: exercise }) };
  const testFile = (file: string, isHidden: boolean) => {
    const path = JSON.stringify(file);
    return `{ file: ${path}, hidden: ${isHidden}, load: () => import(${path}) }`;
  };
  const testFiles = [
    testFile(files.publicTests, false),
    ...(hidden ? [testFile(files.hiddenTests, true)] : []),
  ];
  return [
    `import { testSubmission } from ${JSON.stringify(compiledFile("testing/target.js"))};`,
    `await testSubmission(${JSON.stringify(code)}, ${JSON.stringify(terms)}, [${testFiles.join()}]);`,
  ].join("\n");
}

function verdictOf(job: Job, testModule: TestModule | undefined): Verdict {
  const tests = testModule ? [...testModule.children.allTests()] : [];
  const problem = testModule
    ? testModule
        .errors()
        .map(({ message }) => stripVTControlCharacters(message))
        .join("\n")
    : "vitest lost this submission";
  const exercises = job.manifest.cells
    .filter((cell) => cell.kind === "exercise")
    .filter(({ name }) => job.exercise === undefined || name === job.exercise)
    .map((exercise) => {
      const own = tests.filter((test) => recordOf(test)?.exercise === exercise.name);
      return exerciseResult(exercise, own, job.submission.exercises.get(exercise.name)!, problem);
    });
  return { exercises, durationMs: testModule?.diagnostic().duration ?? 0 };
}

function recordOf(test: TestCase): TestRecord | undefined {
  return test.meta().gradlab;
}

/** Scores an exercise: its points times the share of its tests that passed. */
function exerciseResult(
  { name, points }: ManifestExercise,
  testCases: readonly TestCase[],
  { state, message }: ExerciseState,
  problem: string,
): ExerciseResult {
  const answered = state === "answered";
  const ungatedPass = testCases.some((test) => passed(test) && recordOf(test)?.gated === false);
  const tests = testCases.map((test) => testResult(test, answered, ungatedPass));
  const passes = tests.filter(({ status }) => status === "passed").length;
  const score = tests.length > 0 ? (points * passes) / tests.length : 0;
  if (tests.length === 0) {
    const reason = problem || "the tests of this exercise did not run";
    return { name, points, score: 0, outcome: "infrastructure", message: reason, tests };
  }
  const hint =
    testCases
      .map((test, i) => (tests[i].status === "passed" ? "" : (recordOf(test)?.hint ?? "")))
      .find(Boolean) ?? "";
  const outcome = answerOutcomes[state] ?? outcomeOfTests(testCases);
  return { name, points, score, outcome, message: answered ? hint : message, tests };
}

/** Outcomes of exercises that are decided by what there is of an answer. */
const answerOutcomes: Partial<Record<ExerciseState["state"], Outcome>> = {
  missing: "error",
  broken: "error",
  forbidden: "flagged",
};

function passed(test: TestCase): boolean {
  return test.result().state === "passed" && recordOf(test)?.status === "passed";
}

function testResult(test: TestCase, answered: boolean, ungatedPass: boolean): TestResult {
  const record = recordOf(test)!;
  const result = {
    name: test.name,
    hidden: record.hidden,
    durationMs: Math.round((test.diagnostic()?.duration ?? 0) * 10) / 10,
    ...(record.comparison && { comparison: record.comparison }),
  };
  // Nothing passes on behalf of an answer that is not there, and an error test only beside a right answer.
  if (passed(test) && answered && (!record.gated || ungatedPass))
    return { ...result, status: "passed", message: "" };
  if (passed(test))
    return { ...result, status: "failed", message: "counts once another test of this exercise passes" };
  const vitestMessage = test.result().errors?.[0]?.message ?? "the test did not finish";
  const status = record.status && record.status !== "passed" ? record.status : "error";
  return { ...result, status, message: record.message ?? vitestMessage };
}

/** What went wrong first: what comes after it may be its consequence. But what casts doubt on the result itself comes before all. */
function outcomeOfTests(tests: readonly TestCase[]): Outcome {
  const failures = tests.flatMap((test) => recordOf(test)?.failure ?? []);
  return (
    (["infrastructure", "flagged"] as const).find((outcome) => failures.includes(outcome)) ??
    failures[0] ??
    "graded"
  );
}

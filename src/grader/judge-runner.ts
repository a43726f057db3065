import { basename } from "node:path";
import { BroadcastChannel } from "node:worker_threads";
import { getFn, startTests, type File, type Task, type Test, type VitestRunnerConfig } from "@vitest/runner";
import { getTests } from "@vitest/runner/utils";
import { TestRunner } from "vitest";
import { messageOf } from "../errors.js";
import type { TestRecord } from "../testing/exercise.js";
import { testSubmission, type Terms } from "../testing/target.js";
import type { SubmissionCode } from "./host.js";
import { shortened } from "./printable.js";

/** What a thread of the judge is to test. */
export interface Assignment {
  code: SubmissionCode;
  terms: Terms;
  testFiles: { file: string; hidden: boolean }[];
}

/** What came of it. */
export interface Report {
  tests: TestReport[];
  /** Why there are no tests, if so. */
  problem: string;
  durationMs: number;
}

export interface TestReport {
  name: string;
  /** Whether vitest saw it pass. */
  passed: boolean;
  durationMs: number;
  message: string | undefined;
  record: TestRecord | undefined;
}

/** What the judge and its thread tell each other, beside assignments and reports. */
export const ready = "ready";
export const end = "end";

/** The name of the one test file that a thread is given, and of its channel to the judge. */
export const threadName = (id: number) => `gradlab-judge-${id}.test.js`;
const isThreadName = (name: string) => /^gradlab-judge-\d+\.test\.js$/.test(name);

/**
 * vitest's runner in a thread of the judge. Starting a thread takes as long as testing several submissions, so it has one for many: its
 * only test file, which does not exist, lasts as long as there are submissions to test.
 */
export default class JudgeRunner extends TestRunner {
  /** One for all: vitest keeps every runner until its thread ends. */
  readonly #runner = new SubmissionRunner(this.config);

  override async importFile(...[path, source]: Parameters<TestRunner["importFile"]>): Promise<unknown> {
    if (!isThreadName(basename(path))) return super.importFile(path, source);
    await this.#serve(new BroadcastChannel(basename(path)));
    // Or vitest would take the tests of the last submission for those of this file.
    throw new Error("there are no more submissions");
  }

  #serve(channel: BroadcastChannel): Promise<void> {
    return new Promise((resolve) => {
      channel.onmessage = (event) => {
        const { data } = event as { data: Assignment | typeof end };
        if (data !== end)
          return void this.#test(data)
            .catch(noReport)
            .then((report) => channel.postMessage(report));
        channel.close();
        resolve();
      };
      channel.postMessage(ready);
    });
  }

  async #test({ code, terms, testFiles }: Assignment): Promise<Report> {
    const files = testFiles.map((testFile) => ({
      ...testFile,
      load: () => Promise.resolve(super.importFile(testFile.file, "collect")),
    }));
    const start = performance.now();
    this.#runner.register = () => testSubmission(code, terms, files);
    const [file] = await startTests([`${this.config.root}/gradlab-submission.test.js`], this.#runner);
    await this.#runner.forget();
    return { ...reportOf(file), durationMs: performance.now() - start };
  }
}

function noReport(error: unknown): Report {
  return { tests: [], problem: messageOf(error), durationMs: 0 };
}

/** Runs what `register` registers, and keeps the results to itself. */
class SubmissionRunner extends TestRunner {
  register: () => Promise<void> = async () => {};

  constructor(config: VitestRunnerConfig) {
    super(config as TestRunner["config"]);
    this.trace = (_name, ...rest: unknown[]) => (rest.at(-1) as () => never)();
  }

  /** Drops what vitest would keep of every suite until the thread ends. */
  forget: () => unknown = () => {};

  override onCleanupWorkerContext(listener: () => unknown): void {
    this.forget = listener;
  }

  override importFile(): Promise<void> {
    return this.register();
  }

  /** Without the values that a failed comparison has: vitest would print them whole, and the reports show its message. */
  async runTask(test: Test): Promise<void> {
    try {
      await getFn(test)();
    } catch (error) {
      throw new Error(messageOf(error));
    }
  }

  // Those of vitest save snapshots, of which the tests of a lesson have none.
  override async onAfterRunSuite(): Promise<void> {}
  override onAfterRunFiles(): void {}
}

function reportOf(file: File): Omit<Report, "durationMs"> {
  return {
    problem: messages(file).join("\n"),
    tests: getTests(file).map((test) => ({
      name: test.name,
      passed: test.result?.state === "pass",
      durationMs: test.result?.duration ?? 0,
      message: messages(test)[0],
      record: test.meta.gradlab,
    })),
  };
}

function messages({ result }: Task): string[] {
  return result?.errors?.map(({ message }) => shortened(message)) ?? [];
}

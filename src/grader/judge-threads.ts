import { BroadcastChannel, type Worker } from "node:worker_threads";
import type { Vitest } from "vitest/node";
import { messageOf } from "../errors.js";
import { compiledFile } from "../package.js";
import { end, ready, threadName, type Assignment, type Report } from "./judge-runner.js";

/** A thread, seen from outside. */
interface Thread {
  channel: BroadcastChannel;
  onReport: (report: Report) => void;
}

let threadCount = 0;

/** The threads of one vitest, each of which tests one submission after the other. */
export class JudgeThreads {
  readonly #vitest: Vitest;
  readonly #free: Thread[] = [];
  readonly #waiting: ((thread: Thread) => void)[] = [];
  readonly #tests = new Set<Promise<unknown>>();
  readonly #channels: BroadcastChannel[] = [];
  /** Vitest's one run. It ends with the threads. */
  #run: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;
  readonly #onFailure = new Set<(error: Error) => void>();

  private constructor(vitest: Vitest) {
    this.#vitest = vitest;
  }

  static async start(courseRoot: string, count: number): Promise<JudgeThreads> {
    // Loaded with the first judge, not with the module: `gradlab --help` needs none.
    const { createVitest, ThreadsPoolWorker } = await import("vitest/node");
    const dropNewListeners = rememberSignalListeners();
    class WatchedThread extends ThreadsPoolWorker {
      override async start(): Promise<void> {
        await super.start();
        this.on("exit", () => threads.#fail(new Error("vitest lost a thread")));
        this.on("error", (error: Error) => {
          // Vitest has two events for one end, and nobody left to tell the second: this process would end of it.
          (this as unknown as { thread: Worker }).thread.removeAllListeners("exit");
          threads.#fail(new Error(`vitest lost a thread: ${messageOf(error)}`));
        });
      }
    }
    const vitest = await createVitest(
      "test",
      {
        root: courseRoot,
        config: false,
        watch: false,
        api: { middlewareMode: true },
        cache: false,
        include: [],
        pool: { name: "judge", createPoolWorker: (options) => new WatchedThread(options) },
        isolate: false,
        maxWorkers: count,
        reporters: [{}],
        runner: compiledFile("grader/judge-runner.js"),
        server: { deps: { external: [/\/dist\/(testing|index|grader)/] } },
      },
      {
        logLevel: "silent",
        plugins: [
          {
            name: "gradlab-testing",
            enforce: "pre",
            resolveId(id) {
              if (id === "gradlab/testing") return { id: compiledFile("testing/index.js"), external: true };
              if (id === "gradlab") return { id: compiledFile("index.js"), external: true };
              return undefined;
            },
          },
        ],
      },
    );
    dropNewListeners();
    const threads = new JudgeThreads(vitest);
    await threads.#start(Array.from({ length: count }, () => threadName(threadCount++)));
    return threads;
  }

  async #start(names: readonly string[]): Promise<void> {
    const project = this.#vitest.getRootProject();
    const root = this.#vitest.config.root;
    const opened = names.map((name) => this.#open(name));
    const { exitCode } = process;
    this.#run = this.#vitest
      .runTestSpecifications(names.map((name) => project.createSpecification(`${root}/${name}`)))
      .then(({ unhandledErrors }) => {
        // A run that ends like this one has failed, for which vitest would have the process fail.
        process.exitCode = exitCode;
        // Not all are instances of Error: some come from threads.
        const reasons = unhandledErrors.map((error) => ((error as Error).cause ?? error) as Error);
        this.#fail(new Error(`vitest has ended: ${reasons.map(({ message }) => message).join("; ")}`));
      });
    await this.#unlessFailed(Promise.all(opened));
  }

  /** Resolves once the thread is there. */
  #open(name: string): Promise<void> {
    const channel = new BroadcastChannel(name);
    channel.unref();
    this.#channels.push(channel);
    return new Promise((resolve) => {
      const thread: Thread = { channel, onReport: () => {} };
      channel.onmessage = (event) => {
        const { data } = event as { data: Report | typeof ready };
        if (data !== ready) return thread.onReport(data);
        this.#free.push(thread);
        resolve();
      };
    });
  }

  /** Waits for a free thread, and for what it says of the submission; `assign` is called once there is one. */
  async test(assign: () => Promise<Assignment>): Promise<Report> {
    const turn = new Promise<Thread>((resolve) => this.#waiting.push(resolve));
    this.#release();
    const thread = await this.#unlessFailed(turn);
    const test = report(thread, assign);
    this.#tests.add(test);
    try {
      return await this.#unlessFailed(test);
    } finally {
      this.#tests.delete(test);
      this.#free.push(thread);
      this.#release();
    }
  }

  /** Gives free threads to those that wait. */
  #release(): void {
    while (this.#free.length > 0 && this.#waiting.length > 0) this.#waiting.shift()!(this.#free.pop()!);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const reject of this.#onFailure) reject(error);
  }

  /** Rejects instead once a thread is lost. */
  #unlessFailed<Value>(work: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      // Not a race with a promise of that failure, which would keep every result for as long as there is none.
      this.#onFailure.add(reject);
      void work.then(resolve, reject).finally(() => this.#onFailure.delete(reject));
    });
  }

  /** What is being tested comes to its end; what waits is forgotten. */
  async close(): Promise<void> {
    this.#waiting.splice(0);
    await this.#unlessFailed(Promise.allSettled(this.#tests)).catch(() => {});
    this.#onFailure.clear();
    for (const channel of this.#channels) channel.postMessage(end);
    await this.#run;
    for (const channel of this.#channels) channel.close();
    await this.#vitest.close();
  }
}

async function report(thread: Thread, assign: () => Promise<Assignment>): Promise<Report> {
  const assignment = await assign();
  return new Promise((resolve) => {
    thread.onReport = resolve;
    thread.channel.postMessage(assignment);
  });
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

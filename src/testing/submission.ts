import { Host, HostError, type HostSettings, type SubmissionCode } from "../grader/host.js";
import type { Limits } from "../grader/limits.js";
import type { Tier } from "../grader/results.js";

/** What the tests of one exercise have used of its time. */
export class Budget {
  readonly limits: Limits;
  #spent = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** Milliseconds that the next test may take: half of all, or what is left. */
  get forOneTest(): number {
    const all = this.limits.wallSeconds * 1000;
    return Math.min(all / 2, all - this.#spent);
  }

  spend(milliseconds: number): void {
    this.#spent += milliseconds;
  }
}

/**
 * The submission that a test file tests: its code and its host process. The host starts at the first call
 * and again after it died, so that a crash costs the test that caused it and no other.
 */
export class Submission {
  readonly #code: () => Promise<SubmissionCode>;
  readonly #tier: Tier;
  #settings: HostSettings | undefined;
  #budget: Budget | undefined;
  #host: Host | undefined;
  #loading: Promise<unknown> = Promise.resolve();
  #loadFailure: Error | undefined;
  #loadError: HostError | undefined;
  #failure: HostError | undefined;
  #deadline = 0;
  #startMilliseconds = 0;

  /** @param code yields the code to run; called once, at the first use */
  constructor(code: () => Promise<SubmissionCode>, tier: Tier) {
    this.#code = code;
    this.#tier = tier;
  }

  /** Gives whatever is asked from now on as much as a test of this budget may take altogether. */
  allow(budget: Budget): void {
    if (this.#budget !== budget) this.#begin(budget);
    const time = budget.forOneTest;
    this.#deadline = time > 0 ? performance.now() + time : 0;
    this.#failure = undefined;
    if (!this.#host?.alive) this.#host = undefined;
  }

  #begin(budget: Budget): void {
    this.#budget = budget;
    const { limits } = budget;
    // Limits are those of a process: another exercise with other limits has one of its own.
    if (this.#settings && !sameLimits(this.#settings.limits, limits)) this.close();
    this.#settings = { tier: this.#tier, limits };
    this.#host?.beginExercise();
  }

  /** How many milliseconds went into starting processes so far. */
  get startMilliseconds(): number {
    return this.#startMilliseconds;
  }

  /** Why there was no answer, if so since the last `allow`. A test may have taken that for the error it waited for. */
  get failure(): HostError | undefined {
    return this.#failure ?? this.#host?.failure;
  }

  /** What the submission threw while it was loaded, if it did. Failed tests may come of that. */
  get loadError(): HostError | undefined {
    return this.#loadError;
  }

  async call(...request: Parameters<Host["call"]>): Promise<unknown> {
    try {
      return await (await this.#ready()).call(...request);
    } catch (error) {
      if (error instanceof HostError) this.#failure = error;
      throw error;
    }
  }

  async #ready(): Promise<Host> {
    if (this.#deadline <= 0)
      throw new HostError("timeout", "no time is left: the tests before this one took it all");
    // Code that does not load will not load the second time: no waiting for it again.
    if (this.#loadFailure) throw this.#loadFailure;
    if (!this.#host?.alive) {
      const host = new Host(() => this.#deadline, this.#settings);
      this.#host = host;
      this.#loading = this.#start(host);
    }
    const host = this.#host;
    try {
      await this.#loading;
    } catch (error) {
      this.#loadFailure = error as Error;
      throw error;
    }
    return host;
  }

  /** Starting the process is no part of the time that the submission has. */
  async #start(host: Host): Promise<void> {
    const code = await this.#code();
    const begun = performance.now();
    await host.prepare(code.usesLibrary);
    const taken = performance.now() - begun;
    this.#startMilliseconds += taken;
    this.#deadline += taken;
    try {
      await host.load(code);
    } catch (error) {
      if (!host.alive || !(error instanceof HostError)) throw error;
      this.#loadError = error;
    }
  }

  close(): void {
    this.#host?.kill();
    this.#host = undefined;
  }
}

/** Whether two exercises can share a process: how long each may take is looked after here. */
function sameLimits(a: Limits, b: Limits): boolean {
  return (Object.keys(a) as (keyof Limits)[]).every((name) => name === "wallSeconds" || a[name] === b[name]);
}

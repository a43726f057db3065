import { Host, type HostError, type SubmissionCode } from "../grader/host.js";

/**
 * The submission that a test file tests: its code and its host process. The host starts at the first call
 * and again after it died, so that a crash costs the test that caused it and no other.
 */
export class Submission {
  readonly #code: () => Promise<SubmissionCode>;
  #host: Host | undefined;
  #loading: Promise<unknown> = Promise.resolve();
  #loadFailure: Error | undefined;
  #deadline = 0;
  #startMilliseconds = 0;

  /** @param code yields the code to run; called once, at the first use */
  constructor(code: () => Promise<SubmissionCode>) {
    this.#code = code;
  }

  /** Gives whatever is asked from now on this long, in milliseconds, altogether. */
  allow(milliseconds: number): void {
    this.#deadline = performance.now() + milliseconds;
    if (!this.#host?.alive) this.#host = undefined;
  }

  /** How many milliseconds went into starting processes so far. */
  get startMilliseconds(): number {
    return this.#startMilliseconds;
  }

  /** How the host ended, if it did since the last `allow`. A test may have taken that for the error it waited for. */
  get failure(): HostError | undefined {
    return this.#host?.failure;
  }

  async call(...request: Parameters<Host["call"]>): Promise<unknown> {
    return (await this.#ready()).call(...request);
  }

  async #ready(): Promise<Host> {
    // Code that does not load will not load the second time: no waiting for it again.
    if (this.#loadFailure) throw this.#loadFailure;
    if (!this.#host?.alive) {
      const host = new Host(() => this.#deadline);
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
  async #start(host: Host): Promise<unknown> {
    const code = await this.#code();
    const begun = performance.now();
    await host.prepare(code.code.includes("gradlab"));
    const taken = performance.now() - begun;
    this.#startMilliseconds += taken;
    this.#deadline += taken;
    return host.load(code);
  }

  close(): void {
    this.#host?.kill();
    this.#host = undefined;
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import type { Assembled } from "../course/assemble.js";
import type { Cell } from "../course/cells.js";
import type { LessonManifest } from "../course/tangle.js";
import { compiledFile } from "../package.js";
import type { SubmissionCode } from "./host.js";
import { launchWithMemory } from "./isolation.js";

/** What can be asked of the process, and what it answers. */
export interface Readings {
  assemble: { asked: { manifest: LessonManifest; cells: readonly Cell[] }; answer: Assembled };
  compile: { asked: { source: string }; answer: SubmissionCode };
}

export type ReadRequest = { [K in keyof Readings]: { kind: K } & Readings[K]["asked"] }[keyof Readings];
export type ReadResponse = { answer: unknown } | { error: string };

/** Milliseconds that one submission may take, a hundred times what it does take. With the start of the process, on a busy machine. */
const patience = 30_000;
const tooLate = `that takes more than ${patience / 1000} s`;
const memoryMegabytes = 1536;

/** Code that cannot be read with the means that a submission has. */
export class ReaderError extends Error {
  override name = "ReaderError";
}

/**
 * Parses and compiles submissions, one after the other, in a process of its own: code can be written that takes a compiler hours, or more memory
 * than there is, and a native one ends its process then.
 */
export class Reader {
  #process: ChildProcess | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** See `assemble`. @throws ReaderError if that cannot be done with the means that a submission has */
  assemble(manifest: LessonManifest, cells: readonly Cell[]): Promise<Assembled> {
    return this.#inTurn({ kind: "assemble", manifest, cells });
  }

  /** See `compileSubmission`. What cannot be compiled with the means that a submission has throws when it is loaded. */
  async compile(source: string): Promise<SubmissionCode> {
    try {
      return await this.#inTurn({ kind: "compile", source });
    } catch (error) {
      if (!(error instanceof ReaderError)) throw error;
      const code = `throw new SyntaxError(${JSON.stringify(error.message)});`;
      return { code, file: "file:///submission.ts", usesLibrary: false };
    }
  }

  #inTurn<K extends keyof Readings>(
    request: { kind: K } & Readings[K]["asked"],
  ): Promise<Readings[K]["answer"]> {
    const reading = this.#turn.then(() => this.#ask(request));
    this.#turn = reading.catch(() => {});
    return reading;
  }

  async #ask(request: object): Promise<never> {
    let response = await this.#answerTo(request);
    // Once more: the process may have ended of something else, such as the system's lack of memory.
    if (typeof response === "string" && response !== tooLate) response = await this.#answerTo(request);
    if (typeof response === "string") throw new ReaderError(`the code cannot be compiled: ${response}`);
    if ("error" in response) throw new Error(response.error);
    return response.answer as never;
  }

  /** A process that gave no answer is not asked again. */
  async #answerTo(request: object): Promise<ReadResponse | string> {
    const response = await answerOf((this.#process ??= start()), request);
    if (typeof response === "string") this.close();
    return response;
  }

  /** What is under way is given up. */
  close(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }
}

function start(): ChildProcess {
  const program = [process.execPath, "--no-warnings", compiledFile("grader/reader-process.js")];
  const { file, args } = launchWithMemory(program, memoryMegabytes);
  const child = spawn(file, args, {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
    // A Ctrl-C at the terminal is the grader's to answer.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  child.on("error", () => {});
  return child;
}

/** What the process says to a request, or why it says nothing. */
function answerOf(child: ChildProcess, request: object): Promise<ReadResponse | string> {
  return new Promise((resolve) => {
    const settle = (outcome: ReadResponse | string) => {
      clearTimeout(timer);
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      resolve(outcome);
    };
    const onMessage = (response: unknown) => settle(response as ReadResponse);
    const onExit = (code: number | null, signal: string | null) =>
      settle(`it ended the compiler (${signal ?? `exit code ${code}`})`);
    const onError = (error: Error) => settle(`the compiler did not start: ${error.message}`);
    const timer = setTimeout(() => settle(tooLate), patience);
    child.once("message", onMessage).once("exit", onExit).once("error", onError);
    child.send(request);
  });
}

import { currentSubmission } from "./target.js";

/** An export of the submission. */
export interface StudentExport {
  (...args: unknown[]): Promise<unknown>;
  /** Constructs it, if it is a class: `await student.Value.new(2)`. */
  new: (...args: unknown[]) => Promise<unknown>;
  /** Calls it and answers with the arguments after the call, too: the submission has copies, and may change them. */
  observe: (...args: unknown[]) => Promise<{ value: unknown; args: unknown[] }>;
  /** Calls it and answers with a handle, also for what is usually copied: a tensor with its graph, an array. */
  keep: (...args: unknown[]) => Promise<unknown>;
}

/**
 * The submission under test, as an object of asynchronous functions: `await student.sigmoid(0)`.
 *
 * The submission runs in another process. Numbers, strings, arrays, typed arrays, tensors and plain objects are
 * copied; functions passed in are called back; functions and class instances that come back are `Handle`s.
 * What the submission throws rejects the promise with a `StudentError`.
 */
export const student: Record<string, StudentExport> = new Proxy(
  {},
  {
    get(_target, name) {
      if (typeof name !== "string" || name === "then") return undefined;
      // Bound here, at the time of use: one worker tests many submissions, one after the other.
      return Object.assign((...args: unknown[]) => currentSubmission().call(name, args), {
        new: (...args: unknown[]) => currentSubmission().call(name, args, "construct"),
        observe: (...args: unknown[]) => currentSubmission().call(name, args, "observe"),
        keep: (...args: unknown[]) => currentSubmission().call(name, args, "keep"),
      });
    },
  },
);

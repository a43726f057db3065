/** What an exercise of a submission may use. Reaching a limit is an outcome with a name; the other exercises still count. */
export interface Limits {
  /** Time that all tests of the exercise together may take; a single one may take half of it. */
  wallSeconds: number;
  /** Processor time of the submission's process, over all its threads. */
  cpuSeconds: number;
  /** Memory of the submission's process: heap, array buffers and WebAssembly together. */
  memoryMegabytes: number;
  /** Processes and threads, of which Node itself has about ten. Counted in the sandbox; elsewhere there can be but one process. */
  processes: number;
  /** The size of a file, and of all files in the sandbox's private folder for temporary ones. */
  fileMegabytes: number;
  /** What is printed. */
  outputMegabytes: number;
  /** Bytes of one value that the submission returns or passes to a callback. */
  resultMegabytes: number;
  /** Numbers, strings, arrays, entries … in one such value; four elements of typed arrays or tensors count as one. */
  resultItems: number;
  /** How deep its arrays and objects may be nested. */
  resultDepth: number;
}

/** Ample for an exercise on a laptop, and little enough that a class of endless loops ends the same day. */
export const defaultLimits: Readonly<Limits> = {
  wallSeconds: 10,
  cpuSeconds: 10,
  memoryMegabytes: 512,
  processes: 32,
  fileMegabytes: 16,
  outputMegabytes: 8,
  resultMegabytes: 64,
  resultItems: 1_000_000,
  resultDepth: 64,
};

import type { Job, Verdict } from "../judge.js";

/** A submission to grade and the key of its result. */
export interface Item {
  key: string;
  job: Job;
}

/** Where submissions are graded: in this process, or wherever a queue's workers are. */
export interface Runner {
  /** Grades items, none of them twice, and tells each verdict as soon as it is there. */
  run(items: readonly Item[], onVerdict: (item: Item, verdict: Verdict) => void): Promise<void>;
  /** The process is about to end: what others would go on with for nothing is called off, as far as that goes quickly. */
  abandon?(): Promise<void>;
  /** Ends it, with whatever is still under way. */
  close(): Promise<void>;
}

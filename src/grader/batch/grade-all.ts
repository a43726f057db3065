import { isInfrastructure, type Job, type Verdict } from "../judge.js";
import type { Tier } from "../results.js";
import type { Journal } from "./journal.js";
import { contentKey, type CourseTerms } from "./key.js";
import type { Item, Runner } from "./runner.js";

export interface GradeAllOptions {
  terms: CourseTerms;
  tier: Tier;
  runner: Runner;
  /** Where results are kept from one run to the next; none if absent. */
  journal?: Journal | undefined;
  /** Told before anything is graded how many of the jobs have a result in the journal. */
  onKnown?: ((known: number, total: number) => void) | undefined;
  /** Told at the beginning and after each result how many of the other jobs are done. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * The verdicts of jobs, in their order: from the journal where it has them, otherwise from the runner and then in the journal. Equal
 * submissions are graded once. An infrastructure failure is no result: it is in no journal.
 */
export async function gradeAll(jobs: readonly Job[], options: GradeAllOptions): Promise<Verdict[]> {
  const { terms, tier, runner, journal, onKnown, onProgress } = options;
  const keys = jobs.map((job) => contentKey(job, terms.of(job.files), tier));
  const verdicts = new Map<string, Verdict>();
  const items = new Map<string, Item>();
  for (const [i, key] of keys.entries()) {
    const known = journal?.get(key);
    if (known) verdicts.set(key, known);
    else items.set(key, { key, job: jobs[i] });
  }
  const known = keys.filter((key) => verdicts.has(key)).length;
  if (known > 0) onKnown?.(known, keys.length);
  if (items.size > 0) {
    const total = keys.length - known;
    let done = 0;
    onProgress?.(done, total);
    await runner.run([...items.values()], ({ key }, verdict) => {
      if (!isInfrastructure(verdict)) journal?.append(key, verdict);
      verdicts.set(key, verdict);
      done += keys.filter((other) => other === key).length;
      onProgress?.(done, total);
    });
  }
  return keys.map((key) => verdicts.get(key)!);
}

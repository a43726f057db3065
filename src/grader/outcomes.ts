/** From good to bad: the outcome of a submission is the worst of its exercises'. */
export const outcomes = [
  "graded",
  "flagged",
  "output-limit",
  "oom",
  "timeout",
  "error",
  "infrastructure",
] as const;
export type Outcome = (typeof outcomes)[number];

export function worst(all: readonly Outcome[]): Outcome {
  return all.reduce((a, b) => (outcomes.indexOf(b) > outcomes.indexOf(a) ? b : a), "graded");
}

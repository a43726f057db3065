import { InvalidArgumentError, Option } from "commander";

/** `--jobs N`, the same on every command that tests submissions. */
export function jobsOption(): Option {
  return new Option("--jobs <n>", "submissions tested at a time (default: one for each core)").argParser(
    parseJobs,
  );
}

/** Each is a thread and a process. More help nobody on a machine of today. */
const most = 256;

function parseJobs(text: string): number {
  const jobs = Number(text);
  if (/^\d+$/.test(text) && jobs >= 1 && jobs <= most) return jobs;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
}

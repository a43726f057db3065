import { readdirSync, readFileSync } from "node:fs";

/** What a process and all that it has started use. */
export interface Usage {
  cpuSeconds: number;
  residentMegabytes: number;
}

/** Linux counts processor time in hundredths of seconds for everyone who asks, and memory in pages. */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** Undefined if there is no telling, for instance because the process has ended. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  if (process.platform === "linux") return treeUsage(pid);
  const { default: pidusage } = await import("pidusage");
  try {
    const { ctime, memory } = await pidusage(pid);
    return { cpuSeconds: ctime / 1000, residentMegabytes: memory / 2 ** 20 };
  } catch {
    return undefined;
  }
}

/** Below a sandbox's first process stand all others in it, whatever sessions and groups they have made. */
function treeUsage(root: number): Usage | undefined {
  const total = { cpuSeconds: 0, residentMegabytes: 0 };
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    try {
      // The name of the program, in parentheses, may hold anything; the numbers stand behind it.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      total.cpuSeconds += (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
      total.residentMegabytes += (Number(fields[21]) * pageBytes) / 2 ** 20;
      for (const thread of readdirSync(`/proc/${pid}/task`))
        waiting.push(
          ...readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")
            .split(" ")
            .filter(Boolean)
            .map(Number),
        );
    } catch {
      // It has ended meanwhile.
      if (pid === root) return undefined;
    }
  }
  return total;
}

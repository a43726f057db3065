import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills the processes that this one has started, at once: a submission in an endless loop does not see that its judge is gone. On
 * Windows they belong to the console and get its Ctrl-C themselves.
 */
export function killChildren(): void {
  for (const pid of childrenOf(process.pid))
    for (const target of [-pid, pid])
      try {
        process.kill(target, "SIGKILL");
      } catch {
        // It leads no group, or has ended.
      }
}

/** Ids of the processes that a process has started and that have not ended; none on Windows. */
export function childrenOf(parent: number): number[] {
  try {
    if (process.platform === "linux")
      return readdirSync(`/proc/${parent}/task`).flatMap((thread) => childrenOfThread(parent, thread));
    if (process.platform === "win32") return [];
    return execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, ppid]) => (ppid === parent ? [pid] : []));
  } catch {
    return [];
  }
}

function childrenOfThread(parent: number, thread: string): number[] {
  try {
    const list = readFileSync(`/proc/${parent}/task/${thread}/children`, "utf8");
    return list.split(" ").filter(Boolean).map(Number);
  } catch {
    // The thread has ended meanwhile.
    return [];
  }
}

import { spawnSync } from "node:child_process";
import { compiledFile } from "../../src/package.js";

/** Runs the command in a folder, as a shell would, and returns what it printed. */
export function gradlab(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiledFile("cli/main.js"), ...args], {
    encoding: "utf8",
    cwd: folder,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

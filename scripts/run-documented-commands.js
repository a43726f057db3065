/**
 * Runs the commands of Markdown files as a reader would: each ```sh fence in a shell of its own, in the repository's folder.
 * `exit=N` on a fence says that its last command ends with that status, as a check does before the exercises are done.
 *
 *     node scripts/run-documented-commands.js README.md docs/*.md
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

let failures = 0;
for (const file of process.argv.slice(2)) {
  // No Markdown library: the first command is the one that installs the libraries.
  for (const [, info, command] of readFileSync(file, "utf8").matchAll(/^```sh\b(.*)\n([^]*?)^```$/gm)) {
    const expected = Number(/\bexit=(\d+)/.exec(info)?.[1] ?? 0);
    console.log(`\n$ ${command.trim().replaceAll("\n", "\n$ ")}`);
    const { status, signal, pid } = spawnSync("bash", ["-euc", command], {
      stdio: ["ignore", "inherit", "inherit"],
      timeout: 900_000,
      // A process group of its own: what the command leaves in the background ends with it.
      detached: true,
    });
    try {
      process.kill(-pid);
    } catch {
      // Nothing is left.
    }
    if (status === expected) continue;
    failures++;
    console.error(
      `${file}: ended with ${signal ?? `status ${status}`}, expected status ${expected}:\n${command}`,
    );
  }
}
process.exitCode = failures > 0 ? 1 : 0;

/**
 * Runs the commands of Markdown files as a reader would: each ```sh fence in a shell of its own, in the repository's folder.
 * `exit=N` on a fence says that its last command ends with that status, as a check does before the exercises are done.
 *
 *     node scripts/run-documented-commands.js README.md docs/*.md
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { marked } from "marked";

let failures = 0;
for (const file of process.argv.slice(2)) {
  for (const token of marked.lexer(readFileSync(file, "utf8"))) {
    const [language, ...attributes] = token.type === "code" ? (token.lang ?? "").split(/\s+/) : [];
    if (language !== "sh") continue;
    const expected = Number(attributes.find((attribute) => attribute.startsWith("exit="))?.slice(5) ?? 0);
    console.log(`\n$ ${token.text.replaceAll("\n", "\n$ ")}`);
    const { status, signal } = spawnSync("bash", ["-euc", token.text], {
      stdio: ["ignore", "inherit", "inherit"],
      timeout: 900_000,
    });
    if (status === expected) continue;
    failures++;
    console.error(
      `${file}: ended with ${signal ?? `status ${status}`}, expected status ${expected}:\n${token.text}`,
    );
  }
}
process.exitCode = failures > 0 ? 1 : 0;

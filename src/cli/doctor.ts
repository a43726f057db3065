import type { Command } from "commander";
import pc from "picocolors";
import { examine, type Finding } from "../doctor.js";

/** `gradlab doctor`: what works on this machine. */
export function register(program: Command): void {
  program
    .command("doctor")
    .description(
      "tell what works on this machine: Node, the kernel, the sandbox for submissions, the browser",
    )
    .option("--json", "print the findings as JSON")
    .addHelpText("after", "\nExamples:\n  gradlab doctor\n  gradlab doctor --json")
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine();
      console.log(json ? JSON.stringify(findings, null, 2) : findings.map(line).join("\n"));
      process.exitCode = findings.some(({ state }) => state === "broken") ? 1 : 0;
    });
}

const signs = { works: pc.green("✓"), missing: pc.yellow("–"), broken: pc.red("✗") };

function line({ name, state, detail }: Finding): string {
  return `${signs[state]} ${name}: ${detail}`;
}

import type { Command } from "commander";
import { tangledFiles } from "../course/derive.js";
import { courseOption } from "./course-option.js";
import { derive, type DeriveOptions } from "./derive.js";

/** `gradlab tangle`: masters to modules. */
export function register(program: Command): void {
  courseOption(program.command("tangle [lessons...]"))
    .description("derive the lessons' modules and manifests from their masters")
    .option("--check", "change nothing; fail if a module is stale")
    .addHelpText("after", "\nExamples:\n  gradlab tangle\n  gradlab tangle 03-chain-rule --check")
    .action((names: string[], options: DeriveOptions) => derive("tangle", names, options, tangledFiles));
}

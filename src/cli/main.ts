#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { messageOf, UserError } from "../errors.js";
import { version } from "../package.js";
import { registerCommands } from "./commands.js";

const program = new Command("gradlab")
  .description("Learn deep learning by building it: notebooks that check your work, and a grader for them.")
  .version(version)
  .exitOverride()
  .showHelpAfterError("(gradlab --help shows the commands)")
  .addHelpText(
    "after",
    "\nExamples:\n  gradlab tour\n  gradlab check 03-chain-rule\n  gradlab grade submissions/ --json",
  );

await registerCommands(program, process.argv[2]);

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own messages already; help and version are no errors.
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    console.error(
      `${pc.red("gradlab:")} ${error instanceof UserError ? error.message : describeFault(error)}`,
    );
    process.exitCode = 1;
  }
}

/** For faults of gradlab itself: with the stack, because someone will have to mend it. */
function describeFault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error);
}

import type { Command } from "commander";
import { registerCheckCommand } from "./check.js";
import { registerDeriveCommands } from "./derive.js";
import { registerGradeCommand } from "./grade.js";
import { registerKernelCommands } from "./kernel.js";
import { registerRunCommand } from "./run.js";
import { registerTourCommand } from "./tour.js";
import { registerValidateCommand } from "./validate.js";

/** All commands, in the order of `gradlab --help`. */
export function registerCommands(program: Command): void {
  registerTourCommand(program);
  registerCheckCommand(program);
  registerGradeCommand(program);
  registerRunCommand(program);
  registerKernelCommands(program);
  registerDeriveCommands(program);
  registerValidateCommand(program);
}

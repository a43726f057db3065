import type { Command } from "commander";

/** The commands in the order of `gradlab --help`, each with the file that knows it. */
const commands: Record<string, () => Promise<{ register: (program: Command) => void }>> = {
  tour: () => import("./tour.js"),
  check: () => import("./check.js"),
  grade: () => import("./grade.js"),
  run: () => import("./run.js"),
  kernel: () => import("./kernel.js"),
  weave: () => import("./weave.js"),
  tangle: () => import("./tangle.js"),
  validate: () => import("./validate.js"),
  doctor: () => import("./doctor.js"),
  release: () => import("./release.js"),
  worker: () => import("./worker.js"),
};

/** Registers the command asked for, or all of them. A kernel must not wait for what only the grader loads. */
export async function registerCommands(program: Command, asked: string | undefined): Promise<void> {
  const isCommand = asked !== undefined && Object.hasOwn(commands, asked);
  for (const load of isCommand ? [commands[asked]] : Object.values(commands))
    (await load()).register(program);
}

import type { Command } from "commander";
import pc from "picocolors";
import { UserError } from "../errors.js";
import {
  installKernelspec,
  kernelspecFolder,
  uninstallKernelspec,
  type KernelspecPlace,
} from "../kernel/kernelspec.js";
import { notEmpty } from "./arguments.js";

interface PlaceOptions {
  user?: boolean;
  sysPrefix?: boolean;
  prefix?: string;
  name?: string;
}

/** `gradlab kernel …`: the TypeScript kernel for JupyterLab, VS Code and every other Jupyter client. */
export function register(program: Command): void {
  const kernel = program
    .command("kernel")
    .description("the TypeScript kernel for Jupyter")
    .addHelpText("after", "\nExamples:\n  gradlab kernel install\n  gradlab kernel uninstall");

  placeOptions(kernel.command("install"))
    .description("make Jupyter know the kernel (without Python; run it again after moving gradlab or Node)")
    .addHelpText("after", "\nExamples:\n  gradlab kernel install\n  gradlab kernel install --prefix ~/venv")
    .action((options: PlaceOptions) => {
      const folder = installKernelspec(folderOf(options));
      console.log(`${pc.green("installed")} ${folder}`);
    });

  placeOptions(kernel.command("uninstall"))
    .description("remove what `gradlab kernel install` wrote")
    .addHelpText("after", "\nExample:\n  gradlab kernel uninstall")
    .action((options: PlaceOptions) => {
      const folder = uninstallKernelspec(folderOf(options));
      console.log(`${pc.green("removed")} ${folder}`);
    });

  kernel
    .command("start")
    .description("run a kernel; Jupyter calls this")
    .requiredOption("--connection-file <file>", "where to listen and how to sign")
    .addHelpText("after", "\nExample:\n  gradlab kernel start --connection-file kernel.json")
    .action(async ({ connectionFile }: { connectionFile: string }) => {
      const { startKernel } = await import("../kernel/kernel.js");
      await startKernel(connectionFile);
    });
}

function placeOptions(command: Command): Command {
  return command
    .option("--user", "for this user (the default)")
    .option("--prefix <dir>", "below a prefix: DIR/share/jupyter/kernels", notEmpty)
    .option("--sys-prefix", "for the active Python environment (VIRTUAL_ENV or CONDA_PREFIX)")
    .option("--name <name>", "the kernel's name in notebooks", notEmpty);
}

function folderOf({ user, sysPrefix, prefix, name }: PlaceOptions): string {
  if ([user, sysPrefix, prefix].filter(Boolean).length > 1)
    throw new UserError("choose one of --user, --prefix and --sys-prefix");
  return kernelspecFolder(placeOf(prefix, sysPrefix), name);
}

function placeOf(prefix: string | undefined, sysPrefix: boolean | undefined): KernelspecPlace {
  if (prefix !== undefined) return { prefix };
  if (!sysPrefix) return "user";
  const environment = process.env.VIRTUAL_ENV ?? process.env.CONDA_PREFIX;
  if (environment === undefined)
    throw new UserError("--sys-prefix: no Python environment is active; name its folder with --prefix DIR");
  return { prefix: environment };
}

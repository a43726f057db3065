import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { messageOf, UserError } from "../errors.js";
import { compiledFile } from "../package.js";

/** Where a kernelspec is kept: for the user, or below a prefix such as a Python environment. */
export type KernelspecPlace = "user" | { prefix: string };

const defaultName = "gradlab";

/** A nabla, the sign of the gradient, on TypeScript's blue. */
const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="10" fill="#3178c6"/>
<path d="M14 16h36L32 52z" fill="none" stroke="#fff" stroke-width="6" stroke-linejoin="round"/>
</svg>
`;

/** What Jupyter reads to list and start the kernel. */
export function kernelspec(): object {
  return {
    argv: [
      process.execPath,
      compiledFile("cli/main.js"),
      "kernel",
      "start",
      "--connection-file",
      "{connection_file}",
    ],
    display_name: "TypeScript (gradlab)",
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false },
  };
}

/** @throws UserError if the name is none that Jupyter takes. */
export function kernelspecFolder(place: KernelspecPlace, name = defaultName): string {
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name))
    throw new UserError(
      `kernel name ${JSON.stringify(name)}: only letters, digits, ".", "_" and "-" are allowed`,
    );
  const data = place === "user" ? userDataFolder() : join(resolve(place.prefix), "share", "jupyter");
  return join(data, "kernels", name.toLowerCase());
}

/**
 * The folder for a user's Jupyter data, found as `jupyter --data-dir` does.
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 */
export function userDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32")
    return env.APPDATA ? join(env.APPDATA, "jupyter") : join(home, ".jupyter", "data");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/**
 * Writes the kernelspec, whole or not at all: in a new folder, which then takes the place of the old one.
 * @throws UserError if the place cannot be written to, or holds another program's kernel.
 */
export function installKernelspec(folder: string): string {
  if (existsSync(folder)) assertOurs(folder);
  const fresh = `${folder}.${process.pid}.tmp`;
  try {
    mkdirSync(fresh, { recursive: true });
  } catch (error) {
    throw cannotInstall(folder, error);
  }
  try {
    writeFileSync(join(fresh, "kernel.json"), JSON.stringify(kernelspec(), null, 2) + "\n");
    writeFileSync(join(fresh, "logo-svg.svg"), logo);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw cannotInstall(folder, error);
  }
  return folder;
}

function cannotInstall(folder: string, error: unknown): UserError {
  return new UserError(`${folder}: the kernel cannot be installed here: ${messageOf(error)}`);
}

/** @throws UserError if no kernel of ours is there or it cannot be removed. */
export function uninstallKernelspec(folder: string): string {
  if (!existsSync(folder)) throw new UserError(`${folder}: no kernel is installed here`);
  assertOurs(folder);
  try {
    rmSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`${folder}: cannot be removed: ${messageOf(error)}`);
  }
  return folder;
}

/** The argv of every kernelspec that we write, now or before gradlab was moved, has these words. */
function assertOurs(folder: string): void {
  let argv: unknown;
  try {
    argv = (JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv?: unknown }).argv;
  } catch {
    // Told below.
  }
  if (Array.isArray(argv) && argv.join(" ").includes("kernel start --connection-file")) return;
  throw new UserError(`${folder}: holds something else than the gradlab kernel; it is left as it is`);
}

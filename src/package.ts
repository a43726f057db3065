import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package, whether its code runs from `src` or from `dist`. */
export const packageRoot = fileURLToPath(new URL("..", import.meta.url));

/** A compiled file, by its path below `dist`: what other processes are started from. */
export function compiledFile(path: string): string {
  return join(packageRoot, "dist", path);
}

const manifest = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
  version: string;
  engines: { node: string };
};

/** The version in `package.json`, the one place where it stands. */
export const { version } = manifest;

/** The oldest Node that will do. */
export const requiredNode = manifest.engines.node.replace(/^>=/, "");

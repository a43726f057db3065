import Module from "node:module";
import { isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Typescript from "@tslab/typescript-for-tslab";
import { packageRoot } from "../package.js";

/**
 * `import … from "gradlab"` in a cell means the package this kernel belongs to, for the type checker and at run
 * time alike, whatever directory the notebook lies in and whether or not it has a node_modules.
 */
export const packageName = "gradlab";

type Resolve = (request: string, ...rest: unknown[]) => string;

/** Resolves `require("gradlab")` and `require("gradlab/…")` of any module in this process to our own exports. */
export function resolveOwnPackage(): void {
  const loader = Module as unknown as { _resolveFilename: Resolve };
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    const own = request === packageName || request.startsWith(`${packageName}/`);
    return own ? fileURLToPath(import.meta.resolve(request)) : resolveFilename.call(this, request, ...rest);
  };
}

/**
 * Shows the compiler our package under `<cwd>/node_modules/gradlab`, where a cell's import is looked for.
 * tslab does the same for itself, which also makes `<cwd>/node_modules` seem to exist.
 */
export function showOwnPackage(sys: Typescript.System, cwd: string): void {
  const apparentRoot = join(cwd, "node_modules", packageName);
  const real = (path: string): string => {
    const inPackage = relative(apparentRoot, path);
    return inPackage.startsWith("..") || isAbsolute(inPackage) ? path : join(packageRoot, inPackage);
  };
  const disk = { ...sys };
  sys.fileExists = (path) => disk.fileExists(real(path));
  sys.readFile = (path, encoding) => disk.readFile(real(path), encoding);
  sys.directoryExists = (path) => disk.directoryExists(real(path));
  sys.realpath = (path) => disk.realpath?.(real(path)) ?? path;
}

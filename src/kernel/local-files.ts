import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import type * as Typescript from "@tslab/typescript-for-tslab";
import { packageRoot } from "../package.js";

type TS = typeof Typescript;

interface Watched {
  notify: Typescript.FileWatcherCallback;
  stamp: string;
}

/**
 * The files that a notebook imports and its author edits. Their changes are looked for when a cell is compiled: watching
 * them, as the compiler does by itself, notices an edit some time later, and costs a watcher for each file of every
 * library.
 */
export class LocalFiles {
  readonly #ts: TS;
  readonly #watched = new Map<string, Watched>();
  /** Files with an import that led nowhere when it was last looked up. */
  readonly #unresolved = new Set<string>();

  constructor(ts: TS) {
    this.#ts = ts;
    ts.sys.watchFile = (path, notify) => {
      if (isLocal(path)) this.#watched.set(path, { notify, stamp: stampOf(path) });
      return { close: () => this.#watched.delete(path) };
    };
    ts.sys.watchDirectory = () => ({ close: () => undefined });
  }

  /** Tells the compiler what has changed since the last time. */
  refresh(): void {
    const { Created, Changed, Deleted } = this.#ts.FileWatcherEventKind;
    for (const [path, watched] of this.#watched) {
      const stamp = stampOf(path);
      if (stamp === watched.stamp) continue;
      const kind = stamp === missing ? Deleted : watched.stamp === missing ? Created : Changed;
      watched.stamp = stamp;
      watched.notify(path, kind);
    }
  }

  /**
   * Resolves imports for the compiler: as it does by itself, but for packages that state their types in `exports` alone,
   * and so that an import that led nowhere is looked up again.
   */
  resolveImports(host: Typescript.WatchCompilerHost<Typescript.BuilderProgram>, cwd: string): void {
    const { ModuleResolutionKind, createModuleResolutionCache, resolveModuleName } = this.#ts;
    const cache = createModuleResolutionCache(cwd, (path) => path);
    const packages = new Map<string, Typescript.ResolvedModuleWithFailedLookupLocations>();
    host.getModuleResolutionCache = () => cache;
    host.hasInvalidatedResolutions = (path) => this.#unresolved.has(path);
    host.resolveModuleNameLiterals = (literals, containing, redirected, options, file) => {
      const local = isLocal(containing);
      const resolved = literals.map(({ text }) => {
        const mode = file.impliedNodeFormat;
        if (!local) return resolveModuleName(text, containing, options, host, cache, redirected, mode);
        // A package stays where it was found.
        const place = text.startsWith(".") ? undefined : `${dirname(containing)} ${text}`;
        const known = place && packages.get(place);
        if (known) return known;
        let found = resolveModuleName(text, containing, options, host, undefined, redirected, mode);
        if (!found.resolvedModule && place) {
          const byExports = { ...options, moduleResolution: ModuleResolutionKind.Bundler };
          found = resolveModuleName(text, containing, byExports, host);
        }
        if (found.resolvedModule && place) packages.set(place, found);
        return found;
      });
      const complete = resolved.every(({ resolvedModule }) => resolvedModule);
      if (local && !complete) this.#unresolved.add(containing);
      else this.#unresolved.delete(containing);
      return resolved;
    };
  }
}

const compiled = join(packageRoot, "dist").replaceAll("\\", "/");

function isLocal(path: string): boolean {
  return !path.includes("/node_modules/") && !path.startsWith(`${compiled}/`);
}

const missing = "";

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size} ${stat.ino}` : missing;
}

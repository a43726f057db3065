import Module from "node:module";
import { dirname, extname, posix } from "node:path";
import type * as Typescript from "@tslab/typescript-for-tslab";
import type { SideOutput } from "tslab/dist/converter.js";

/**
 * The modules beside a notebook as they were last compiled. When one changes, tslab loads it anew, but not those that
 * import it, whose bindings would stay those of the old one.
 */
export class LocalModules {
  readonly #preProcess: typeof Typescript.preProcessFile;
  readonly #modules = new Map<string, { output: SideOutput; imports: readonly string[] }>();

  constructor(preProcess: typeof Typescript.preProcessFile) {
    this.#preProcess = preProcess;
  }

  /** The changed modules, and all that import one of them, directly or not. */
  withImporters(changed: readonly SideOutput[]): SideOutput[] {
    for (const output of changed)
      this.#modules.set(output.path, { output, imports: this.#importsOf(output) });
    const stale = new Set(changed.map(({ path }) => path));
    for (let before = -1; before !== stale.size;) {
      before = stale.size;
      for (const [path, { imports }] of this.#modules)
        if (imports.some((imported) => stale.has(imported))) stale.add(path);
    }
    return [...stale].map((path) => this.#modules.get(path)!.output);
  }

  #importsOf({ path, data }: SideOutput): string[] {
    const { importedFiles } = this.#preProcess(data, true, true);
    return importedFiles
      .filter(({ fileName }) => fileName.startsWith("."))
      .map(({ fileName }) => posix.join(dirname(path).replaceAll("\\", "/"), fileName))
      .map((imported) => (extname(imported) === "" ? `${imported}.js` : imported));
  }
}

interface Compiling {
  exports: unknown;
  _compile(code: string, filename: string): unknown;
}

/**
 * Lets the modules of `isLocal` import each other in a circle: one that is asked for while it loads gives the exports it
 * has by then, as everywhere in Node. tslab would start it again, without end.
 */
export function allowCircularImports(isLocal: (path: string) => boolean): void {
  const prototype = Module.prototype as unknown as Compiling;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const compile = prototype._compile;
  const loading = new Map<string, Compiling>();
  prototype._compile = function (code, filename) {
    if (!isLocal(filename)) return compile.call(this, code, filename);
    const first = loading.get(filename);
    if (first) return void (this.exports = first.exports);
    loading.set(filename, this);
    try {
      return compile.call(this, code, filename);
    } finally {
      loading.delete(filename);
    }
  };
}

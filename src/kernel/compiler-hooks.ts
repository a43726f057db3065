import type * as Typescript from "@tslab/typescript-for-tslab";
import { packageName } from "./own-package.js";

type TS = typeof Typescript;

/** The compiler's view of a cell and of a position in it, both with the line that tslab puts before the cell. */
export interface CellView {
  file: Typescript.SourceFile;
  checker: Typescript.TypeChecker;
  position: number;
}

export interface CompletionView extends CellView {
  /** Entries carry their symbols. */
  info: Typescript.CompletionInfo | undefined;
}

/** What tslab makes the compiler answer and passes on in part only. */
export interface Noted {
  diagnostics: readonly Typescript.Diagnostic[];
  completion: CompletionView | undefined;
  inspection: CellView | undefined;
}

/** tslab's own entrance to completion leaves out the last argument of the compiler's, by which entries carry symbols. */
type Complete = (...args: unknown[]) => Typescript.CompletionInfo | undefined;

/** A copy of the TypeScript module that notes the compiler's full answers to tslab's questions in `noted`. */
export function withNotes(ts: TS, noted: Noted, cwd: string): TS {
  const getPreEmitDiagnosticsOfFiles: TS["getPreEmitDiagnosticsOfFiles"] = (...args) =>
    (noted.diagnostics = ts.getPreEmitDiagnosticsOfFiles(...args));
  const getPreEmitDiagnostics: TS["getPreEmitDiagnostics"] = (...args) =>
    (noted.diagnostics = ts.getPreEmitDiagnostics(...args));

  const getQuickInfoAtPosition: TS["getQuickInfoAtPosition"] = (file, checker, _, position) => {
    noted.inspection = { file, checker, position };
    return undefined;
  };

  const host = completionHost(ts, cwd);
  const { getCompletionsAtPosition: complete } = ts.Completions as unknown as Record<string, Complete>;
  const getCompletionsAtPositionForTslab: TS["Completions"]["getCompletionsAtPositionForTslab"] = (
    ...[, program, log, file, position, , trigger, kind, cancellation]
  ) => {
    const context = [trigger, kind, cancellation, undefined];
    const getCompilationSettings = () => program.getCompilerOptions();
    const info = complete(
      { ...host, getCompilationSettings },
      program,
      log,
      file,
      position,
      {},
      ...context,
      true,
    );
    noted.completion = { file, checker: program.getTypeChecker(), position, info };
    // tslab changes the answer that it gets.
    return info && structuredClone({ ...info, entries: [] });
  };
  const Completions = { ...ts.Completions, getCompletionsAtPositionForTslab };
  const hooks = {
    getPreEmitDiagnosticsOfFiles,
    getPreEmitDiagnostics,
    getQuickInfoAtPosition,
    Completions,
  };
  return { ...ts, ...hooks };
}

/** What the completion of paths in an import reads; tslab gives none. Our own package can be imported everywhere. */
function completionHost(ts: TS, cwd: string): object {
  const packages = `${cwd.replaceAll("\\", "/")}/node_modules`;
  const withOwn = (folder: string, names: string[]) =>
    folder.replace(/\/$/, "") === packages && !names.includes(packageName) ? [...names, packageName] : names;
  return {
    getCurrentDirectory: () => cwd,
    useCaseSensitiveFileNames: () => true,
    fileExists: (path: string) => ts.sys.fileExists(path),
    readFile: (path: string) => ts.sys.readFile(path),
    directoryExists: (path: string) => path === packages || ts.sys.directoryExists(path),
    getDirectories: (path: string) => withOwn(path, ts.sys.getDirectories(path)),
    readDirectory: (...args: Parameters<Typescript.System["readDirectory"]>) => ts.sys.readDirectory(...args),
    realpath: (path: string) => ts.sys.realpath?.(path) ?? path,
  };
}

import { createRequire } from "node:module";
import { join, relative } from "node:path";
import type * as Typescript from "@tslab/typescript-for-tslab";
import type * as Converters from "tslab/dist/converter.js";
import type * as Executors from "tslab/dist/executor.js";
import { createCellPrograms } from "./cell-programs.js";
import { prepareCell } from "./cell-source.js";
import { withNotes, type Noted } from "./compiler-hooks.js";
import { completionOf, type Completion } from "./completion.js";
import { cellDiagnostics, type CellDiagnostic } from "./diagnostics.js";
import { inspectCell, type Inspection } from "./inspection.js";
import { LocalFiles } from "./local-files.js";
import { allowCircularImports, LocalModules } from "./local-modules.js";
import { resolveOwnPackage, showOwnPackage } from "./own-package.js";
import { keepPropertyNames } from "./property-names.js";
import { declareGlobals } from "./session-globals.js";
import { withSourceMaps, type EmitMap } from "./source-maps.js";
import { StackTraces } from "./stack-traces.js";

/** What became of a cell. Nothing of it ran if it has diagnostics. */
export type CellOutcome =
  | { kind: "done" }
  | { kind: "value"; value: unknown }
  | { kind: "diagnostics"; diagnostics: readonly CellDiagnostic[] }
  | { kind: "thrown"; error: unknown };

/** What `tslab.display` passes on: a `display_data` message's content, and whether it replaces an earlier one. */
export type ShowData = (content: TslabDisplay, update: boolean | undefined) => void;
export interface TslabDisplay {
  data: Record<string, unknown>;
  transient: { display_id: string | undefined };
}

/** tslab puts one line before a cell, `export {};`, to make it a module, and this before the code that it runs. */
const linesBeforeCell = 1;
const cellFile = "__tslab__.ts";
const wrapper = { sync: "(function(exports, require) { ", async: "(async function(exports, require) { " };

/**
 * tslab's compiler and executor behind one interface: TypeScript cells in, outcomes out. It runs in the main context
 * of its process, so there is one per process.
 */
export class Tslab {
  readonly traces = new StackTraces();
  /** Runs the compiler where interrupts cannot cut it off. */
  shield: <T>(work: () => T) => T = (work) => work();
  readonly #ts: typeof Typescript;
  readonly #cellPrefix: string;
  readonly #converters: typeof Converters;
  readonly #jupyter: { lastWriteDisplayData: ShowData };
  readonly #executor: Executors.Executor;
  readonly #cwd: string;
  readonly #noted: Noted = { diagnostics: [], completion: undefined, inspection: undefined };
  readonly #files: LocalFiles;
  readonly #localModules: LocalModules;
  readonly #emitted = new Map<string, EmitMap>();
  /** Sources of the modules that cells have defined with a `@module` tag, by name. */
  readonly #modules = new Map<string, string>();
  #cell = { name: "", code: "" };
  /** The variable in which the cell leaves the value of its last expression. */
  #lastExpression: string | undefined;
  #outcome: CellOutcome = { kind: "done" };

  /** Compiling the library declarations takes most of a second, which is spent here. */
  constructor(cwd: string) {
    this.#cwd = cwd;
    const require = createRequire(import.meta.url);
    const requireFromTslab = createRequire(require.resolve("tslab"));
    const typescriptPath = requireFromTslab.resolve("@tslab/typescript-for-tslab");
    const ts = requireFromTslab(typescriptPath) as typeof Typescript;
    this.#ts = ts;
    this.#cellPrefix = `export {};${ts.sys.newLine}`;
    showOwnPackage(ts.sys, cwd);
    declareGlobals(ts.sys);
    resolveOwnPackage();
    this.#files = new LocalFiles(ts);
    this.#localModules = new LocalModules(ts.preProcessFile);
    // Compiled modules of the notebook are known by paths that the traces know, too.
    allowCircularImports((path) => this.traces.has(path));
    const adapted = withNotes(keepPropertyNames(ts), this.#noted, cwd);
    adapted.createWatchProgram = this.#resolvingImports(adapted.createWatchProgram);
    require.cache[typescriptPath]!.exports = withSourceMaps(adapted, this.#emitted);
    this.#converters = require("tslab/dist/converter.js") as typeof Converters;
    this.#jupyter = require("tslab/dist/jupyter.js") as { lastWriteDisplayData: ShowData };
    const { createExecutor } = require("tslab/dist/executor.js") as typeof Executors;
    const converter = this.#converters.createConverter();
    const named: Converters.Converter = {
      ...converter,
      convert: (previous, code) => {
        const prepared = prepareCell(ts, code);
        const result = this.shield(() => converter.convert(previous, prepared.code));
        if (prepared.awaits) result.hasToplevelAwait = true;
        return this.#note(result);
      },
      addModule: (name, code, meta) => {
        this.#modules.set(name, code);
        return this.#report(converter.addModule(name, code, meta), `${name}.ts`);
      },
    };
    const reporter: Executors.ConsoleInterface = {
      log: (value: unknown) => (this.#outcome = { kind: "value", value }),
      error: (...args: unknown[]) => {
        // One argument is what the cell threw; more are the format and the parts of a diagnostic, which we have.
        if (args.length === 1) this.#outcome = { kind: "thrown", error: args[0] };
      },
    };
    const close = () => converter.close();
    this.#executor = createExecutor(cwd, { node: named, browser: named, close }, reporter);
    this.traces.install();
  }

  /** Where `tslab.display` sends what it is given. */
  set onDisplay(show: ShowData) {
    this.#jupyter.lastWriteDisplayData = show;
  }

  /** Compiles and runs a cell; error stacks call it `name`. A cell with a top-level await is awaited. */
  async execute(code: string, name: string): Promise<CellOutcome> {
    this.#cell = { name, code };
    this.#outcome = { kind: "done" };
    this.#files.refresh();
    this.#lastExpression = undefined;
    const succeeded = await this.#executor.execute(code);
    // tslab passes on any value but undefined and null.
    if (succeeded && this.#lastExpression && this.#executor.locals[this.#lastExpression] === null)
      return { kind: "value", value: null };
    return this.#outcome;
  }

  /** Ends the wait for a pending top-level await. */
  interrupt(): void {
    this.#executor.interrupt();
  }

  complete(code: string, offset: number): Completion {
    this.#files.refresh();
    this.#noted.completion = undefined;
    this.#executor.complete(code, offset);
    const { completion } = this.#noted;
    if (!completion) return { start: offset, end: offset, matches: [] };
    return completionOf(this.#ts, completion, this.#cellPrefix.length);
  }

  inspect(code: string, offset: number): Inspection | undefined {
    this.#files.refresh();
    this.#noted.inspection = undefined;
    this.#executor.inspect(code, offset);
    const { inspection } = this.#noted;
    return inspection && inspectCell(this.#ts, inspection);
  }

  /** Whether a cell is ready to run, or where a client should go on typing. */
  completeness(code: string): { status: "complete" | "invalid" } | { status: "incomplete"; indent: string } {
    const { completed, indent } = this.#converters.isCompleteCode(code);
    if (!completed) return { status: "incomplete", indent: indent ?? "" };
    const errors = this.#syntaxErrors(code);
    if (errors.some((error) => error.code === unterminatedTemplate))
      return { status: "incomplete", indent: "" };
    return { status: errors.length > 0 ? "invalid" : "complete" };
  }

  #syntaxErrors(code: string): readonly Typescript.Diagnostic[] {
    const { createSourceFile, ScriptTarget } = this.#ts;
    const file = createSourceFile("cell.ts", code, ScriptTarget.ES2022) as Typescript.SourceFile & {
      parseDiagnostics: readonly Typescript.Diagnostic[];
    };
    return file.parseDiagnostics;
  }

  /** Notes what is wrong with a conversion or where its code came from, and gives the code the name of its cell. */
  #note(result: Converters.ConvertResult): Converters.ConvertResult {
    const { name, code } = this.#cell;
    const { output, diagnostics, sideOutputs, hasToplevelAwait } = result;
    this.#lastExpression = result.lastExpressionVar;
    this.#report(diagnostics, cellFile);
    for (const { path, data } of sideOutputs ?? []) this.#noteFile(path, data);
    const map = output === undefined ? undefined : this.#emitted.get(output);
    this.#emitted.clear();
    if (!output) return result;
    // A name in a sourceURL ends at the first space.
    const url = name.replaceAll(" ", "");
    const columnsBefore = (hasToplevelAwait ? wrapper.async : wrapper.sync).length;
    this.traces.add(url, { name, source: code, map, linesBefore: linesBeforeCell, columnsBefore });
    const named = { ...result, output: `${output}\n//# sourceURL=${url}` };
    if (sideOutputs) named.sideOutputs = this.#localModules.withImporters(sideOutputs);
    return named;
  }

  /** A module that a cell imported: a file beside the notebook, or one that another cell defined. */
  #noteFile(path: string, emitted: string): void {
    const module = relative(this.#cwd, path).replace(/\.js$/, "");
    const cell = this.#modules.get(module);
    const source = cell ?? this.#ts.sys.readFile(join(this.#cwd, `${module}.ts`)) ?? "";
    const linesBefore = cell === undefined ? 0 : linesBeforeCell;
    const map = this.#emitted.get(emitted);
    this.traces.add(path, { name: `${module}.ts`, source, map, linesBefore, columnsBefore: 0 });
  }

  /** What is wrong with what was compiled as `file`. */
  #report(reported: Converters.Diagnostic[], file: string): Converters.Diagnostic[] {
    if (reported.length === 0) return reported;
    const frame = { fileName: this.#path(file), prefix: this.#cellPrefix, code: this.#cell.code };
    const diagnostics = cellDiagnostics(this.#noted.diagnostics, reported, frame, this.#cwd);
    this.#outcome = { kind: "diagnostics", diagnostics };
    return reported;
  }

  #path(file: string): string {
    return join(this.#cwd, file).replaceAll("\\", "/");
  }

  #resolvingImports(createWatchProgram: typeof Typescript.createWatchProgram) {
    return ((host: Typescript.WatchCompilerHost<Typescript.BuilderProgram>) => {
      this.#files.resolveImports(host, this.#cwd);
      host.createProgram = createCellPrograms(this.#ts, this.#path(cellFile));
      return (createWatchProgram as (host: object) => unknown)(host);
    }) as typeof Typescript.createWatchProgram;
  }
}

/** TypeScript's code for a template literal without its closing backtick. */
const unterminatedTemplate = 1160;

import { SourceMap, type SourceMapPayload } from "node:module";
import type * as Typescript from "@tslab/typescript-for-tslab";

type TS = typeof Typescript;

/** A place in a cell or file as its author wrote it, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/**
 * Where each piece of emitted JavaScript came from. tslab emits in two steps, TypeScript → ES module → CommonJS,
 * and keeps no source map of either; {@link withSourceMaps} makes TypeScript write both.
 */
export class EmitMap {
  readonly #payloads: readonly [SourceMapPayload, SourceMapPayload];
  #maps: readonly [SourceMap, SourceMap] | undefined;

  constructor(toModule: SourceMapPayload, toCommonJs: SourceMapPayload) {
    this.#payloads = [toModule, toCommonJs];
  }

  /** The source position of an emitted one, or undefined if the compiler added that code itself. */
  source(emitted: Position): Position | undefined {
    // Decoded when first needed, which for most cells is never.
    this.#maps ??= [new SourceMap(this.#payloads[0]), new SourceMap(this.#payloads[1])];
    const inModule = lookUp(this.#maps[1], emitted);
    return inModule && lookUp(this.#maps[0], inModule);
  }
}

function lookUp(map: SourceMap, { line, column }: Position): Position | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry) || entry.generatedLine !== line - 1) return undefined;
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

const inlineMap = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/;
const mapComment = /\/\/# sourceMappingURL=\S+\s*$/;

/**
 * A copy of the TypeScript module whose two emit steps write source maps: the first inline, into the text that
 * tslab then passes to the second. What the second step emits is noted in `emitted`, by its text.
 */
export function withSourceMaps(ts: TS, emitted: Map<string, EmitMap>): TS {
  const createWatchCompilerHost = ((
    files: string[],
    options: Typescript.CompilerOptions,
    ...rest: unknown[]
  ) => {
    const withMaps = { ...options, inlineSourceMap: true, allowImportingTsExtensions: true };
    return (ts.createWatchCompilerHost as (...args: unknown[]) => unknown)(files, withMaps, ...rest);
  }) as TS["createWatchCompilerHost"];

  const transpileModule: TS["transpileModule"] = (input, options) => {
    const first = inlineMap.exec(input);
    if (!first) return ts.transpileModule(input, options);
    const compilerOptions = { ...options.compilerOptions, sourceMap: true };
    const module = withoutTsExtensions(ts, input.slice(0, first.index));
    const result = ts.transpileModule(module, { ...options, compilerOptions });
    const outputText = result.outputText.replace(mapComment, "");
    const toModule = Buffer.from(first[1], "base64").toString("utf8");
    emitted.set(outputText, new EmitMap(parseMap(toModule), parseMap(result.sourceMapText!)));
    return { ...result, outputText };
  };
  return { ...ts, createWatchCompilerHost, transpileModule };
}

/** `from "./mine.ts"` means the module that was compiled from that file. No column moves. */
function withoutTsExtensions(ts: TS, module: string): string {
  if (!module.includes(".ts")) return module;
  for (const { fileName, pos, end } of ts.preProcessFile(module, true, true).importedFiles) {
    if (!/^\.{1,2}\/.*(?<!\.d)\.ts$/.test(fileName)) continue;
    const start = module.indexOf(fileName, pos);
    const quote = module[start + fileName.length];
    const shorter = `${fileName.slice(0, -".ts".length)}${quote}`.padEnd(fileName.length + 1);
    if (start !== -1 && start <= end)
      module = module.slice(0, start) + shorter + module.slice(start + fileName.length + 1);
  }
  return module;
}

function parseMap(json: string): SourceMapPayload {
  return JSON.parse(json) as SourceMapPayload;
}

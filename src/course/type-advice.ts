import type * as Typescript from "@tslab/typescript-for-tslab";
import { shortened } from "../grader/printable.js";
import { compiledFile } from "../package.js";
import type { Assembled } from "./assemble.js";
import { ts } from "./typescript.js";

const file = "/submission.ts";
const options: Typescript.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  paths: { gradlab: [compiledFile("index.d.ts")] },
  types: [],
  skipLibCheck: true,
  noEmit: true,
};

/** What of a submission has types. */
export type TypedSource = Pick<Assembled, "source" | "spans">;

/** More than these help nobody, nor do longer ones. */
const mostErrors = 5;
const longest = 500;

/**
 * What the compiler says of a submission's types. They never cost points; errors are told as advice. What is no part of a submission –
 * the standard library's declarations and gradlab's – is read once and kept.
 */
export class TypeAdviser {
  readonly #files = new Map<string, Typescript.SourceFile | undefined>();
  #source = "";
  #program: Typescript.Program | undefined;

  /** One line per error, with the cell and the line where it is. */
  adviceOn({ source, spans }: TypedSource): string[] {
    this.#source = source;
    this.#program = ts.createProgram([file], options, this.#host(), this.#program);
    const parsed = this.#program.getSourceFile(file)!;
    return this.#program
      .getSemanticDiagnostics(parsed)
      .slice(0, mostErrors)
      .map(({ start = 0, messageText }) => {
        const line = parsed.getLineAndCharacterOfPosition(start).line + 1;
        const span = spans.findLast(({ firstLine }) => firstLine <= line);
        const place = span ? `${span.name}, line ${line - span.firstLine + 1}` : `line ${line}`;
        const text = ts.flattenDiagnosticMessageText(messageText, " ");
        return `types, ${place}: ${shortened(text, longest)} (costs no points)`;
      });
  }

  #host(): Typescript.CompilerHost {
    const disk = ts.createCompilerHost(options);
    return {
      ...disk,
      fileExists: (path) => path === file || disk.fileExists(path),
      readFile: (path) => (path === file ? this.#source : disk.readFile(path)),
      getSourceFile: (path, language) => {
        if (path === file) return ts.createSourceFile(path, this.#source, language, true);
        if (!this.#files.has(path)) this.#files.set(path, disk.getSourceFile(path, language));
        return this.#files.get(path);
      },
    };
  }
}

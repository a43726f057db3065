import { stripVTControlCharacters } from "node:util";
import { transformSync, type TransformResult } from "rolldown/utils";
import { moduleRunnerTransform } from "vite";
import {
  ssrDynamicImportKey,
  ssrExportAllKey,
  ssrExportNameKey,
  ssrImportKey,
  ssrImportMetaKey,
} from "vite/module-runner";
import { messageOf } from "../errors.js";
import type { SubmissionCode } from "../grader/host.js";

/** Both libraries have their own type for the same thing. */
type SourceMap = Parameters<typeof moduleRunnerTransform>[1];

/** The name that a submission's stack traces carry. A URL, because Node maps the lines of nothing less. */
const submissionFile = "file:///submission.ts";

/** What the host hands over, under the names that compiled code knows it by. */
const runtime = `{ importModule: ${ssrImportKey}, importModule: ${ssrDynamicImportKey}, exportName: ${ssrExportNameKey}, exportAll: ${ssrExportAllKey}, meta: ${ssrImportMetaKey} }`;

/**
 * Makes of a TypeScript module what a host can run: a function body that returns an asynchronous function, without types. Types never
 * fail a grade. Lines are kept apart by a source map.
 *
 * The compiler ends the process on code that is nested too deeply: cells have to have passed `analyzeCell` before.
 */
export async function compileSubmission(source: string): Promise<SubmissionCode> {
  const file = submissionFile;
  const refused = (problem: string, line = 1) => {
    const code = `${"\n".repeat(line - 1)}throw new SyntaxError(${JSON.stringify(firstLine(problem))});`;
    return { file, code, usesLibrary: false };
  };
  const stripped = stripTypes(source, true);
  const error = errorOf(stripped);
  if (error) return refused(error.message, error.line);
  try {
    const module = (await moduleRunnerTransform(stripped.code, stripped.map as SourceMap, file, source))!;
    const map = Buffer.from(JSON.stringify(module.map)).toString("base64");
    const end = `//# sourceMappingURL=data:application/json;base64,${map}`;
    const code = `"use strict"; return async (${runtime}) => {${module.code}\n};\n${end}`;
    return { file, code, usesLibrary: [...module.deps!, ...module.dynamicDeps!].includes("gradlab") };
  } catch (problem) {
    return refused(messageOf(problem));
  }
}

/** What keeps a module from being compiled, as `let x` twice does: nothing that a parser sees. */
export function compileError(source: string): { line: number; message: string } | undefined {
  return errorOf(stripTypes(source, false));
}

function stripTypes(source: string, sourcemap: boolean): TransformResult {
  return transformSync(submissionFile, source, { lang: "ts", sourcemap });
}

function errorOf({ errors }: TransformResult): { line: number; message: string } | undefined {
  const [error] = errors as (Error & { loc?: { line: number } })[];
  // The first line says what, in front of a picture of where.
  return error && { line: error.loc?.line ?? 1, message: firstLine(error.message).replace(/^\[\w+\] /, "") };
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text).split("\n", 1)[0];
}

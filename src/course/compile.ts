import ts from "@tslab/typescript-for-tslab";
import type { SubmissionCode } from "../grader/host.js";

/** The name that a submission's stack traces carry. A URL, because Node maps the lines of nothing less. */
const submissionFile = "file:///submission.ts";

/** Strips the types off a module: types never fail a grade. Lines are kept apart by a source map. */
export function compileSubmission(source: string): SubmissionCode {
  const { outputText } = ts.transpileModule(source, {
    fileName: submissionFile,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      inlineSourceMap: true,
    },
  });
  return { code: outputText, file: submissionFile };
}

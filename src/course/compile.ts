import ts from "@tslab/typescript-for-tslab";
import type { SubmissionCode } from "../grader/host.js";

/** The name that a submission's stack traces carry. A URL, because Node maps the lines of nothing less. */
const submissionFile = "file:///submission.ts";

/**
 * Strips the types off a module: types never fail a grade. Lines are kept apart by a source map. A module that awaits at its top level
 * becomes an asynchronous function that is called at once.
 */
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
  const code = awaitsAtTopLevel(source) ? `return (async () => {${outputText}\n})();` : outputText;
  return { code, file: submissionFile };
}

function awaitsAtTopLevel(source: string): boolean {
  if (!source.includes("await")) return false;
  const awaits = (node: ts.Node): boolean =>
    ts.isAwaitExpression(node) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
    (!ts.isFunctionLike(node) && (ts.forEachChild(node, awaits) ?? false));
  return awaits(ts.createSourceFile("submission.ts", source, ts.ScriptTarget.ES2022, true));
}

import type * as Typescript from "@tslab/typescript-for-tslab";

type TS = typeof Typescript;

/**
 * A cell's code as tslab takes it. All of a cell's names are exported already, so an `export` before a declaration, as
 * code copied from a module has it, is blanked; nothing else moves. `awaits`: at its top level, which tslab overlooks in some
 * expressions and in `for await`.
 */
export function prepareCell(ts: TS, code: string): { code: string; awaits: boolean } {
  if (!/\b(export|await)\b/.test(code)) return { code, awaits: false };
  // A module, where `await` is no name.
  const file = ts.createSourceFile("cell.ts", `${code}\nexport {};`, ts.ScriptTarget.ES2022, true);
  let prepared = code;
  const blank = (start: number, end: number) => {
    const spaces = code.slice(start, end).replace(/[^\n]/g, " ");
    prepared = prepared.slice(0, start) + spaces + prepared.slice(end);
  };
  for (const statement of file.statements.slice(0, -1)) {
    if (ts.isExportAssignment(statement) && !statement.isExportEquals)
      blank(statement.getStart(), statement.expression.getStart());
    else if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier)
      blank(statement.getStart(), statement.end);
    else if (ts.canHaveModifiers(statement)) {
      for (const modifier of ts.getModifiers(statement) ?? []) {
        if (modifier.kind === ts.SyntaxKind.ExportKeyword || modifier.kind === ts.SyntaxKind.DefaultKeyword)
          blank(modifier.getStart(), modifier.end);
      }
    }
  }
  return { code: prepared, awaits: awaits(ts, file) };
}

function awaits(ts: TS, node: Typescript.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  return ts.forEachChild(node, (child) => awaits(ts, child)) ?? false;
}

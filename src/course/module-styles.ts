import type * as Typescript from "@tslab/typescript-for-tslab";
import { analyzeCell } from "./cells.js";
import { edited, lineEnds, type Edit } from "./edits.js";
import { ts } from "./typescript.js";

/**
 * A module with plain declarations in place of `export default`, `exports.g = …` and `module.exports = { … }`. Answers are found by
 * what is declared; every line stays where it is.
 */
export function asDeclarations(source: string): string {
  if (!/\bexports?\b/.test(source)) return source;
  const { declared, syntaxErrors } = analyzeCell(source);
  // Broken code is left as it is, so that messages are about what the student wrote.
  if (syntaxErrors.length > 0) return source;
  const file = ts.createSourceFile("module.ts", source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const names = new Set(declared);
  const edits = file.statements.flatMap((statement) => editOf(statement, names, file) ?? []);
  return edited(
    source,
    edits.map(({ start, end, text }) => ({ start, end, text: text + lineEnds(source.slice(start, end)) })),
  );
}

function editOf(
  statement: Typescript.Statement,
  declared: ReadonlySet<string>,
  file: Typescript.SourceFile,
): Edit | undefined {
  const start = statement.getStart(file);
  const replaceUpTo = (end: number, text: string) => ({ start, end, text });
  if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
    const word = statement.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    return word && replaceUpTo(word.end, "");
  }
  if (ts.isExportAssignment(statement)) return fromObject(statement, statement.expression, declared, file);
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return undefined;
  const { left, operatorToken, right } = statement.expression;
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  if (isExports(left)) return fromObject(statement, right, declared, file);
  if (!ts.isPropertyAccessExpression(left) || !isExports(left.expression)) return undefined;
  return declared.has(left.name.text)
    ? replaceUpTo(statement.end, "")
    : replaceUpTo(right.getStart(file), `const ${left.name.text} = `);
}

/** `exports` or `module.exports` */
function isExports(node: Typescript.Expression): boolean {
  return /^(module\s*\.\s*)?exports$/.test(node.getText());
}

/** An object of exports: what it has beside names that are declared anyway becomes declared. */
function fromObject(
  statement: Typescript.Statement,
  value: Typescript.Expression,
  declared: ReadonlySet<string>,
  file: Typescript.SourceFile,
): Edit {
  const start = statement.getStart(file);
  const names = ts.isObjectLiteralExpression(value)
    ? value.properties.flatMap(({ name }) =>
        name && ts.isIdentifier(name) && !declared.has(name.text) ? [name.text] : [],
      )
    : [];
  return names.length === 0
    ? { start, end: statement.end, text: "" }
    : { start, end: value.getStart(file), text: `const { ${names.join(", ")} } = ` };
}

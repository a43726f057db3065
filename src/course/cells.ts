import ts from "@tslab/typescript-for-tslab";

/** A code cell, wherever it comes from: a notebook, a module, the kernel's history. */
export interface Cell {
  source: string;
  /** For messages: "cell 5", "submission.ts". */
  origin: string;
}

/** How a cell announces what it is, in a doc comment: `/** @exercise sigmoid-grad *​/` or `/** @shared data *​/`. */
export interface CellTag {
  kind: "exercise" | "shared";
  name: string;
}

export function cellTag(source: string): CellTag | undefined {
  for (const [comment] of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const match = /@(exercise|shared)\s+([\w-]+)/.exec(comment);
    if (match) return { kind: match[1] as CellTag["kind"], name: match[2] };
  }
  return undefined;
}

export function tagLine({ kind, name }: CellTag): string {
  return `/** @${kind} ${name} */`;
}

/** What a cell imports: one entry per import declaration. */
export interface CellImport {
  module: string;
  /** `import x from`, `import * as x from` */
  defaultName?: string;
  namespaceName?: string;
  /** `import { a, b as c, type T } from`, as written. */
  named: { text: string; imported: string; local: string }[];
  typeOnly: boolean;
}

export interface CellAnalysis {
  /** Names declared at the top level, in order. */
  declared: string[];
  /** Those of them that exist at run time: no types. */
  values: string[];
  imports: CellImport[];
  /** Every identifier that occurs outside the imports. */
  identifiers: Set<string>;
  /** Names that the cell itself exports, in the manner of ES modules or CommonJS. A file that exports some hides the others. */
  exported: string[];
  /** Positions where `export ` must stand to export what is declared. */
  exportPositions: number[];
  /** Spans of the word `default` before declarations that have a name. */
  defaultSpans: [start: number, end: number][];
  /** Spans of the import declarations. */
  importSpans: [start: number, end: number][];
  syntaxErrors: { line: number; message: string }[];
  /** True if there is anything but imports. */
  hasCode: boolean;
  /** `namespace.name` accesses, by the namespace's name. */
  memberAccesses: { object: string; name: string }[];
}

/** Analyses by source: the cells of a lesson come up again in every submission, and several times in each. */
const analyses = new Map<string, Readonly<CellAnalysis>>();
const mostAnalyses = 500;

/** Parses a cell with the compiler that the kernel runs it with. */
export function analyzeCell(source: string): Readonly<CellAnalysis> {
  const known = analyses.get(source);
  if (known) return known;
  if (analyses.size >= mostAnalyses) analyses.clear();
  const analysis = parseCell(source);
  analyses.set(source, analysis);
  return analysis;
}

function parseCell(source: string): CellAnalysis {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const result: CellAnalysis = {
    declared: [],
    values: [],
    imports: [],
    identifiers: new Set(),
    exported: [],
    exportPositions: [],
    defaultSpans: [],
    importSpans: [],
    syntaxErrors: syntaxErrors(file),
    hasCode: false,
    memberAccesses: [],
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      result.imports.push(readImport(statement));
      result.importSpans.push([statement.getStart(file), statement.end]);
      continue;
    }
    result.hasCode = true;
    const names = declaredNames(statement);
    const others = exportedElsewhere(statement);
    result.declared.push(...names, ...others.filter((name) => !result.declared.includes(name)));
    result.exported.push(...others);
    if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement))
      result.values.push(...names);
    if (isExported(statement)) result.exported.push(...names);
    else if (names.length > 0) result.exportPositions.push(statement.getStart(file));
    const byDefault = modifiersOf(statement).find(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    if (byDefault && names.length > 0) result.defaultSpans.push([byDefault.getStart(file), byDefault.end]);
    visitIdentifiers(statement, result);
  }
  return result;
}

function syntaxErrors(file: ts.SourceFile): CellAnalysis["syntaxErrors"] {
  // Not in the public type, but what `Program.getSyntacticDiagnostics` returns.
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] };
  return parseDiagnostics.map(({ start, messageText }) => ({
    line: file.getLineAndCharacterOfPosition(start).line + 1,
    message: ts.flattenDiagnosticMessageText(messageText, " "),
  }));
}

function readImport(declaration: ts.ImportDeclaration): CellImport {
  const clause = declaration.importClause;
  const bindings = clause?.namedBindings;
  return {
    module: (declaration.moduleSpecifier as ts.StringLiteral).text,
    typeOnly: clause?.isTypeOnly ?? false,
    named:
      bindings && ts.isNamedImports(bindings)
        ? bindings.elements.map((element) => ({
            text: element.getText(),
            imported: (element.propertyName ?? element.name).text,
            local: element.name.text,
          }))
        : [],
    ...(clause?.name && { defaultName: clause.name.text }),
    ...(bindings && ts.isNamespaceImport(bindings) && { namespaceName: bindings.name.text }),
  };
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bindingNames(name));
  const named =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return named && statement.name ? [statement.name.text] : [];
}

function bindingNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : bindingNames(element.name),
  );
}

/** Names under which something is exported that is declared elsewhere: `export { f as g }`, `exports.g = …`, `module.exports = { g }`. */
function exportedElsewhere(statement: ts.Statement): string[] {
  if (ts.isExportDeclaration(statement))
    return statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [];
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return [];
  const { left, operatorToken, right } = statement.expression;
  if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) return [];
  const target = left.expression.getText();
  if (target === "exports" || target === "module.exports") return [left.name.text];
  if (left.getText() !== "module.exports" || !ts.isObjectLiteralExpression(right)) return [];
  return right.properties.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []));
}

function modifiersOf(statement: ts.Statement): readonly ts.Modifier[] {
  return (ts.canHaveModifiers(statement) && ts.getModifiers(statement)) || [];
}

function isExported(statement: ts.Statement): boolean {
  return modifiersOf(statement).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function visitIdentifiers(node: ts.Node, result: CellAnalysis): void {
  if (ts.isIdentifier(node)) result.identifiers.add(node.text);
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression))
    result.memberAccesses.push({ object: node.expression.text, name: node.name.text });
  ts.forEachChild(node, (child) => visitIdentifiers(child, result));
}

import type * as Typescript from "@tslab/typescript-for-tslab";
import { ts } from "./typescript.js";

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
  // Not by one regular expression: on many comments without end it would take the square of their number.
  for (let start = source.indexOf("/**"); start >= 0;) {
    const end = source.indexOf("*/", start + 3);
    if (end < 0) return undefined;
    const match = /@(exercise|shared)\s+([\w-]+)/.exec(source.slice(start, end));
    if (match) return { kind: match[1] as CellTag["kind"], name: match[2] };
    start = source.indexOf("/**", end + 2);
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
  /** Names that the cell itself exports. A file that exports some keeps the others to itself. */
  exported: string[];
  /** Positions where `export ` must stand to export what is declared. */
  exportPositions: number[];
  /** Spans of the import declarations. */
  importSpans: [start: number, end: number][];
  syntaxErrors: { line: number; message: string }[];
  /** True if there is anything but imports. */
  hasCode: boolean;
  /** What is taken out of objects by name: `object.name`, `object["name"]`, `const { name } = object`. */
  memberAccesses: { object: string; name: string }[];
  /** Identifiers that are used in any other way: of what they stand for, it may be everything. */
  wholes: Set<string>;
  /** Names that something in it declares, however deep. */
  bound: Set<string>;
  /** Modules that are loaded while the code runs; "" where only running it tells which. */
  dynamicImports: string[];
}

/** Analyses by source: the cells of a lesson come up again in every submission, and several times in each. */
const analyses = new Map<string, Readonly<CellAnalysis>>();
const mostAnalyses = 500;

/** Parses a cell with the compiler that the kernel runs it with. */
export function analyzeCell(source: string): Readonly<CellAnalysis> {
  const known = analyses.get(source);
  if (known) return known;
  if (analyses.size >= mostAnalyses) analyses.clear();
  const analysis = parseOrRefuse(source);
  analyses.set(source, analysis);
  return analysis;
}

/** The compiler is recursive: on ten thousand nested brackets it runs out of stack, which must not end a grader. */
function parseOrRefuse(source: string): CellAnalysis {
  try {
    return parseCell(source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...noAnalysis(), hasCode: true, syntaxErrors: [{ line: 1, message: "nested too deeply" }] };
  }
}

function noAnalysis(): CellAnalysis {
  return {
    declared: [],
    values: [],
    imports: [],
    identifiers: new Set(),
    exported: [],
    exportPositions: [],
    importSpans: [],
    syntaxErrors: [],
    hasCode: false,
    memberAccesses: [],
    wholes: new Set(),
    bound: new Set(),
    dynamicImports: [],
  };
}

function parseCell(source: string): CellAnalysis {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const result: CellAnalysis = { ...noAnalysis(), syntaxErrors: syntaxErrors(file) };
  const declared = new Set<string>();
  const listedNames = new Set(file.statements.flatMap(exportList));
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      result.imports.push(readImport(statement));
      result.importSpans.push([statement.getStart(file), statement.end]);
      continue;
    }
    result.hasCode = true;
    const names = declaredNames(statement);
    const listed = exportList(statement);
    for (const name of names) declared.add(name);
    result.declared.push(...names, ...listed.filter((name) => !declared.has(name)));
    for (const name of listed) declared.add(name);
    result.exported.push(...listed);
    if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement))
      result.values.push(...names);
    if (isExported(statement)) result.exported.push(...names);
    else if (names.length > 0 && !names.some((name) => listedNames.has(name)))
      result.exportPositions.push(statement.getStart(file));
    visitIdentifiers(statement, result);
  }
  return result;
}

function syntaxErrors(file: Typescript.SourceFile): CellAnalysis["syntaxErrors"] {
  // Not in the public type, but what `Program.getSyntacticDiagnostics` returns.
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: Typescript.DiagnosticWithLocation[] };
  return parseDiagnostics.map(({ start, messageText }) => ({
    line: file.getLineAndCharacterOfPosition(start).line + 1,
    message: ts.flattenDiagnosticMessageText(messageText, " "),
  }));
}

function readImport(declaration: Typescript.ImportDeclaration): CellImport {
  const clause = declaration.importClause;
  const bindings = clause?.namedBindings;
  return {
    module: (declaration.moduleSpecifier as Typescript.StringLiteral).text,
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

function declaredNames(statement: Typescript.Statement): string[] {
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

function bindingNames(name: Typescript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : bindingNames(element.name),
  );
}

/** The names of `export { f as g }`. */
function exportList(statement: Typescript.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || !statement.exportClause) return [];
  if (statement.moduleSpecifier || !ts.isNamedExports(statement.exportClause)) return [];
  return statement.exportClause.elements.map(({ name }) => name.text);
}

function isExported(statement: Typescript.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** No one nests code so deeply by hand; other compilers, which are not JavaScript, would end the process. */
const deepest = 500;

function visitIdentifiers(node: Typescript.Node, result: CellAnalysis, depth = 0): void {
  if (depth > deepest) throw new RangeError("nested too deeply");
  if (ts.isIdentifier(node)) {
    result.identifiers.add(node.text);
    const names = namesTakenFrom(node);
    if (names) result.memberAccesses.push(...names.map((name) => ({ object: node.text, name })));
    else if ((node.parent as { name?: unknown }).name === node) result.bound.add(node.text);
    else result.wholes.add(node.text);
  }
  if (ts.isCallExpression(node) && isImport(node.expression)) {
    const [module] = node.arguments;
    result.dynamicImports.push(module && ts.isStringLiteralLike(module) ? module.text : "");
  }
  ts.forEachChild(node, (child) => visitIdentifiers(child, result, depth + 1));
}

/** `import` or `require` */
function isImport(node: Typescript.Expression): boolean {
  return node.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node) && node.text === "require");
}

/** The names that are taken out of an object where an identifier stands for it; undefined if it may be all. */
function namesTakenFrom(node: Typescript.Identifier): string[] | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node ? [parent.name.text] : [];
  if (ts.isQualifiedName(parent)) return [];
  if (ts.isElementAccessExpression(parent) && parent.expression === node)
    return ts.isStringLiteralLike(parent.argumentExpression) ? [parent.argumentExpression.text] : undefined;
  if (
    ts.isVariableDeclaration(parent) &&
    parent.initializer === node &&
    ts.isObjectBindingPattern(parent.name)
  ) {
    const names = parent.name.elements.map(({ propertyName, name, dotDotDotToken }) =>
      dotDotDotToken ? undefined : (propertyName ?? name),
    );
    return names.every((name) => name && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)))
      ? names.map((name) => (name as Typescript.Identifier | Typescript.StringLiteral).text)
      : undefined;
  }
  return undefined;
}

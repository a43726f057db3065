import type * as Typescript from "@tslab/typescript-for-tslab";

type TS = typeof Typescript;
type Visit = (child: Typescript.Node) => Typescript.Node;

/**
 * A copy of the TypeScript module with which tslab's compiler tells property names from variables. It turns every
 * identifier that an earlier cell declared into `exports.NAME`, also where that is wrong:
 *
 * - the `x` in `const { x: y } = point` is a property, even if the type of `point` comes from an earlier cell;
 * - the `x` in `{ x }` is both, and has to become `{ x: exports.x }`.
 *
 * A computed name, `[x]`, is no identifier and is still visited.
 */
export function keepPropertyNames(ts: TS): TS {
  const visitEachChild = ((node: Typescript.Node, visitor: Visit, ...rest: unknown[]) => {
    if (ts.isShorthandPropertyAssignment(node)) return visitShorthand(ts, node, visitor);
    const name = propertyName(ts, node);
    const visit: Visit = (child) => (child === name && ts.isIdentifier(child) ? child : visitor(child));
    return (ts.visitEachChild as (...args: unknown[]) => unknown)(node, visit, ...rest);
  }) as TS["visitEachChild"];

  const createWatchProgram = ((host: Typescript.WatchCompilerHost<Typescript.BuilderProgram>) => {
    const noteProgram = host.afterProgramCreate?.bind(host);
    host.afterProgramCreate = (program) => {
      seeVariablesInShorthands(ts, program.getProgram());
      noteProgram?.(program);
    };
    return (ts.createWatchProgram as (host: object) => unknown)(host);
  }) as TS["createWatchProgram"];

  return { ...ts, visitEachChild, createWatchProgram };
}

/** The `x` of `x: y` in a destructuring declaration or assignment. */
function propertyName(ts: TS, node: Typescript.Node): Typescript.Node | undefined {
  if (ts.isBindingElement(node)) return node.propertyName;
  return ts.isPropertyAssignment(node) ? node.name : undefined;
}

/** `{ x }`, or `{ x = initial }` in an assignment, with what the visitor makes of the variable. */
function visitShorthand(
  ts: TS,
  node: Typescript.ShorthandPropertyAssignment,
  visitor: Visit,
): Typescript.ObjectLiteralElementLike {
  const { name, objectAssignmentInitializer: initial } = node;
  const variable = visitor(name) as Typescript.Expression;
  const value = initial && (visitor(initial) as Typescript.Expression);
  if (variable === name && value === initial) return node;
  return ts.factory.createPropertyAssignment(
    ts.factory.createIdentifier(name.text),
    value ? ts.factory.createAssignment(variable, value) : variable,
  );
}

/** Asked about the `x` of `{ x }`, the checker answers with the property; tslab means the variable. */
function seeVariablesInShorthands(ts: TS, program: Typescript.Program): void {
  // A checker takes long to make, and not every program needs one.
  const getTypeChecker = program.getTypeChecker.bind(program);
  let adapted: Typescript.TypeChecker | undefined;
  program.getTypeChecker = () => {
    if (adapted) return adapted;
    const checker = getTypeChecker();
    const getSymbolAtLocation = checker.getSymbolAtLocation.bind(checker);
    checker.getSymbolAtLocation = (node) =>
      node.parent && ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : getSymbolAtLocation(node);
    return (adapted = checker);
  };
}

import type * as Typescript from "@tslab/typescript-for-tslab";

type TS = typeof Typescript;

/**
 * A copy of the TypeScript module whose `visitEachChild` leaves property names as they are. tslab turns every identifier
 * that an earlier cell declared into `exports.NAME`, and takes for one of them the `x` in `const { x: y } = point`, if
 * the type of `point` comes from an earlier cell. A computed name, `[x]`, is no identifier and is still visited.
 */
export function keepPropertyNames(ts: TS): TS {
  const visitEachChild = ((
    node: Typescript.Node,
    visitor: (child: Typescript.Node) => unknown,
    ...rest: unknown[]
  ) => {
    const name = propertyName(ts, node);
    const visit = (child: Typescript.Node) =>
      child === name && ts.isIdentifier(child) ? child : visitor(child);
    return (ts.visitEachChild as (...args: unknown[]) => unknown)(node, visit, ...rest);
  }) as TS["visitEachChild"];
  return { ...ts, visitEachChild };
}

/** The `x` of `x: y` in a destructuring declaration or assignment. */
function propertyName(ts: TS, node: Typescript.Node): Typescript.Node | undefined {
  if (ts.isBindingElement(node)) return node.propertyName;
  return ts.isPropertyAssignment(node) ? node.name : undefined;
}

import type * as Typescript from "@tslab/typescript-for-tslab";

type TS = typeof Typescript;

/** What the compiler's declarations leave out. */
interface Internals {
  bindSourceFile: (file: Typescript.SourceFile, options: Typescript.CompilerOptions) => void;
}
interface ResolvedFile extends Typescript.SourceFile {
  resolvedModules?: {
    forEach(visit: (resolution: { resolvedModule?: { resolvedFileName: string } }) => void): void;
  };
}

/**
 * Makes the compiler's programs, two for each cell, without what the compiler prepares in them for incremental builds:
 * that goes through every declaration file of every library, and takes a third of the time of a small cell.
 */
export function createCellPrograms(
  ts: TS,
  cellFile: string,
): Typescript.CreateProgram<Typescript.BuilderProgram> {
  const { bindSourceFile } = ts as unknown as Internals;
  return (...args) => {
    const builder = ts.createAbstractBuilder(...args);
    const program = builder.getProgram();
    // tslab reads the names that a cell declares before it asks for a type.
    const cell = program.getSourceFile(cellFile);
    if (cell) bindSourceFile(cell, program.getCompilerOptions());
    builder.getAllDependencies = (file) => sourcesBelow(program, file);
    return builder;
  };
}

/** A file and all that it imports, directly or not, as long as it is no declaration. */
function sourcesBelow(program: Typescript.Program, root: Typescript.SourceFile): string[] {
  const found = new Set<string>();
  const visit = (file: ResolvedFile): void => {
    if (file.isDeclarationFile || found.has(file.fileName)) return;
    found.add(file.fileName);
    file.resolvedModules?.forEach(({ resolvedModule }) => {
      const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (imported) visit(imported);
    });
  };
  visit(root);
  return [...found];
}

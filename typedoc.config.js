/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  entryPoints: ["src/index.ts", "src/testing/index.ts", "src/course/index.ts"],
  out: "out/docs",
  disableGit: true,
  sourceLinkTemplate: "{path}",
  readme: "README.md",
  requiredToBeDocumented: ["Function", "Class", "Interface", "TypeAlias", "Variable", "Method", "Accessor"],
  validation: { notDocumented: true, notExported: false, invalidLink: true, invalidPath: false },
  treatValidationWarningsAsErrors: true,
  treatWarningsAsErrors: true,
};

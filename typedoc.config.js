import { Tensor } from "./dist/index.js";
import * as ops from "./dist/ops/index.js";

// The operations as methods of tensors come from one mapped type; they are documented as functions.
const names = Object.keys(ops).filter((op) => op in Tensor.prototype);
const methods = ["Tensor", "nn.Parameter", "nn.Buffer"].flatMap((tensor) =>
  names.map((op) => `index.${tensor}.${op}`),
);

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  entryPoints: ["src/index.ts", "src/testing/index.ts", "src/course/index.ts"],
  out: "out/docs",
  disableGit: true,
  sourceLinkTemplate: "{path}",
  readme: "README.md",
  requiredToBeDocumented: ["Function", "Class", "Interface", "TypeAlias", "Variable", "Method", "Accessor"],
  intentionallyNotDocumented: methods,
  validation: { notDocumented: true, notExported: false, invalidLink: true, invalidPath: false },
  treatValidationWarningsAsErrors: true,
  treatWarningsAsErrors: true,
};

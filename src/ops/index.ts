// Every operation, by family. A new operation is exported by its family's file, and is thereby also a method.
export * from "./activations.js";
export * from "./arithmetic.js";
export * from "./cast.js";
export * from "./compare.js";
export * from "./exponential.js";
export * from "./indexing.js";
export * from "./matmul.js";
export * from "./reduce.js";
export * from "./shape.js";
export * from "./trigonometric.js";

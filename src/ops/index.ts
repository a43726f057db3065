// Every operation, by family. A new operation is exported by its family's file, and is thereby also a method.
export * from "./activations.js";
export * from "./arithmetic.js";
export * from "./cast.js";
export * from "./compare.js";
export * from "./cumulative.js";
export * from "./exponential.js";
export * from "./extremes.js";
export * from "./indexing.js";
export * from "./matmul.js";
export * from "./norm.js";
export * from "./piecewise.js";
export * from "./reduce.js";
export * from "./shape.js";
export * from "./softmax.js";
export * from "./statistics.js";
export * from "./trigonometric.js";

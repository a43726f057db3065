// What the module exports, one line for each file. `src/engine/kernels.ts` says what each kernel does.
export { gemm, gemmScratch } from "./gemm";
export { convForward, convForwardScratch } from "./conv-forward";
export { convInput, convInputScratch } from "./conv-input";
export { convWeight, convWeightChunks, convWeightScratch, convWeightSum } from "./conv-weight";
export * from "./unary";
export * from "./unary-backward";
export * from "./scalar-operand";
export * from "./binary";
export * from "./ternary";
export * from "./max-pool";
export * from "./average-pool";

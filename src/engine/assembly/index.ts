// What the module exports, one line for each file. `src/engine/kernels.ts` says what each kernel does.
export { gemm, gemmScratch } from "./gemm";

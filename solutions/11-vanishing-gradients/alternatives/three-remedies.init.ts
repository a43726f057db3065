function threeRemedies(): Remedy[] {
  return ["residual", "init", "batchNorm"];
}

function threeRemedies(): Remedy[] {
  return ["batchNorm", "residual", "clip"];
}

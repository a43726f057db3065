function threeRemedies(): Remedy[] {
  return ["auxiliary", "batchNorm", "residual"];
}

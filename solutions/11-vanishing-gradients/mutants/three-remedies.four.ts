// hint: You named more than three remedies. Find out which of them the net can do without.
function threeRemedies(): Remedy[] {
  return ["relu", "init", "batchNorm", "residual"];
}

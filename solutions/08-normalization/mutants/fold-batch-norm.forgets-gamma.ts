// hint: γ is missing in the factor: γ/√(σ² + ε).
function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  const factor = running.variance.add(eps).sqrt().pow(-1);
  const perFilter = factor.reshape([factor.size, ...Array<number>(weight.ndim - 1).fill(1)]);
  return { weight: weight.mul(perFilter), bias: bias.sub(running.mean).mul(factor).add(beta) };
}

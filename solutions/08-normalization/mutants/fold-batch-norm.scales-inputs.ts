// hint: The factor of an output channel has met the last axis of the weight instead of the first. Reshape it to [O, 1, …, 1].
function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  const factor = gamma.div(running.variance.add(eps).sqrt());
  return { weight: weight.mul(factor), bias: bias.sub(running.mean).mul(factor).add(beta) };
}

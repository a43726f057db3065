// hint: eps stands beside the standard deviation in your code. It belongs under the root.
function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  const factor = gamma.div(running.variance.sqrt().add(eps));
  const perFilter = factor.reshape([factor.size, ...Array<number>(weight.ndim - 1).fill(1)]);
  return { weight: weight.mul(perFilter), bias: bias.sub(running.mean).mul(factor).add(beta) };
}

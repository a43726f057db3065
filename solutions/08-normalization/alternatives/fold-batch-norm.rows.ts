function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  const factor = gamma.mul(running.variance.add(eps).pow(-0.5));
  const rows = weight.reshape([factor.size, weight.size / factor.size]);
  return {
    weight: rows.mul(factor.reshape([factor.size, 1])).reshape(weight.shape),
    bias: bias.mul(factor).add(beta.sub(running.mean.mul(factor))),
  };
}

// hint: β is missing in the bias: r · (b − μ) + β.
function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  const factor = gamma.div(running.variance.add(eps).sqrt());
  const perFilter = factor.reshape([factor.size, ...Array<number>(weight.ndim - 1).fill(1)]);
  return { weight: weight.mul(perFilter), bias: bias.sub(running.mean).mul(factor) };
}

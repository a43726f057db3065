// hint: The weight is as it was. Every filter is scaled by its factor r.
function foldBatchNorm(
  weight: Tensor,
  bias: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): { weight: Tensor; bias: Tensor } {
  const factor = gamma.div(running.variance.add(eps).sqrt());
  return { weight: weight, bias: bias.sub(running.mean).mul(factor).add(beta) };
}

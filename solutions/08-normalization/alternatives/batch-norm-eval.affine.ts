function batchNormEval(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  running: RunningStats,
  eps = 1e-5,
): Tensor {
  const factor = gamma.div(running.variance.add(eps).sqrt());
  return x.mul(factor).add(beta.sub(running.mean.mul(factor)));
}

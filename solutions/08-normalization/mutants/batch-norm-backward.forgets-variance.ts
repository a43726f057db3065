// hint: The path through the variance is missing: − x̂ · mean(g x̂).
function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  const { values, variance } = standardize(x, [0], eps);
  const scale = gamma.div(variance.add(eps).sqrt());
  const dx = scale.mul(g.sub(g.mean(0)));
  return { dx, dgamma: g.mul(values).sum(0), dbeta: g.sum(0) };
}

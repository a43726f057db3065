// hint: γ and β are used by every sample of the batch, so their contributions add up: sums, not means.
function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  const { values, variance } = standardize(x, [0], eps);
  const scale = gamma.div(variance.add(eps).sqrt());
  const along = values.mul(g.mul(values).mean(0));
  const dx = scale.mul(g.sub(g.mean(0)).sub(along));
  return { dx, dgamma: g.mul(values).mean(0), dbeta: g.mean(0) };
}

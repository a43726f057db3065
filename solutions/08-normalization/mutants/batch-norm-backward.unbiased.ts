// hint: You divided by N − 1 somewhere. In training the batch is normalised with the biased variance, divided by N.
function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  const n = x.shape[0];
  const { values: biased, variance: v } = standardize(x, [0], eps);
  const variance = v.mul(n / (n - 1));
  const values = biased.mul(v.add(eps).sqrt()).div(variance.add(eps).sqrt());
  const scale = gamma.div(variance.add(eps).sqrt());
  const along = values.mul(g.mul(values).mean(0));
  const dx = scale.mul(g.sub(g.mean(0)).sub(along));
  return { dx, dgamma: g.mul(values).sum(0), dbeta: g.sum(0) };
}

// hint: In dx the bars are means over the batch; you took sums. The factor 1/N is missing.
function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  const { values, variance } = standardize(x, [0], eps);
  const scale = gamma.div(variance.add(eps).sqrt());
  const along = values.mul(g.mul(values).sum(0));
  const dx = scale.mul(g.sub(g.sum(0)).sub(along));
  return { dx, dgamma: g.mul(values).sum(0), dbeta: g.sum(0) };
}

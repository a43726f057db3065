// hint: You do not use the eps that the function is given.
function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  const { values, variance } = standardize(x, [0], 0);
  const scale = gamma.div(variance.sqrt());
  const along = values.mul(g.mul(values).mean(0));
  const dx = scale.mul(g.sub(g.mean(0)).sub(along));
  return { dx, dgamma: g.mul(values).sum(0), dbeta: g.sum(0) };
}

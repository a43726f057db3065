function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  // The two means are the parameters' gradients divided by N.
  const { values, variance } = standardize(x, [0], eps);
  const [dgamma, dbeta] = [values.mul(g).sum(0), g.sum(0)];
  const n = x.shape[0];
  const detours = dbeta.add(values.mul(dgamma));
  const dx = g.mul(n).sub(detours).mul(gamma).div(variance.add(eps).sqrt().mul(n));
  return { dx, dgamma, dbeta };
}

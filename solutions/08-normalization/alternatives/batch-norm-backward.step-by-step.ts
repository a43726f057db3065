function batchNormBackward(
  g: Tensor,
  x: Tensor,
  gamma: Tensor,
  eps = 1e-5,
): { dx: Tensor; dgamma: Tensor; dbeta: Tensor } {
  const n = x.shape[0];
  const c = x.sub(x.mean(0));
  const v = c.mul(c).mean(0);
  const s = v.add(eps).pow(-0.5);
  const dxHat = g.mul(gamma);
  const ds = dxHat.mul(c).sum(0);
  const dv = ds.mul(s.pow(3)).mul(-0.5);
  const dc = dxHat.mul(s).add(c.mul(dv).mul(2 / n));
  const dx = dc.sub(dc.sum(0).div(n));
  return { dx, dgamma: g.mul(c).mul(s).sum(0), dbeta: g.sum(0) };
}

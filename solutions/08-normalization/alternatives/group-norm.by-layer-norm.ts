function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  if (!Number.isInteger(c / groups)) throw new RangeError("the groups must divide the channels");
  // A row per sample and group is a sample of layer norm.
  const size = (c / groups) * h * w;
  const rows = x.reshape([n * groups, size]);
  const values = layerNorm(rows, tensor(1), tensor(0), eps).reshape([n, c, h * w]);
  return values.mul(gamma.reshape([c, 1])).add(beta.reshape([c, 1])).reshape([n, c, h, w]);
}

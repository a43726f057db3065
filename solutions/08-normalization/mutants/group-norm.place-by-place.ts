// hint: You pooled over the channels of a group at each place by itself. The places H, W are pooled too.
function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  if (c % groups !== 0) throw new Error(`groupNorm: ${groups} groups do not divide ${c} channels`);
  const lists = x.reshape([n, groups, c / groups, h * w]);
  const values = standardize(lists, [2], eps).values.reshape(x.shape);
  return values.mul(gamma.reshape([1, c, 1, 1])).add(beta.reshape([1, c, 1, 1]));
}

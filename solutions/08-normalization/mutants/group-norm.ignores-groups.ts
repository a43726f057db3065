// hint: All channels are in one group, whatever `groups` says.
function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  if (c % groups !== 0) throw new Error(`groupNorm: ${groups} groups do not divide ${c} channels`);
  const lists = x.reshape([n, 1, c * h * w]);
  const values = standardize(lists, [2], eps).values.reshape(x.shape);
  return values.mul(gamma.reshape([1, c, 1, 1])).add(beta.reshape([1, c, 1, 1]));
}

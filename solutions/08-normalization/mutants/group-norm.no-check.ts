// hint: Three channels cannot be cut into two groups, but reshape cuts them, through the middle of a channel. Check c % groups first.
function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  const lists = x.reshape([n, groups, (c / groups) * h * w]);
  const values = standardize(lists, [2], eps).values.reshape(x.shape);
  return values.mul(gamma.reshape([1, c, 1, 1])).add(beta.reshape([1, c, 1, 1]));
}

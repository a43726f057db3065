function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  if (c % groups !== 0) throw new Error(`groupNorm: ${groups} groups do not divide ${c} channels`);
  const lists = x.reshape([n, groups, c / groups, h, w]);
  const { values } = standardize(lists, [2, 3, 4], eps);
  const perChannel = (numbers: Tensor) => numbers.reshape([groups, c / groups, 1, 1]);
  return values.mul(perChannel(gamma)).add(perChannel(beta)).reshape([n, c, h, w]);
}

// hint: γ and β are missing: y = γ x̂ + β, per channel.
function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const [n, c, h, w] = x.shape;
  if (c % groups !== 0) throw new Error(`groupNorm: ${groups} groups do not divide ${c} channels`);
  const lists = x.reshape([n, groups, (c / groups) * h * w]);
  const values = standardize(lists, [2], eps).values.reshape(x.shape);
  return values;
}

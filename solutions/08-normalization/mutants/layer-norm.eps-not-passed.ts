// hint: You do not pass eps on to standardize.
function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const axes = Array.from({ length: x.ndim - 1 }, (_, i) => i + 1);
  return standardize(x, axes).values.mul(gamma).add(beta);
}

function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const rows = x.reshape([x.shape[0], x.size / x.shape[0]]);
  return standardize(rows, [1], eps).values.reshape(x.shape).mul(gamma).add(beta);
}

// hint: You add β before multiplying by γ, which scales β too. y = γ x̂ + β.
function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const axes = Array.from({ length: x.ndim - 1 }, (_, i) => i + 1);
  return standardize(x, axes, eps).values.add(beta).mul(gamma);
}

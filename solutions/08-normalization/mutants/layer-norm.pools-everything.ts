// hint: You pooled over all axes, the batch included, so samples depend on each other. Leave axis 0 out.
function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const axes = Array.from({ length: x.ndim }, (_, i) => i);
  return standardize(x, axes, eps).values.mul(gamma).add(beta);
}

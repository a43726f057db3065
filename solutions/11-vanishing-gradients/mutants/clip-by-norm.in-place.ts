// hint: You changed the gradients that were passed. Return new tensors: gradient.mul(factor) makes one.
function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  const norm = Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient.norm().item() ** 2, 0));
  const factor = Math.min(1, maxNorm / norm);
  return gradients.map((gradient) => gradient.assign(gradient.mul(factor)));
}

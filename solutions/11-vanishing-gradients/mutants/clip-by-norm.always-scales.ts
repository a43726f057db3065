// hint: You bring every gradient to the length maxNorm, also short ones. Below the limit nothing changes: the factor is at most 1.
function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  const norm = Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient.norm().item() ** 2, 0));
  return gradients.map((gradient) => gradient.mul(norm === 0 ? 1 : maxNorm / norm));
}

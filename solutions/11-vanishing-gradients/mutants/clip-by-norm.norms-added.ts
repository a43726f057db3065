// hint: You added the norms of the tensors. Lengths do not add: sum the squares, and take the root of the sum.
function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  const norm = gradients.reduce((sum, gradient) => sum + gradient.norm().item(), 0);
  return gradients.map((gradient) => gradient.mul(Math.min(1, maxNorm / norm)));
}

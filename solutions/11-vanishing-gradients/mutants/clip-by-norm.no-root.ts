// hint: You divide by the sum of the squares. The norm is its root.
function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  const squares = gradients.reduce((sum, gradient) => sum + gradient.norm().item() ** 2, 0);
  return gradients.map((gradient) => gradient.mul(Math.min(1, maxNorm / squares)));
}

// hint: A gradient of zeros becomes NaN: you divide by its norm first. Compute the factor maxNorm / norm, limit it to 1, then multiply.
function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  const norm = Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient.norm().item() ** 2, 0));
  return gradients.map((gradient) => gradient.div(norm).mul(Math.min(norm, maxNorm)));
}

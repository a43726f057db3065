function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  const norm = Math.hypot(...gradients.map((gradient) => gradient.norm().item()));
  if (norm <= maxNorm) return gradients;
  return gradients.map((gradient) => gradient.div(norm).mul(maxNorm));
}

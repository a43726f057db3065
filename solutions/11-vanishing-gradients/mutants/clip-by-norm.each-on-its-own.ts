// hint: You clipped every tensor by its own norm. That bends the direction: there is one norm, that of all gradients together.
function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  return gradients.map((gradient) => gradient.mul(Math.min(1, maxNorm / gradient.norm().item())));
}

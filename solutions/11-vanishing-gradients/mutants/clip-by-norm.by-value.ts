// hint: This clips by value: each number on its own, which changes the direction. Multiply all by one factor.
function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  return gradients.map((gradient) => gradient.clamp(-maxNorm, maxNorm));
}

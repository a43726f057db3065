function clipByNorm(gradients: Tensor[], maxNorm: number): Tensor[] {
  let squares = 0;
  for (const { data } of gradients) for (const value of data) squares += value * value;
  const factor = squares > maxNorm * maxNorm ? maxNorm / Math.sqrt(squares) : 1;
  return gradients.map((gradient) => gradient.mul(factor));
}

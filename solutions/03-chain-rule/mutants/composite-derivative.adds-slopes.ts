// hint: You added the two slopes. In a row, rates multiply: Δz ≈ (dz/dy)·Δy, and Δy ≈ (dy/dx)·Δx.
function compositeDerivative(x: number): number {
  const y = 1 - 3 * x;
  return 2 * y + -3;
}

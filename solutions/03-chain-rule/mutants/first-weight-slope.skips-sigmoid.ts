// hint: The step through the sigmoid is missing: multiply by ∂h₁/∂z₁ = h₁(1 − h₁).
function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { prediction } = network(x, w, b);
  return -2 * (y - prediction) * w[4] * x[0];
}

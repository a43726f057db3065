// hint: The sign is wrong: E = (y − ŷ)² falls when ŷ grows towards y, so ∂E/∂ŷ = −2(y − ŷ).
function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { h1, prediction } = network(x, w, b);
  return 2 * (y - prediction) * w[4] * h1 * (1 - h1) * x[0];
}

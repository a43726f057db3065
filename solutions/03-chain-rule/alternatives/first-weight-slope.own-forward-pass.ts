function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const z1 = w[0] * x[0] + w[1] * x[1] + b[0];
  // σ′(z) = 1 / (2 + eᶻ + e⁻ᶻ)
  const slope = 1 / (2 + Math.exp(z1) + Math.exp(-z1));
  return -2 * (y - network(x, w, b).prediction) * w[4] * slope * x[0];
}

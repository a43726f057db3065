// hint: You applied the sigmoid to h₁ once more. h₁ is σ(z₁) already; its slope is h₁(1 − h₁).
function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { h1, prediction } = network(x, w, b);
  const s = 1 / (1 + Math.exp(-h1));
  return -2 * (y - prediction) * w[4] * s * (1 - s) * x[0];
}

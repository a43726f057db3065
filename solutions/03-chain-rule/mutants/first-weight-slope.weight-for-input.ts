// hint: The last factor is ∂z₁/∂w₁ = x₁, the input. You multiplied by the weight: mul swaps.
function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { h1, prediction } = network(x, w, b);
  return -2 * (y - prediction) * w[4] * h1 * (1 - h1) * w[0];
}

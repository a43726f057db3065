function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { h1, prediction } = network(x, w, b);
  return x[0] * (h1 - h1 ** 2) * w[4] * 2 * (prediction - y);
}

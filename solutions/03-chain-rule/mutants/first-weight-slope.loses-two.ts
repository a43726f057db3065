// hint: Half of it is missing: the slope of a square has a factor 2.
function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { h1, prediction } = network(x, w, b);
  return -(y - prediction) * w[4] * h1 * (1 - h1) * x[0];
}

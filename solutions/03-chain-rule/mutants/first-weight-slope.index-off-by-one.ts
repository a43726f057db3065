// hint: Arrays count from 0, symbols from 1: w₅ is w[4]. You used w[5], which is w₆.
function firstWeightSlope(x: number[], w: number[], b: number[], y: number): number {
  const { h1, prediction } = network(x, w, b);
  return -2 * (y - prediction) * w[5] * h1 * (1 - h1) * x[0];
}

// hint: You paired every outer slope with every inner slope. Only slopes on the same path belong together: multiply first, then add.
function totalDerivative(outer: number[], inner: number[]): number {
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  return sum(outer) * sum(inner);
}
